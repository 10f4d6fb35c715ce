#include "base/steady_wall.h"

#include <vector>

#include "tests/catch.h"

using namespace resolute;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{1'772'366'400'000'000};

}  // namespace

TEST_CASE("a wall clock that runs evenly is believed") {
    SteadyWall steady;
    for (auto passed = 0us; passed < 1s; passed += 700us)
        REQUIRE(steady.at(noon + passed, 5h + passed) == noon + passed);
}

TEST_CASE("a wall clock that jumps does not shorten what is waited for") {
    std::vector<Duration> heard;
    SteadyWall steady([&](Duration away) { heard.push_back(away); });
    Duration elapsed{};
    auto pass = [&](Duration time, Duration wrong_by) {
        Timestamp now{};
        for (auto const until = elapsed + time; elapsed <= until; elapsed += 10ms)
            now = steady.at(noon + elapsed + wrong_by, elapsed);
        return now;
    };
    for (auto const jump : {Duration(1h), Duration(-1h)}) {
        auto const before = pass(30s, 0us);
        auto const waited = pass(4s, jump) - before;
        CHECK(waited > 3900ms);
        CHECK(waited < 4100ms);
    }
    REQUIRE(heard.size() == 2);
    CHECK(heard[0] > 59min);
    CHECK(heard[1] < -59min);
}

TEST_CASE("a wall clock that was set for good is caught up with") {
    SteadyWall steady;
    steady.at(noon, 0us);
    for (auto passed = 0us; passed <= 1001s; passed += 1s) steady.at(noon + 10s + passed, passed);
    CHECK(steady.at(noon + 10s + 1002s, 1002s) == noon + 10s + 1002s);
}

TEST_CASE("time never goes back, also when the wall clock does") {
    SteadyWall steady;
    auto last = steady.at(noon, 0us);
    for (auto passed = 1000us; passed < 2s; passed += 1ms) {
        auto const now = steady.at(noon - 1h + passed, passed);
        REQUIRE(now > last);
        last = now;
    }
}
