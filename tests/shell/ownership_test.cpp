#include <set>

#include "tests/catch.h"
#include "tests/shell/town.h"

namespace resolute::testing {
namespace {

bool is_even(std::map<MemberId, int> const& shares, std::size_t members) {
    int sum = 0;
    for (auto const& [member, share] : shares) sum += share;
    auto const fair = shard_count / static_cast<int>(members);
    return shares.size() == members && sum == shard_count &&
           std::ranges::all_of(shares, [&](auto const& item) {
               return item.second > fair / 2 && item.second < fair * 2;
           });
}

void check_one_effect_each(Town const& town, std::size_t steps) {
    auto const effects = town.tool.effects();
    CHECK(effects.size() == steps);
    for (auto const& [key, count] : effects) CHECK(count == 1);
}

TEST_CASE("processes that come and go share the shards", "[ownership]") {
    Town town;
    auto& first = town.join();
    CHECK(first.owned_shards().size() == shard_count);
    town.join();
    CHECK(town.comes_true([&] { return is_even(town.shares(), 2); }));
    town.join();
    CHECK(town.comes_true([&] { return is_even(town.shares(), 3); }));
    town.leave(0);
    CHECK(town.comes_true([&] { return is_even(town.shares(), 2); }));
}

TEST_CASE("joining and leaving under load fails no run and leaves nothing in doubt",
          "[ownership]") {
    Town town;
    auto& first = town.join();
    std::size_t started = 0;
    auto start_some = [&](shell::Engine& engine) {
        for (int i = 0; i < 100; ++i, ++started) town.start(engine);
    };
    start_some(first);
    auto& second = town.join();
    start_some(first);
    auto& third = town.join();
    start_some(second);
    town.leave(0);  // the first, with whatever is under way
    start_some(third);
    CHECK(town.comes_true([&] { return town.completed() == started; }));
    check_one_effect_each(town, 3 * started);
    CHECK(town.facts<ActivityUnknown>() == 0);
}

TEST_CASE("a call under way when its shard goes elsewhere ends where it began", "[ownership]") {
    Town town;
    auto& first = town.join();
    town.tool.hold(true);
    for (int i = 0; i < 60; ++i) town.start(first);
    REQUIRE(town.comes_true([&] { return town.tool.effects().size() == 60; }));
    auto& second = town.join();
    // Idle shards go at once; those with a call under way wait for its answer.
    CHECK(town.comes_true([&] { return town.shares().size() == 2; }));
    CHECK(first.owned_shards().size() + second.owned_shards().size() < shard_count);
    town.tool.hold(false);
    CHECK(town.comes_true([&] { return town.completed() == 60; }));
    CHECK(town.comes_true([&] { return is_even(town.shares(), 2); }));
    check_one_effect_each(town, 3 * 60);
    CHECK(town.facts<ActivityUnknown>() == 0);
}

TEST_CASE("nobody waits for ever for a call that does not end", "[ownership]") {
    Town town;
    town.keeper.patience = std::chrono::milliseconds(50);
    auto& first = town.join();
    town.tool.hold(true);
    for (int i = 0; i < 60; ++i) town.start(first);
    REQUIRE(town.comes_true([&] { return town.tool.effects().size() == 60; }));
    town.join();
    CHECK(town.comes_true([&] { return is_even(town.shares(), 2); }));
    // Its new owner asks what became of it instead of calling again.
    CHECK(town.comes_true([&] { return town.facts<ActivityUnknown>() > 0; }));
    CHECK(town.tool.effects().size() == 60);
    town.tool.hold(false);
}

TEST_CASE("a message for a run of another process reaches it", "[ownership]") {
    Town town;
    auto& first = town.join();
    town.tool.hold(true);
    auto const run = town.start(first);
    auto& second = town.join();
    REQUIRE(town.comes_true([&] { return town.shares().size() == 2; }));
    auto random = system_random();
    for (auto* engine : {&first, &second}) {
        Message message{MessageId::make(SystemClock().now(), *random), run,
                        SendSignal{"anything", Json(1), "tester"}};
        CHECK(std::holds_alternative<Accepted>(engine->submit_and_wait(std::move(message))));
    }
    town.tool.hold(false);
    CHECK(town.comes_true([&] { return town.facts<SignalReceived>() == 2; }));
}

}  // namespace
}  // namespace resolute::testing
