#include "net/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "net/process.h"

namespace resolute::net {
namespace {

class Descriptor {
  public:
    Descriptor() = default;
    ~Descriptor() { reset(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    int get() const { return value_; }
    int release() { return std::exchange(value_, -1); }
    void reset(int value = -1) {
        if (value_ >= 0) ::close(value_);
        value_ = value;
    }

  private:
    int value_ = -1;
};

struct Pipe {
    Descriptor read;
    Descriptor write;

    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw CannotStart("cannot make a pipe: " + std::string(std::strerror(errno)));
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
};

// As execvp would, but before the fork: allocating afterwards may deadlock in a program with
// threads.
std::string find_program(std::string const& name, std::vector<std::string> const& environment) {
    if (name.empty()) throw CannotStart("there is no command to start");
    if (name.find('/') != std::string::npos) return name;
    std::string path = "/usr/local/bin:/usr/bin:/bin";
    for (auto const& entry : environment)
        if (entry.starts_with("PATH=")) path = entry.substr(5);
    for (std::size_t begin = 0; begin <= path.size();) {
        auto const end = std::min(path.find(':', begin), path.size());
        auto const directory = end == begin ? "." : path.substr(begin, end - begin);
        auto candidate = directory + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
        begin = end + 1;
    }
    throw CannotStart("cannot start `" + name + "`: no such program in PATH");
}

std::vector<std::string> environment_of(SpawnRequest const& request) {
    std::vector<std::string> all;
    auto is_replaced = [&](std::string_view entry) {
        auto const name = entry.substr(0, entry.find('='));
        for (auto const& [key, value] : request.environment)
            if (key == name) return true;
        return false;
    };
    for (char** entry = environ; request.inherits_environment && *entry != nullptr; ++entry)
        if (!is_replaced(*entry)) all.emplace_back(*entry);
    for (auto const& [key, value] : request.environment) all.push_back(key + "=" + value);
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Everything that the child needs, made before the fork.
struct Plan {
    char const* program;
    char* const* arguments;
    char* const* environment;
    char const* directory;  // null: ours
    int input, output, error, report;
    int most_descriptors;
    pid_t parent;
};

void leave_no_descriptor_open(Plan const& plan) {
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int descriptor = 3; descriptor < plan.most_descriptors; ++descriptor)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void reset_signals() {
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Runs in the child: async-signal-safe calls only, and no return.
[[noreturn]] void become(Plan const& plan) {
    bool ok = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
    if (::getppid() != plan.parent) ::_exit(127);  // the parent died before we asked to be told
    ok = ok && ::setpgid(0, 0) == 0;
    ok = ok && ::dup2(plan.input, 0) == 0 && ::dup2(plan.output, 1) == 1 &&
         ::dup2(plan.error, 2) == 2;
    ok = ok && (plan.directory == nullptr || ::chdir(plan.directory) == 0);
    if (ok) {
        leave_no_descriptor_open(plan);
        reset_signals();
        ::execve(plan.program, plan.arguments, plan.environment);
    }
    int const reason = errno;
    auto const told = ::write(plan.report, &reason, sizeof reason);
    ::_exit(told == sizeof reason ? 127 : 126);
}

// The report pipe closes by itself when exec succeeds; otherwise it carries errno.
int failure_of_exec(int report) {
    int reason = 0;
    ssize_t got = 0;
    do got = ::read(report, &reason, sizeof reason);
    while (got < 0 && errno == EINTR);
    return got == sizeof reason ? reason : 0;
}

// The child's own descriptors 0 to 2 may be closed here; a pipe must not land on one of them.
int above_standard(Descriptor& descriptor) {
    if (descriptor.get() > 2) return descriptor.get();
    int const moved = ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 3);
    if (moved < 0) throw CannotStart("no descriptor is left: " + std::string(std::strerror(errno)));
    descriptor.reset(moved);
    return moved;
}

int most_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 1 << 20;
    return static_cast<int>(limit.rlim_cur);
}

}  // namespace

Spawned spawn(SpawnRequest const& request) {
    if (request.command.empty()) throw CannotStart("there is no command to start");
    auto environment = environment_of(request);
    auto const program = find_program(request.command.front(), environment);
    auto arguments = request.command;
    auto const argument_pointers = pointers_to(arguments);
    auto const environment_pointers = pointers_to(environment);
    Pipe input, output, error, report;
    Plan const plan{program.c_str(),
                    argument_pointers.data(),
                    environment_pointers.data(),
                    request.directory.empty() ? nullptr : request.directory.c_str(),
                    above_standard(input.read),
                    above_standard(output.write),
                    above_standard(error.write),
                    above_standard(report.write),
                    most_descriptors(),
                    ::getpid()};
    pid_t const pid = ::fork();
    if (pid == 0) become(plan);
    if (pid < 0) throw CannotStart("cannot fork: " + std::string(std::strerror(errno)));
    report.write.reset();
    if (int const reason = failure_of_exec(report.read.get()); reason != 0) {
        ::waitpid(pid, nullptr, 0);
        throw CannotStart("cannot start `" + request.command.front() +
                          "`: " + std::strerror(reason));
    }
    Spawned spawned;
    spawned.pid = pid;
    spawned.pid_descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (spawned.pid_descriptor < 0) {
        auto const reason = std::string(std::strerror(errno));
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        throw CannotStart("this kernel cannot watch a process (pidfd_open): " + reason);
    }
    spawned.input = input.write.release();
    spawned.output = output.read.release();
    spawned.error = error.read.release();
    return spawned;
}

}  // namespace resolute::net
