#include "tests/catch.h"
#include "tools/breaker.h"
#include "tools/pace.h"

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

TEST_CASE("a rate lets through so many at once and then one after the other") {
    Pace pace(Rate{.calls = 2, .per = 1s});
    CHECK(pace.wait_before(10s) == 0s);
    CHECK(pace.wait_before(10s) == 0s);
    CHECK(pace.wait_before(10s) == 500ms);
    CHECK(pace.wait_before(10s) == 500ms);  // who is told to wait is not counted
    CHECK(pace.wait_before(10500ms) == 0s);
    CHECK(pace.wait_before(10500ms) == 500ms);
    CHECK(pace.wait_before(20s) == 0s);
    CHECK(pace.wait_before(20s) == 0s);
    CHECK(pace.wait_before(20s) > 0s);  // what was not used is not saved up
    Pace free({});
    for (int i = 0; i < 1000; ++i) CHECK(free.wait_before(1s) == 0s);
}

TEST_CASE("a rate is written as calls in a time") {
    CHECK(parse_rate("50/s") == Rate{50, 1s});
    CHECK(parse_rate("100/min") == Rate{100, 60s});
    CHECK(parse_rate("1/h") == Rate{1, 3600s});
    for (auto const* text :
         {"", "50", "/s", "0/s", "-1/s", "5/day", "5 /s", "99999999999/s", "5/s "})
        CHECK_FALSE(parse_rate(text));
}
