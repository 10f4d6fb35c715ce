#include "tests/catch.h"
#include "tools/breaker.h"
#include "tools/lane.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

TEST_CASE("a breaker opens after failures in a row and lets one call try after its pause") {
    Breaker breaker({.failures = 3, .pause = 10s});
    auto fail_at = [&](Duration now) {
        REQUIRE_FALSE(breaker.wait_before(now));
        breaker.report(false, now);
    };
    fail_at(1s);
    fail_at(2s);
    CHECK_FALSE(breaker.wait_before(2s));
    breaker.report(true, 2s);  // a success forgives
    fail_at(3s);
    fail_at(4s);
    fail_at(5s);
    CHECK(breaker.wait_before(6s) == Duration(9s));
    CHECK_FALSE(breaker.wait_before(15s));         // half open: this one tries
    CHECK(breaker.wait_before(15s) == Duration(10s));  // the others wait
    breaker.report(false, 16s);
    CHECK(breaker.wait_before(17s) == Duration(9s));
    CHECK_FALSE(breaker.wait_before(26s));
    breaker.report(true, 26s);
    CHECK_FALSE(breaker.wait_before(26s));
    CHECK_FALSE(breaker.wait_before(26s));
}

TEST_CASE("a lane lets so many in, in the order they came") {
    Lane lane(2, 10);
    std::vector<int> begun;
    for (int i = 0; i < 5; ++i) REQUIRE(lane.enter([&begun, i] { begun.push_back(i); }));
    CHECK(begun == std::vector<int>{0, 1});
    lane.leave();
    CHECK(begun == std::vector<int>{0, 1, 2});
    lane.leave();
    lane.leave();
    CHECK(begun == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a full queue takes nothing more, and says so") {
    Lane lane(1, 1);
    int begun = 0;
    CHECK(lane.enter([&] { ++begun; }));
    CHECK(lane.enter([&] { ++begun; }));
    CHECK_FALSE(lane.enter([&] { ++begun; }));
    lane.leave();
    lane.leave();
    CHECK(begun == 2);
    CHECK(lane.enter([&] { ++begun; }));
    CHECK(begun == 3);
}

TEST_CASE("a long queue of work that ends at once is no deep stack") {
    Lane lane(1, 200'000);
    int done = 0;
    REQUIRE(lane.enter([] {}));
    bool all_taken = true;
    for (int i = 0; i < 200'000; ++i)
        all_taken = lane.enter([&] {
            ++done;
            lane.leave();
        }) && all_taken;
    CHECK(all_taken);
    lane.leave();
    CHECK(done == 200'000);
}
