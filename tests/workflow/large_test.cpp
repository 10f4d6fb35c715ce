// What is large costs no more for each of its parts: runs over 100,000 items, 10,000 branches, a
// loop of 100,000 turns.
#include <algorithm>
#include <ctime>

#include "engine/snapshot.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// Of this thread, so that other work on the machine does not count.
double processor_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Work>
double seconds_of(Work const& work) {
    auto const begin = processor_seconds();
    work();
    return processor_seconds() - begin;
}

Json numbers(int count) {
    auto list = Json::array();
    for (int i = 0; i < count; ++i) list.push_back(i);
    return list;
}

// A fork of so many branches, each of which waits.
std::string fork(int branches) {
    std::string text = "  - all:\n      fork:\n        branches:\n";
    for (int i = 0; i < branches; ++i)
        text += "          - b" + std::to_string(i) + ": { wait: PT1S }\n";
    return steps(text);
}

double seconds_of_fork(int branches) {
    Driver driver(fork(branches));
    auto const took = seconds_of([&] {
        driver.start({{"n", 1}});
        driver.advance(std::chrono::seconds(1));
    });
    CHECK(driver.output().size() == static_cast<std::size_t>(branches));
    return took;
}

double seconds_of_loop(int turns) {
    Driver driver(steps(R"(
  - each:
      for: { in: '${ .items }' }
      do: [ { keep: { set: { items: [], last: '${ $item }' } } } ]
)"));
    auto const took = seconds_of([&] { driver.start({{"items", numbers(turns)}}); });
    CHECK(driver.output()["last"] == turns - 1);
    return took;
}

}  // namespace

TEST_CASE(
    "a map over 100,000 items holds what they come to, and its last item costs as its first") {
    constexpr int items = 100'000, concurrency = 100, window = 5'000;
    Driver driver(steps(R"(
  - sweep:
      call: map
      with: { workflow: { namespace: test, name: one }, items: '${ .items }', concurrency: 100 }
)"));
    driver.start({{"items", numbers(items)}});
    auto const before = state_of(driver.run()).size();
    std::vector<double> windows;
    std::size_t most_under_way = 0;
    auto const& mapping = driver.run().mappings.at(StepId{"/do/0/sweep"});
    for (int ended = 0; ended < items - concurrency;) {
        windows.push_back(seconds_of([&] {
            for (int i = 0; i < window && ended < items - concurrency; ++i, ++ended) {
                auto const child = mapping.under_way.begin()->first;
                driver.end_child(child, {{}, ChildEnd::completed, Payload(Json("done")), {}});
                most_under_way = std::max(most_under_way, mapping.under_way.size());
            }
        }));
        driver.history.clear();  // it is in the store
        driver.posted.clear();
    }
    CHECK(most_under_way == concurrency);
    // {"ok":true,"output":"done"} and how to find it again
    CHECK(state_of(driver.run()).size() - before < static_cast<std::size_t>(items) * 40);
    auto const half = windows.begin() + static_cast<std::ptrdiff_t>(windows.size()) / 2;
    auto const early = *std::min_element(windows.begin(), half);
    auto const late = *std::min_element(half, windows.end() - 1);
    CAPTURE(early / window * 1e6, late / window * 1e6);
    CHECK(late < early * 2);
}

TEST_CASE("each of 10,000 branches costs as much as each of 1,000") {
    auto const few = std::min(seconds_of_fork(1'000), seconds_of_fork(1'000)) / 1'000;
    auto const many = seconds_of_fork(10'000) / 10'000;
    CAPTURE(few * 1e6, many * 1e6);
    CHECK(many < few * 3);
}

TEST_CASE("each of 100,000 turns of a loop costs as much as each of 10,000") {
    auto const few = std::min(seconds_of_loop(10'000), seconds_of_loop(10'000)) / 10'000;
    auto const many = seconds_of_loop(100'000) / 100'000;
    CAPTURE(few * 1e6, many * 1e6);
    CHECK(many < few * 3);
}
