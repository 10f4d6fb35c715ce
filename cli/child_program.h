// A program started without a shell, under another account when asked, that ends with its parent.
//
// Blocking and without an event loop: it starts servers before any loop exists. Not thread-safe.
// The kernel sends `on_parent_death` when the *thread* that started the program ends, so start it
// from a thread that lives as long as the program should.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/account.h"

namespace resolute::cli {

// Throws std::system_error with what errno says; `doing` is what could not be done.
[[noreturn]] void fail(std::string const& doing);

struct ChildOptions {
    std::vector<std::string> command;  // the first is the program, looked up in PATH if bare
    std::optional<Account> account;    // root is given up for this one before the program starts
    std::filesystem::path output;      // standard output and error are appended to this file
    int on_parent_death = SIGKILL;     // the signal that the program gets when we die
};

class ChildProgram {
  public:
    // Throws std::system_error when the program cannot be started.
    explicit ChildProgram(ChildOptions const& options);
    ChildProgram(ChildProgram const&) = delete;
    ChildProgram& operator=(ChildProgram const&) = delete;
    ~ChildProgram();  // kills what still runs

    pid_t pid() const { return pid_; }
    void signal(int number);

    // The exit status (128 + signal if one ended it), or nothing when `limit` passes first.
    std::optional<int> wait(std::chrono::milliseconds limit);

  private:
    pid_t pid_ = -1;
    int handle_ = -1;  // a pidfd: readable when the program has ended
    std::optional<int> status_;
};

// Whether a process that is not ours has ended, waiting for it up to `limit`.
bool has_ended(pid_t pid, std::chrono::milliseconds limit);

// Standard output of a program that ends by itself, or nothing if it cannot run or fails.
std::optional<std::string> output_of(std::vector<std::string> const& command);

}  // namespace resolute::cli
