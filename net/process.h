// A child process with lines on its pipes, which never outlives us.
//
// Callbacks run one at a time on the runtime's threads; a callback may still be running while the
// Process is being destroyed on another thread, so callbacks must own (or hold weakly) what they
// touch. The child leads its own process group, inherits no descriptor but its three pipes, and is
// killed when we die.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "net/line_splitter.h"
#include "net/runtime.h"

namespace resolute::net {

struct CannotStart : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// How a process ended: by exit or by a signal.
struct Exit {
    std::optional<int> code;
    std::optional<int> signal;
};
std::string to_string(Exit const& exit);  // "exited with code 3", "was killed by signal 9"

struct ProcessOptions {
    std::vector<std::string>
        command;  // program (looked up in PATH unless it holds a slash), arguments
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours, or replacing it
    bool inherits_environment = true;
    std::string directory;  // empty: ours
    std::size_t max_line_bytes = limits::process_line_bytes;  // longer ones arrive cut and marked
    std::size_t max_queued_bytes =
        limits::process_queue_bytes;  // unsent bytes for its standard input
    Duration kill_grace = std::chrono::milliseconds(limits::process_grace_ms);
    std::function<void(LineSplitter::Line)> on_output;  // standard output; may be empty
    std::function<void(LineSplitter::Line)> on_error;  // standard error; may be empty
    std::function<void(Exit)> on_exit;  // once, after the last line
};

class Process {
  public:
    enum class Written { queued, full, closed };

    // The runtime must have been started. Throws CannotStart with the reason, such as a program
    // that does not exist.
    Process(Runtime& runtime, ProcessOptions options);
    // Kills the child as kill() does, in the background; no callback begins afterwards.
    ~Process();
    Process(Process const&) = delete;
    Process& operator=(Process const&) = delete;

    int pid() const;
    // All or nothing, from any thread. `queued` bytes may reach the child; the others surely do
    // not.
    Written write(std::string bytes);
    void close_input();  // after what is queued
    // SIGTERM to the group, SIGKILL after the grace. From any thread, any number of times.
    void kill();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace resolute::net
