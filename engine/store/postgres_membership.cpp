#include "engine/store/postgres_membership.h"

#include <sys/socket.h>

#include <algorithm>

#include "base/failpoint.h"
#include "base/random.h"
#include "engine/shard_of.h"
#include "engine/store/queries.h"
#include "engine/store/shares.h"

namespace resolute::store {
namespace {

Array as_array(std::vector<int> const& shards) {
    Array array(Type::int2);
    for (int const shard : shards) array.add_integer(shard);
    return array;
}

void renew_or_throw(Connection& connection, MemberId member, Duration lease) {
    RESOLUTE_CUTPOINT("lease.renewing", ::shutdown(connection.socket(), SHUT_RDWR));
    auto const renewed =
        connection.run(queries::member_renew, Parameters().uuid(member.value).int8(lease.count()));
    RESOLUTE_CUTPOINT("lease.renewed", throw ConnectionLost("cut off by a test"));
    if (renewed.affected() == 0) throw Fenced();
}

std::vector<int> owned_by(MemberId member, std::vector<std::optional<MemberId>> const& owners) {
    std::vector<int> shards;
    for (std::size_t shard = 0; shard < owners.size(); ++shard)
        if (owners[shard] == member) shards.push_back(static_cast<int>(shard));
    return shards;
}

}  // namespace

PostgresMembership::PostgresMembership(std::string url)
    : session_({.url = std::move(url), .application = "resolute membership"}) {}

MemberId PostgresMembership::join(std::string const& name, int writers, Duration lease) {
    std::lock_guard const lock(mutex_);
    // Minted here, so that joining again after a lost answer is the same member.
    auto const member = MemberId::make(SystemClock().now(), *system_random());
    session_.run([&](Connection& connection) {
        connection.run(
            queries::member_join,
            Parameters().uuid(member.value).text(name).int8(lease.count()).int4(writers));
    });
    return member;
}

void PostgresMembership::renew(MemberId member, Duration lease) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) { renew_or_throw(connection, member, lease); });
}

PostgresMembership::View PostgresMembership::look(Connection& connection) {
    View view{.owners = std::vector<std::optional<MemberId>>(shard_count),
              .rows = std::vector<MemberId>(shard_count)};
    auto const members = connection.run(queries::member_live);
    for (std::size_t i = 0; i < members.size(); ++i)
        view.live.push_back(MemberId{members.at(i, 0).uuid()});
    auto const shards = connection.run(queries::shard_owners);
    for (std::size_t i = 0; i < shards.size(); ++i) {
        auto const shard = static_cast<std::size_t>(shards.at(i, 0).integer());
        auto const owner = shards.at(i, 1);
        if (owner.is_null()) continue;
        view.rows.at(shard) = MemberId{owner.uuid()};
        if (shards.at(i, 2).boolean()) view.owners.at(shard) = view.rows.at(shard);
    }
    return view;
}

std::vector<int> PostgresMembership::claim(MemberId member) {
    std::lock_guard const lock(mutex_);
    return session_.run([&](Connection& connection) {
        // Statements that commit by themselves: a process that is paused between two of them
        // holds nothing that the others wait for.
        RESOLUTE_CUTPOINT("shards.claiming", ::shutdown(connection.socket(), SHUT_RDWR));
        connection.run(queries::member_fence_expired, Parameters().uuid(member.value));
        RESOLUTE_CUTPOINT("shards.fenced", throw ConnectionLost("cut off by a test"));
        auto view = look(connection);
        if (std::ranges::find(view.live, member) == view.live.end()) throw Fenced();
        auto const share = share_of(member, view.owners, view.live);
        if (share.empty()) return owned_by(member, view.owners);
        Array seen(Type::uuid);
        for (int const shard : share)
            seen.add_uuid(view.rows[static_cast<std::size_t>(shard)].value);
        auto const taken =
            connection.run(queries::shard_take,
                           Parameters().uuid(member.value).array(as_array(share)).array(seen));
        RESOLUTE_CUTPOINT("shards.claimed", throw ConnectionLost("cut off by a test"));
        for (std::size_t i = 0; i < taken.size(); ++i)
            view.owners.at(static_cast<std::size_t>(taken.at(i, 0).integer())) = member;
        return owned_by(member, view.owners);
    });
}

std::vector<int> PostgresMembership::surplus(MemberId member) {
    std::lock_guard const lock(mutex_);
    auto const view = session_.run([](Connection& connection) { return look(connection); });
    if (std::ranges::find(view.live, member) == view.live.end()) throw Fenced();
    return surplus_of(member, view.owners, view.live);
}

void PostgresMembership::release(MemberId member, std::vector<int> const& shards) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        RESOLUTE_CUTPOINT("shards.releasing", ::shutdown(connection.socket(), SHUT_RDWR));
        connection.run(queries::shard_release,
                       Parameters().uuid(member.value).array(as_array(shards)));
        RESOLUTE_CUTPOINT("shards.released", throw ConnectionLost("cut off by a test"));
    });
}

void PostgresMembership::leave(MemberId member) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        connection.run(queries::member_leave, Parameters().uuid(member.value));
    });
}

}  // namespace resolute::store
