#include "cli/child_program.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace resolute::cli {

[[noreturn]] void fail(std::string const& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

namespace {

// A descriptor that is readable once the process has ended. (Debian 12's <sys/pidfd.h> cannot be
// linked from C++.)
int watch(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

std::vector<char*> arguments(std::vector<std::string> const& command) {
    std::vector<char*> pointers;
    pointers.reserve(command.size() + 1);
    for (auto const& word : command) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

struct Start {
    std::vector<char*> arguments;
    Account const* account;
    int output;
    int report;  // the child writes errno here; a successful exec closes it
    int on_parent_death;
    pid_t parent;
};

// In the child, between fork and exec: only calls that are safe there, since the parent may have
// had threads. The death signal comes last, because a change of account clears it.
[[noreturn]] void become(Start const& start) {
    auto give_up = [&] {
        int const reason = errno;
        [[maybe_unused]] auto written = write(start.report, &reason, sizeof reason);
        _exit(127);
    };
    setsid();  // Ctrl-C in the terminal is for the parent, which then stops us in good order
    if (dup2(start.output, STDOUT_FILENO) < 0 || dup2(start.output, STDERR_FILENO) < 0) give_up();
    int const nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || chdir("/") != 0) give_up();
    if (auto const* account = start.account)
        if (setgroups(0, nullptr) != 0 || setgid(account->group) != 0 || setuid(account->user) != 0)
            give_up();
    prctl(PR_SET_PDEATHSIG, start.on_parent_death);
    if (getppid() != start.parent) _exit(127);  // it died before the line above
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execvp(start.arguments[0], start.arguments.data());
    give_up();
    _exit(127);
}

// The child's errno if it could not become the program, otherwise 0.
int reported(int pipe) {
    int reason = 0;
    while (read(pipe, &reason, sizeof reason) < 0 && errno == EINTR) {
    }
    return reason;
}

pid_t launch(ChildOptions const& options, int output) {
    std::array<int, 2> report{};
    if (pipe2(report.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
    Start const start{.arguments = arguments(options.command),
                      .account = options.account ? &*options.account : nullptr,
                      .output = output,
                      .report = report[1],
                      .on_parent_death = options.on_parent_death,
                      .parent = getpid()};
    pid_t const child = fork();
    if (child == 0) become(start);
    int const fork_error = errno;
    close(report[1]);
    int const reason = child < 0 ? fork_error : reported(report[0]);
    close(report[0]);
    if (child > 0 && reason != 0) waitpid(child, nullptr, 0);
    if (reason != 0) {
        errno = reason;
        fail("cannot start " + options.command.front());
    }
    return child;
}

bool readable_within(int descriptor, std::chrono::milliseconds limit) {
    pollfd wanted{descriptor, POLLIN, 0};
    return poll(&wanted, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

ChildProgram::ChildProgram(ChildOptions const& options) {
    int const output =
        open(options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output < 0) fail("cannot write " + options.output.string());
    try {
        pid_ = launch(options, output);
    } catch (...) {
        close(output);
        throw;
    }
    close(output);
    handle_ = watch(pid_);
    if (handle_ >= 0) return;
    int const reason = errno;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    errno = reason;
    fail("cannot watch " + options.command.front());
}

ChildProgram::~ChildProgram() {
    if (!status_) {
        signal(SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close(handle_);
}

void ChildProgram::signal(int number) {
    if (!status_) kill(pid_, number);
}

std::optional<int> ChildProgram::wait(std::chrono::milliseconds limit) {
    if (!status_ && readable_within(handle_, limit)) {
        int status = 0;
        waitpid(pid_, &status, 0);
        status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return status_;
}

bool has_ended(pid_t pid, std::chrono::milliseconds limit) {
    int const handle = watch(pid);
    if (handle < 0) return errno == ESRCH;
    bool const ended = readable_within(handle, limit);
    close(handle);
    return ended;
}

std::optional<std::string> output_of(std::vector<std::string> const& command) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
    pid_t child = -1;
    try {
        child = launch({.command = command, .account = {}, .output = {}}, ends[1]);
    } catch (std::system_error const&) {  // not installed, which is an answer
        close(ends[0]);
        close(ends[1]);
        return std::nullopt;
    }
    close(ends[1]);
    std::string text;
    std::array<char, 4096> chunk;
    for (ssize_t size; (size = read(ends[0], chunk.data(), chunk.size())) > 0;)
        text.append(chunk.data(), static_cast<std::size_t>(size));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    return text;
}

}  // namespace resolute::cli
