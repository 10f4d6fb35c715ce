#include "net/process.h"

#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <future>
#include <mutex>
#include <variant>

#include "net/spawn.h"
#include "net/strand.h"

namespace resolute::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// The kernel kills the child when the thread that made it ends, so a thread of the runtime makes
// it.
Spawned spawn_on(Runtime& runtime, SpawnRequest const& request) {
    if (runtime.owns_this_thread()) return spawn(request);
    if (!runtime.is_running()) throw std::logic_error("start the runtime before its processes");
    std::promise<std::variant<Spawned, std::string>> promise;
    runtime.post([&] {
        try {
            promise.set_value(spawn(request));
        } catch (CannotStart const& failure) {
            promise.set_value(failure.what());
        }
    });
    auto const outcome = promise.get_future().get();
    if (auto const* why = std::get_if<std::string>(&outcome)) throw CannotStart(*why);
    return std::get<Spawned>(outcome);
}

SpawnRequest request_of(ProcessOptions const& options) {
    return {options.command, options.environment, options.inherits_environment, options.directory};
}

}  // namespace

std::string to_string(Exit const& exit) {
    if (exit.code) return "exited with code " + std::to_string(*exit.code);
    if (exit.signal) return "was killed by signal " + std::to_string(*exit.signal);
    return "ended in an unknown way";
}

// One of the child's output pipes.
struct Source {
    Source(asio::any_io_executor executor, int descriptor, std::size_t max_line)
        : pipe(executor, descriptor), lines(max_line) {}

    asio::posix::stream_descriptor pipe;
    LineSplitter lines;
    std::array<char, 16384> buffer{};
    std::function<void(LineSplitter::Line)> on_line;
    bool is_open = true;
};

struct Process::State : std::enable_shared_from_this<State> {
    State(Runtime& runtime, ProcessOptions with, Spawned const& child)
        : serial(runtime),
          options(std::move(with)),
          pid(child.pid),
          ending(serial.strand().executor, child.pid_descriptor),
          input(serial.strand().executor, child.input),
          output(serial.strand().executor, child.output, options.max_line_bytes),
          error(serial.strand().executor, child.error, options.max_line_bytes) {
        output.on_line = std::move(options.on_output);
        error.on_line = std::move(options.on_error);
    }
    // Only undone work when the runtime went away first: nobody else would reap the child.
    ~State() {
        if (exit) return;
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }

    void start() {
        read(output);
        read(error);
        await_end();
    }

    // The reactor may report a new descriptor ready by an event of a closed one, so the kernel is
    // asked.
    void await_end() {
        ending.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](error_code failed) {
                              if (failed) return;
                              if (self->has_ended()) return self->on_end();
                              self->await_end();
                          });
    }

    bool has_ended() const {
        siginfo_t info{};
        int const asked =
            ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
        return asked == 0 && info.si_pid == pid;
    }

    void read(Source& source);
    void on_end();
    void finish();
    void write_next();
    void begin_kill();
    void deliver(Source& source, LineSplitter::Line line) {
        if (!is_abandoned && source.on_line) source.on_line(line);
    }

    Serial serial;
    ProcessOptions options;
    int pid;
    asio::posix::stream_descriptor ending;
    asio::posix::stream_descriptor input;
    Source output;
    Source error;
    std::optional<Exit> exit;
    bool is_finished = false;
    bool is_killing = false;
    std::atomic<bool> is_abandoned = false;

    std::mutex mutex;  // guards the queue
    std::deque<std::string> queue;
    std::size_t queued_bytes = 0;
    bool is_writing = false;
    bool is_input_closed = false;
};

void Process::State::read(Source& source) {
    auto on_read = [self = shared_from_this(), &source](error_code failed, std::size_t size) {
        auto each = [&](LineSplitter::Line line) { self->deliver(source, line); };
        if (!failed) {
            source.lines.feed(std::string_view(source.buffer.data(), size), each);
            return self->read(source);
        }
        source.lines.finish(each);
        source.is_open = false;
        self->finish();
    };
    source.pipe.async_read_some(asio::buffer(source.buffer), std::move(on_read));
}

// The leader has ended. Strays of its group go first, while the unreaped leader still holds the
// number.
void Process::State::on_end() {
    ::kill(-pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    exit = WIFEXITED(status) ? Exit{WEXITSTATUS(status), {}} : Exit{{}, WTERMSIG(status)};
    {
        std::lock_guard const lock(mutex);
        is_input_closed = true;
    }
    // A process that left the group may hold the pipes open for ever.
    serial.after(std::chrono::milliseconds(limits::process_drain_ms), [self = shared_from_this()] {
        error_code ignored;  // closed either way
        self->output.pipe.close(ignored);
        self->error.pipe.close(ignored);
    });
    finish();
}

void Process::State::finish() {
    if (is_finished || !exit || output.is_open || error.is_open) return;
    is_finished = true;
    error_code ignored;  // closed either way
    input.close(ignored);
    auto const on_exit = std::move(options.on_exit);
    output.on_line = nullptr;
    error.on_line = nullptr;
    if (!is_abandoned && on_exit) on_exit(*exit);
}

void Process::State::write_next() {
    std::lock_guard const lock(mutex);
    if (is_writing) return;
    if (queue.empty()) {
        error_code ignored;  // closed either way
        if (is_input_closed) input.close(ignored);
        return;
    }
    is_writing = true;
    auto on_written = [self = shared_from_this()](error_code failed, std::size_t) {
        {
            std::lock_guard const again(self->mutex);
            self->is_writing = false;
            self->queued_bytes -= self->queue.front().size();
            self->queue.pop_front();
            if (failed) {  // the child has closed its standard input or is gone
                self->is_input_closed = true;
                self->queue.clear();
                self->queued_bytes = 0;
            }
        }
        self->write_next();
    };
    asio::async_write(input, asio::buffer(queue.front()), std::move(on_written));
}

void Process::State::begin_kill() {
    if (is_killing || exit) return;
    is_killing = true;
    ::kill(-pid, SIGTERM);
    serial.after(options.kill_grace, [self = shared_from_this()] {
        if (!self->exit) ::kill(-self->pid, SIGKILL);
    });
}

Process::Process(Runtime& runtime, ProcessOptions options) {
    auto const child = spawn_on(runtime, request_of(options));
    state_ = std::make_shared<State>(runtime, std::move(options), child);
    state_->serial.post([state = state_] { state->start(); });
}

Process::~Process() {
    state_->is_abandoned = true;
    kill();
}

int Process::pid() const { return state_->pid; }

Process::Written Process::write(std::string bytes) {
    {
        std::lock_guard const lock(state_->mutex);
        if (state_->is_input_closed) return Written::closed;
        if (state_->queued_bytes + bytes.size() > state_->options.max_queued_bytes)
            return Written::full;
        state_->queued_bytes += bytes.size();
        state_->queue.push_back(std::move(bytes));
    }
    state_->serial.post([state = state_] { state->write_next(); });
    return Written::queued;
}

void Process::close_input() {
    {
        std::lock_guard const lock(state_->mutex);
        state_->is_input_closed = true;
    }
    state_->serial.post([state = state_] { state->write_next(); });
}

void Process::kill() {
    state_->serial.post([state = state_] { state->begin_kill(); });
}

}  // namespace resolute::net
