// Of PostgresStore: runs that are resumed with care after their process died.
#include "base/limits.h"
#include "engine/shard_of.h"
#include "engine/store/postgres_store.h"
#include "engine/store/queries.h"

namespace resolute::store {

void PostgresStore::put_on_probation(std::vector<RunId> const& runs, Trial trial, Timestamp at) {
    Array run(Type::uuid), shard(Type::int2);
    for (auto const& id : runs) {
        run.add_uuid(id.value);
        shard.add_integer(shard_of(id));
    }
    read(queries::put_on_probation, Parameters()
                                        .array(run)
                                        .array(shard)
                                        .uuid(options_.member.value)
                                        .boolean(trial == Trial::alone)
                                        .time(at));
}

Probation PostgresStore::acquit(Timestamp now) {
    auto const rows =
        read(queries::acquit,
             Parameters().uuid(options_.member.value).time(now).int4(limits::probation_longest_s));
    Probation probation{.left = rows.size()};
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!rows.at(i, 1).boolean()) probation.awake.push_back(RunId{rows.at(i, 0).uuid()});
    return probation;
}

std::vector<Suspect> PostgresStore::suspects(std::vector<int> const& shards, Timestamp now) {
    Array wanted(Type::int2);
    for (int const shard : shards) wanted.add_integer(shard);
    auto const rows =
        read(queries::suspects, Parameters().uuid(options_.member.value).array(wanted).time(now));
    std::vector<Suspect> suspects;
    for (std::size_t i = 0; i < rows.size(); ++i)
        suspects.push_back(
            {RunId{rows.at(i, 0).uuid()}, static_cast<int>(rows.at(i, 1).integer())});
    return suspects;
}

}  // namespace resolute::store
