// The sentences of a decision: what was decided, why, and what would make it permitted.
#pragma once

#include <string>
#include <vector>

#include "policy/decision.h"

namespace resolute::policy {

// A rule that did not match, with how far its condition held.
struct Miss {
    Rule const* rule = nullptr;
    Condition const* failing = nullptr;
    std::size_t held = 0;
    bool is_last = false;  // every other part of the condition holds
};

// The nearest first, at most limits::policy_near_misses.
std::vector<NearMiss> nearest(std::vector<Miss> misses, Values& values);

// Fills in sentence and remedy of a decision whose verdict, code and reasons are settled.
void explain(Decision& decision, Request const& request, std::vector<Miss> const& misses);

}  // namespace resolute::policy
