#include "engine/store/shares.h"

#include <algorithm>

#include "base/digest.h"

namespace resolute::store {

MemberId fair_owner(int shard, std::vector<MemberId> const& live) {
    auto weight = [&](MemberId member) {
        std::string_view const id(reinterpret_cast<char const*>(member.value.data()),
                                  member.value.size());
        return sha256({id, std::to_string(shard)});
    };
    return *std::ranges::max_element(live, {}, weight);
}

std::vector<int> share_of(MemberId member, std::vector<std::optional<MemberId>> const& owners,
                          std::vector<MemberId> const& live) {
    std::vector<int> share;
    for (int shard = 0; shard < static_cast<int>(owners.size()); ++shard)
        if (!owners[static_cast<std::size_t>(shard)] && fair_owner(shard, live) == member)
            share.push_back(shard);
    return share;
}

std::vector<int> surplus_of(MemberId member, std::vector<std::optional<MemberId>> const& owners,
                            std::vector<MemberId> const& live) {
    std::vector<int> surplus;
    for (int shard = 0; shard < static_cast<int>(owners.size()); ++shard)
        if (owners[static_cast<std::size_t>(shard)] == member && fair_owner(shard, live) != member)
            surplus.push_back(shard);
    return surplus;
}

}  // namespace resolute::store
