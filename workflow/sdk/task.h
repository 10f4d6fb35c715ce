// What a coroutine of a workflow returns: its work so far, and one day its value.
//
// Lazy: nothing runs before it is awaited or started. Owns the coroutine; destroying it destroys
// what is suspended inside. Not thread-safe; one run is worked on by one thread at a time.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace resolute::sdk {

template <class T> class Task;

namespace detail {

struct PromiseBase {
    std::coroutine_handle<> awaiting;
    std::exception_ptr error;

    struct Final {
        bool await_ready() noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
            auto const next = ended.promise().awaiting;
            return next ? next : std::noop_coroutine();
        }
        void await_resume() noexcept {}
    };
    std::suspend_always initial_suspend() noexcept { return {}; }
    Final final_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();
    void return_value(T result) { value.emplace(std::move(result)); }
    T take() {
        if (error) std::rethrow_exception(error);
        return *std::move(value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() noexcept {}
    void take() {
        if (error) std::rethrow_exception(error);
    }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
  public:
    using promise_type = detail::Promise<T>;
    using Result = T;

    explicit Task(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}
    Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }
    ~Task() {
        if (coroutine_) coroutine_.destroy();
    }

    void start() { coroutine_.resume(); }
    bool is_done() const { return coroutine_.done(); }

    struct Awaiting {
        std::coroutine_handle<promise_type> coroutine;
        bool await_ready() const noexcept { return coroutine.done(); }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const noexcept {
            coroutine.promise().awaiting = caller;
            return coroutine;
        }
        T await_resume() const { return coroutine.promise().take(); }
    };
    Awaiting operator co_await() const noexcept { return Awaiting{coroutine_}; }

  private:
    std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() {
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace detail
}  // namespace resolute::sdk
