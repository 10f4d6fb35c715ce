#include "base/lane.h"

#include <vector>

#include "tests/catch.h"

using namespace resolute;
using namespace std::chrono_literals;

TEST_CASE("a lane lets so many in, in the order they came") {
    Lane lane(2, 10);
    std::vector<int> begun;
    for (int i = 0; i < 5; ++i) REQUIRE(lane.enter({.go = [&begun, i] { begun.push_back(i); }}));
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
    CHECK(lane.enter({.go = [&] { ++begun; }}));
    CHECK(lane.enter({.go = [&] { ++begun; }}));
    CHECK_FALSE(lane.enter({.go = [&] { ++begun; }}));
    lane.leave();
    lane.leave();
    CHECK(begun == 2);
    CHECK(lane.enter({.go = [&] { ++begun; }}));
    CHECK(begun == 3);
}

TEST_CASE("a long queue of work that ends at once is no deep stack") {
    Lane lane(1, 200'000);
    int done = 0;
    REQUIRE(lane.enter({.go = [] {}}));
    bool all_taken = true;
    for (int i = 0; i < 200'000; ++i)
        all_taken = lane.enter({.go = [&] {
            ++done;
            lane.leave();
        }}) && all_taken;
    CHECK(all_taken);
    lane.leave();
    CHECK(done == 200'000);
}

TEST_CASE("whoever waited too long is given up, also while nobody leaves") {
    Lane lane(1, 2);
    std::vector<std::string> seen;
    auto work = [&](std::string const& name, Duration patient_until) {
        return Lane::Work{.go = [&seen, name] { seen.push_back(name + " goes"); },
                          .give_up = [&seen, name] { seen.push_back(name + " gives up"); },
                          .patient_until = patient_until};
    };
    REQUIRE(lane.enter(work("first", 1s), 0s));
    REQUIRE(lane.enter(work("second", 5s), 0s));
    REQUIRE(lane.enter(work("third", 6s), 1s));
    CHECK(lane.waiting() == 2);
    CHECK_FALSE(lane.enter(work("fourth", 9s), 4s));
    CHECK(lane.enter(work("fifth", 10s), 5s));  // the second is given up and makes room
    CHECK(lane.waiting() == 2);
    lane.leave(7s);
    CHECK(seen == std::vector<std::string>{"first goes", "second gives up", "third gives up",
                                           "fifth goes"});
    lane.leave(8s);
    CHECK(lane.waiting() == 0);
}
