#include "tests/catch.h"
#include "tests/simulation/simulate.h"

using namespace resolute::simulation;

// The long form is `./dev simulate`; `./dev test` runs 10,000 worlds of it.
TEST_CASE("the same seed gives the same world, byte for byte, told or not") {
    for (std::uint64_t seed : {3u, 17u, 4711u}) {
        auto const once = simulate(seed);
        auto const again = simulate(seed, Trace::on);
        REQUIRE(once.digest == again.digest);
        REQUIRE(once.faults == again.faults);
        REQUIRE(once.checks == again.checks);
        REQUIRE(once.trace.empty());
        REQUIRE_FALSE(again.trace.empty());
    }
    REQUIRE(simulate(1).digest != simulate(2).digest);
}
