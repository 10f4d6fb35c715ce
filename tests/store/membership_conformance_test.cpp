// What every membership promises: each shard has one owner, and the dead own nothing.
#include <algorithm>
#include <set>

#include "engine/shard_of.h"
#include "engine/store/shares.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

std::vector<int> all_shards() {
    std::vector<int> shards;
    for (int shard = 0; shard < shard_count; ++shard) shards.push_back(shard);
    return shards;
}

}  // namespace

ON_BOTH_STORES("a member that is alone owns every shard") {
    TestType twin;
    auto const member = twin.membership().join("alone", 2, 10s);
    CHECK(twin.membership().claim(member) == all_shards());
    CHECK(twin.membership().claim(member) == all_shards());
    CHECK(twin.membership().surplus(member).empty());
}

ON_BOTH_STORES("a live member's shards are taken by nobody") {
    TestType twin;
    auto& membership = twin.membership();
    auto const first = membership.join("first", 1, 10s);
    membership.claim(first);
    auto const second = membership.join("second", 1, 10s);
    CHECK(membership.claim(second).empty());
    CHECK(membership.claim(first) == all_shards());
}

ON_BOTH_STORES("a live member gives a newcomer its fair share") {
    TestType twin;
    auto& membership = twin.membership();
    auto const first = membership.join("first", 1, 10s);
    membership.claim(first);
    auto const second = membership.join("second", 1, 10s);
    auto const surplus = membership.surplus(first);
    CHECK(surplus.size() > 90);
    CHECK(surplus.size() < 166);
    membership.release(first, surplus);
    CHECK(membership.claim(second) == surplus);
    CHECK(membership.claim(first).size() == shard_count - surplus.size());
    membership.release(first, surplus);  // not its own any more: nothing happens
    CHECK(membership.claim(second) == surplus);
}

ON_BOTH_STORES("a member whose lease is over loses its shards and is told so") {
    TestType twin;
    auto& membership = twin.membership();
    auto const dead = membership.join("dead", 1, 10s);
    membership.claim(dead);
    twin.let_leases_end();
    auto const heir = membership.join("heir", 1, 2h);
    CHECK(membership.claim(heir) == all_shards());
    CHECK_THROWS_AS(membership.renew(dead, 10s), Fenced);
    CHECK_THROWS_AS(membership.claim(dead), Fenced);
    CHECK_THROWS_AS(membership.surplus(dead), Fenced);
}

ON_BOTH_STORES("a lease that was renewed in time is kept") {
    TestType twin;
    auto& membership = twin.membership();
    auto const member = membership.join("steady", 1, 10s);
    membership.claim(member);
    twin.let_leases_end();
    membership.renew(member, 24h);
    auto const other = membership.join("other", 1, 24h);
    CHECK(membership.claim(other).empty());
}

ON_BOTH_STORES("whoever leaves frees its shards at once") {
    TestType twin;
    auto& membership = twin.membership();
    auto const first = membership.join("first", 1, 10s);
    membership.claim(first);
    membership.leave(first);
    membership.leave(first);
    auto const second = membership.join("second", 1, 10s);
    CHECK(second != first);
    CHECK(membership.claim(second) == all_shards());
    CHECK_THROWS_AS(membership.renew(first, 10s), Fenced);
}

ON_BOTH_STORES("three members share what a fourth one left behind") {
    TestType twin;
    auto& membership = twin.membership();
    auto const dead = membership.join("dead", 1, 10s);
    membership.claim(dead);
    twin.let_leases_end();
    std::set<int> owned;
    std::vector<MemberId> members;
    for (char const* name : {"one", "two", "three"})
        members.push_back(membership.join(name, 1, 2h));
    for (auto const member : members) {
        auto const share = membership.claim(member);
        CHECK(share.size() > 50);
        for (int const shard : share) CHECK(owned.insert(shard).second);
    }
    CHECK(owned.size() == shard_count);
}

TEST_CASE("a member that comes moves only what becomes its own", "[membership]") {
    std::vector<MemberId> live;
    for (int i = 0; i < 4; ++i) live.push_back(fresh_id<MemberId>());
    std::vector<MemberId> before;
    for (int shard = 0; shard < shard_count; ++shard)
        before.push_back(store::fair_owner(shard, live));
    auto const newcomer = fresh_id<MemberId>();
    live.push_back(newcomer);
    std::ranges::reverse(live);  // the order does not matter
    int moved = 0;
    for (int shard = 0; shard < shard_count; ++shard) {
        auto const owner = store::fair_owner(shard, live);
        if (owner == before[static_cast<std::size_t>(shard)]) continue;
        CHECK(owner == newcomer);
        ++moved;
    }
    CHECK(moved > 20);
    CHECK(moved < 90);
}
