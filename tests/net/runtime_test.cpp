#include "net/runtime.h"

#include <csignal>
#include <thread>
#include <vector>

#include "tests/catch.h"
#include "tests/net/awaited.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

TEST_CASE("timers run in the order of their time") {
    Runtime runtime;
    std::vector<int> order;
    Awaited<bool> done;
    runtime.after(milliseconds(20), [&] { order.push_back(3), done.set(true); });
    runtime.after(milliseconds(10), [&] { order.push_back(2); });
    runtime.after(milliseconds(0), [&] { order.push_back(1); });
    runtime.start();
    done.get();
    CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("a cancelled timer never runs, and says so once") {
    Runtime runtime;
    bool ran = false;
    auto timer = runtime.after(milliseconds(1), [&] { ran = true; });
    CHECK(timer.cancel());
    CHECK_FALSE(timer.cancel());
    Awaited<bool> done;
    runtime.after(milliseconds(10), [&] { done.set(true); });
    runtime.start();
    done.get();
    CHECK_FALSE(ran);
    CHECK_FALSE(Timer().cancel());
}

TEST_CASE("cancelling from many threads stops each timer or finds it begun, never both") {
    Runtime runtime(2);
    runtime.start();
    std::atomic<int> ran = 0;
    int cancelled = 0;
    for (int i = 0; i < 500; ++i) {
        auto timer = runtime.after(std::chrono::microseconds(i % 50), [&] { ++ran; });
        if (timer.cancel()) ++cancelled;
    }
    Awaited<bool> done;
    runtime.after(milliseconds(50), [&] { done.set(true); });
    done.get();
    CHECK(ran + cancelled == 500);
}

TEST_CASE("a serial runs one function at a time, in order, on several threads") {
    Runtime runtime(4);
    runtime.start();
    Serial const serial(runtime);
    std::vector<int> order;  // unguarded on purpose: the serial is the guard
    Awaited<bool> done;
    for (int i = 0; i < 1000; ++i) serial.post([&order, i] { order.push_back(i); });
    serial.post([&] { done.set(true); });
    done.get();
    REQUIRE(order.size() == 1000);
    CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("a signal is delivered to the function that asked for it") {
    Runtime runtime;
    runtime.start();
    Awaited<int> got;
    Awaited<bool> ready;
    runtime.on_signal({SIGUSR1}, [&](int signal) { got.set(signal); });
    runtime.post([&] { ready.set(true); });
    ready.get();
    std::raise(SIGUSR1);
    CHECK(got.get() == SIGUSR1);
}

TEST_CASE("a runtime cannot be stopped from its own thread") {
    Runtime runtime;
    runtime.start();
    Awaited<bool> refused;
    runtime.post([&] {
        try {
            runtime.stop();
            refused.set(false);
        } catch (std::logic_error const&) {
            refused.set(true);
        }
    });
    CHECK(refused.get());
}
