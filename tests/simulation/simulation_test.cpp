#include <cstdlib>
#include <iostream>

#include "tests/catch.h"
#include "tests/simulation/world.h"

using namespace resolute::simulation;

namespace {

// RESOLUTE_SEEDS=from:count chooses the worlds; a failing one names the shortest command that
// repeats it.
std::pair<std::uint64_t, std::uint64_t> chosen_seeds() {
    char const* const text = std::getenv("RESOLUTE_SEEDS");
    if (!text) return {1, 2000};
    char* rest = nullptr;
    auto const from = std::strtoull(text, &rest, 10);
    return {from, *rest == ':' ? std::strtoull(rest + 1, nullptr, 10) : 1};
}

}  // namespace

TEST_CASE("every invariant holds in every world, whatever is killed, paused, lost or raced") {
    auto const [from, count] = chosen_seeds();
    std::map<std::string, int> faults;
    int runs = 0;
    int events = 0;
    for (auto seed = from; seed < from + count; ++seed) {
        auto const report = World(seed).run();
        for (auto const& [fault, times] : report.faults) faults[fault] += times;
        runs += report.runs;
        events += report.events;
        if (report.breaches.empty()) continue;
        for (auto const& breach : report.breaches) UNSCOPED_INFO(breach);
        FAIL_CHECK("repeat with: RESOLUTE_SEEDS=" << seed << ":1 test_simulation");
    }
    std::cout << count << " worlds, " << runs << " runs, " << events << " events;";
    for (auto const& [fault, times] : faults) std::cout << " " << fault << " " << times << ";";
    std::cout << "\n";
    if (count >= 100)
        for (char const* fault :
             {"killed", "paused past its lease", "fenced commit", "lost after the effect",
              "lost before the effect", "verification undecided", "two reviewers race", "cancelled",
              "read failed"}) {
            CAPTURE(fault);
            CHECK(faults[fault] > 0);
        }
}

TEST_CASE("the same seed gives the same histories, byte for byte") {
    for (std::uint64_t seed : {3u, 17u, 4711u})
        REQUIRE(World(seed).run().digest == World(seed).run().digest);
    REQUIRE(World(1).run().digest != World(2).run().digest);
}
