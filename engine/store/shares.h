// Which member should own which shard: rendezvous hashing, so that every member computes the same
// answer and a member that comes or goes moves only its own share.
#pragma once

#include <optional>
#include <vector>

#include "engine/ids.h"

namespace resolute::store {

// The live member that should own the shard. `live` must not be empty.
MemberId fair_owner(int shard, std::vector<MemberId> const& live);

// The free shards that `member` should take. `owners[shard]` is the live owner, none when it is
// free.
std::vector<int> share_of(MemberId member, std::vector<std::optional<MemberId>> const& owners,
                          std::vector<MemberId> const& live);
// The shards of `member` that another live member should have.
std::vector<int> surplus_of(MemberId member, std::vector<std::optional<MemberId>> const& owners,
                            std::vector<MemberId> const& live);

}  // namespace resolute::store
