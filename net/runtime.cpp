#include "net/runtime.h"

#include <sys/resource.h>
#include <sys/select.h>

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/strand.h"

namespace resolute::net {

namespace asio = boost::asio;

struct Timer::State {
    explicit State(asio::any_io_executor executor) : timer(std::move(executor)) {}
    asio::steady_timer timer;
    std::atomic<bool> is_decided = false;  // it begins or is cancelled, whichever comes first
};

bool Timer::cancel() {
    auto const state = state_.lock();
    if (!state || state->is_decided.exchange(true)) return false;
    asio::post(state->timer.get_executor(), [state] { state->timer.cancel(); });
    return true;
}

struct TimerMaker {
    static Timer make(asio::any_io_executor executor, Duration delay,
                      std::function<void()> function) {
        auto const state = std::make_shared<Timer::State>(executor);
        Timer timer;
        timer.state_ = state;
        asio::dispatch(executor, [state, delay, function = std::move(function)]() mutable {
            state->timer.expires_after(delay);
            state->timer.async_wait([state, function = std::move(function)](auto) {
                if (!state->is_decided.exchange(true)) function();
            });
        });
        return timer;
    }
};

struct Runtime::State {
    using Work = asio::executor_work_guard<asio::io_context::executor_type>;

    explicit State(int threads) : thread_count(threads), io(threads) {}

    int thread_count;
    asio::io_context io;
    std::optional<Work> work;
    std::vector<std::thread> threads;
    std::atomic<bool> is_running = false;
};

namespace {

// Many systems start a process with a soft limit of 1024, which a thousand clients would use up.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE,
                &limit);  // if it may not, the old limit holds and is asked for below
}

}  // namespace

std::size_t descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return FD_SETSIZE;
    return static_cast<std::size_t>(limit.rlim_cur);
}

Runtime::Runtime(int threads) : state_(std::make_unique<State>(threads)) {
    std::signal(SIGPIPE,
                SIG_IGN);  // a peer that is gone is an error code, not the end of the process
    raise_descriptor_limit();
}

Runtime::~Runtime() { stop(); }

void Runtime::start() {
    if (!state_->threads.empty()) throw std::logic_error("this runtime has already been started");
    state_->io.restart();
    state_->work.emplace(state_->io.get_executor());
    state_->is_running = true;
    for (int i = 0; i < state_->thread_count; ++i)
        state_->threads.emplace_back([this] { state_->io.run(); });
}

void Runtime::stop() {
    if (owns_this_thread())
        throw std::logic_error("a runtime cannot be stopped from its own thread");
    state_->is_running = false;
    state_->work.reset();
    state_->io.stop();
    for (auto& thread : state_->threads) thread.join();
    state_->threads.clear();
}

bool Runtime::is_running() const { return state_->is_running; }

bool Runtime::owns_this_thread() const {
    return state_->io.get_executor().running_in_this_thread();
}

void Runtime::post(std::function<void()> function) { asio::post(state_->io, std::move(function)); }

Timer Runtime::after(Duration delay, std::function<void()> function) {
    return Serial(*this).after(delay, std::move(function));
}

void Runtime::on_signal(std::initializer_list<int> signals, std::function<void(int)> function) {
    auto const set = std::make_shared<asio::signal_set>(state_->io);
    for (int signal : signals) set->add(signal);
    set->async_wait([set, function = std::move(function)](auto error, int signal) {
        if (!error) function(signal);
    });
}

asio::io_context& Runtime::context() { return state_->io; }

Serial::Serial(Runtime& runtime)
    : strand_(std::make_shared<Strand const>(Strand{asio::make_strand(runtime.context())})) {}

void Serial::post(std::function<void()> function) const {
    asio::post(strand_->executor, std::move(function));
}

void Serial::dispatch(std::function<void()> function) const {
    asio::dispatch(strand_->executor, std::move(function));
}

Timer Serial::after(Duration delay, std::function<void()> function) const {
    return TimerMaker::make(strand_->executor, delay, std::move(function));
}

}  // namespace resolute::net
