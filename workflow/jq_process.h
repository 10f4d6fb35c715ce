// Runs jq programs in child processes, so that a program that loops, exhausts memory or trips a bug
// of libjq costs one child and one error value.
//
// A child is forked from this process and runs nothing but jq.h. It limits its own CPU time per
// question and its own memory, owns no file but its socket, and ends when the socket closes.
#pragma once

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/jq.h"

namespace resolute::workflow {

// One child. One thread at a time; the destructor ends the child.
class JqProcess {
  public:
    static std::unique_ptr<JqProcess> start(std::string& why_not);
    JqProcess(JqProcess const&) = delete;
    ~JqProcess();

    // An empty input only compiles, and none means success. After out_of_time and out_of_memory the
    // child is dead and may not be asked again.
    JqAnswer ask(std::string const& program, std::string_view input);
    bool is_alive() const { return child_ > 0; }

  private:
    JqProcess(pid_t child, int socket) : child_(child), socket_(socket) {}
    JqAnswer bury(bool was_too_slow);

    pid_t child_;
    int socket_;
};

// The children that are kept for the next question, shared by all threads.
class JqPool {
  public:
    JqAnswer ask(std::string const& program, std::string_view input);

  private:
    std::unique_ptr<JqProcess> take_idle();
    void give_back(std::unique_ptr<JqProcess> process);

    std::mutex mutex_;
    std::vector<std::unique_ptr<JqProcess>> idle_;
};

// The pool of this process, which is never taken down: the children end with the process.
JqPool& jq_pool();

}  // namespace resolute::workflow
