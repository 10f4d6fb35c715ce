// How many runs that belong together go at a time, or begin in a time, as a workflow's author wrote
// it (`document.metadata.limits`): a run has a place under each of its keys before its work begins.
//
// Immutable, a part of its Definition. Pure.
#pragma once

#include "workflow/tree.h"

namespace resolute::workflow {

struct Rate {
    std::int64_t many = 1;
    Duration per{};
};

struct Limit {
    // Which runs share a place: those with the same value of an expression over the input, of one
    // case, of one tenant, or all. From narrow to wide, the order in which places are waited for: a
    // run that waits in a narrow queue holds none that others could use.
    enum class Of { value, of_case, tenant, workflow };

    Of of = Of::workflow;
    std::string name;  // shared by the workflows that use it; "": this workflow's own
    Template value;
    std::optional<std::int64_t> concurrency;
    std::optional<Rate> rate;
};

struct Admission {
    std::vector<Limit> limits;
    Template priority;  // a whole number; larger goes first within a tenant
};

// What a run waits for, one after the other: {key, priority, most?, many?, perMs?}. All runs wait
// in one order of keys, so that no two wait for each other. Throws Fault when an expression does
// not yield what it should.
std::vector<Json> places_of(Admission const& admission, RunStarted const& started,
                            Arguments& arguments);

}  // namespace resolute::workflow
