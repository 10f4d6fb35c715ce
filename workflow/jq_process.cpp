#include "workflow/jq_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/limits.h"

namespace resolute::workflow {
namespace {

// What goes before the bytes of a question and of an answer.
struct QuestionHead {
    std::uint32_t program_bytes;
    std::uint32_t input_bytes;
};
struct AnswerHead {
    JqEnding ending;
    std::uint32_t text_bytes;
};

bool send_all(int socket, void const* from, std::size_t size) {
    auto const* bytes = static_cast<char const*>(from);
    while (size > 0) {
        auto const sent = send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool receive_all(int socket, void* to, std::size_t size) {
    auto* bytes = static_cast<char*>(to);
    while (size > 0) {
        auto const received = recv(socket, bytes, size, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received <= 0) return false;
        bytes += received;
        size -= static_cast<std::size_t>(received);
    }
    return true;
}

// The child: everything from here to serve runs after the fork and must touch no state of the
// parent.

// Ends the process by SIGPROF once it has used so much CPU; 0 calls that off.
void allow_cpu(int milliseconds) {
    itimerval timer{};
    timer.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000};
    setitimer(ITIMER_PROF, &timer, nullptr);
}

// What is mapped already belongs to the parent's image and counts, so the limit comes on top.
void limit_memory() {
    unsigned long pages = 0;
    if (auto* file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
        std::fclose(file);
    }
    rlim_t const mapped = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
    rlimit const memory{mapped + limits::expression_memory_bytes,
                        mapped + limits::expression_memory_bytes};
    setrlimit(RLIMIT_AS, &memory);
    rlimit const no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

void leave_parent_behind(int socket) {
    // A group of its own, so that Ctrl-C reaches the engine and not a child in the middle of a
    // question.
    setpgid(0, 0);
    prctl(PR_SET_NAME, "resolute-jq");
    for (int signal_number = 1; signal_number < NSIG; ++signal_number)
        signal(signal_number, SIG_DFL);
    dup2(socket, 3);
    syscall(SYS_close_range, 4u, ~0u, 0u);
    int const nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int standard = 0; standard < 3; ++standard) dup2(nowhere, standard);
    close(nowhere);
    clearenv();  // jq would read ~/.jq and $ENV
    limit_memory();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

JqAnswer answer_to(Jq& jq, std::string const& program, std::string const& input) {
    allow_cpu(limits::expression_compile_ms);
    auto answer = jq.compile(program);
    if (answer.ending == JqEnding::none && !input.empty()) {
        allow_cpu(limits::expression_evaluate_ms);
        answer = jq.run(input);
    }
    allow_cpu(0);
    return answer;
}

[[noreturn]] void serve(int socket) {
    leave_parent_behind(socket);
    socket = 3;
    Jq jq;
    QuestionHead question{};
    while (receive_all(socket, &question, sizeof question)) {
        std::string program(question.program_bytes, '\0');
        std::string input(question.input_bytes, '\0');
        if (!receive_all(socket, program.data(), program.size()) ||
            !receive_all(socket, input.data(), input.size()))
            break;
        auto const answer = answer_to(jq, program, input);
        AnswerHead const head{answer.ending, static_cast<std::uint32_t>(answer.text.size())};
        if (!send_all(socket, &head, sizeof head) ||
            !send_all(socket, answer.text.data(), answer.text.size()))
            break;
    }
    _exit(0);
}

// Signals stay blocked until the child has its own handling, or a handler of ours would run in it.
pid_t fork_server(int parent_end, int child_end) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t const child = fork();
    if (child == 0) {
        close(parent_end);
        serve(child_end);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return child;
}

bool can_read_within(int socket, int milliseconds) {
    using Clock = std::chrono::steady_clock;
    auto const deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
    while (true) {
        auto const rest =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd wanted{socket, POLLIN, 0};
        int const ready = poll(&wanted, 1, rest > 0 ? static_cast<int>(rest) : 0);
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

}  // namespace

std::unique_ptr<JqProcess> JqProcess::start(std::string& why_not) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        why_not = std::strerror(errno);
        return nullptr;
    }
    pid_t const child = fork_server(ends[0], ends[1]);
    close(ends[1]);
    if (child < 0) {
        why_not = std::strerror(errno);
        close(ends[0]);
        return nullptr;
    }
    return std::unique_ptr<JqProcess>(new JqProcess(child, ends[0]));
}

JqProcess::~JqProcess() {
    close(socket_);
    if (child_ > 0) bury(false);
}

JqAnswer JqProcess::bury(bool was_too_slow) {
    kill(child_, SIGKILL);  // harmless when it is dead already: it is not reaped yet
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    bool const used_up_its_time = WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF;
    return {was_too_slow || used_up_its_time ? JqEnding::out_of_time : JqEnding::out_of_memory, {}};
}

JqAnswer JqProcess::ask(std::string const& program, std::string_view input) {
    QuestionHead const question{static_cast<std::uint32_t>(program.size()),
                                static_cast<std::uint32_t>(input.size())};
    bool const is_sent = send_all(socket_, &question, sizeof question) &&
                         send_all(socket_, program.data(), program.size()) &&
                         send_all(socket_, input.data(), input.size());
    if (is_sent && !can_read_within(socket_, limits::expression_answer_ms)) return bury(true);
    AnswerHead head{};
    if (!is_sent || !receive_all(socket_, &head, sizeof head)) return bury(false);
    JqAnswer answer{head.ending, std::string(head.text_bytes, '\0')};
    if (!receive_all(socket_, answer.text.data(), answer.text.size())) return bury(false);
    return answer;
}

std::unique_ptr<JqProcess> JqPool::take_idle() {
    std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto process = std::move(idle_.back());
    idle_.pop_back();
    return process;
}

void JqPool::give_back(std::unique_ptr<JqProcess> process) {
    std::lock_guard lock(mutex_);
    if (idle_.size() < limits::expression_processes) idle_.push_back(std::move(process));
}

JqAnswer JqPool::ask(std::string const& program, std::string_view input) {
    if (auto used = take_idle()) {
        auto answer = used->ask(program, input);
        if (used->is_alive()) {
            give_back(std::move(used));
            return answer;
        }
        if (answer.ending == JqEnding::out_of_time) return answer;
        // It may have died of what it answered before, or have been killed while it was idle; a
        // fresh child tells.
    }
    std::string why_not;
    auto fresh = JqProcess::start(why_not);
    if (!fresh) return {JqEnding::unavailable, why_not};
    auto answer = fresh->ask(program, input);
    if (fresh->is_alive()) give_back(std::move(fresh));
    return answer;
}

JqPool& jq_pool() {
    static auto& pool = *new JqPool;
    return pool;
}

}  // namespace resolute::workflow
