// Applies the rules about one tool to one request and joins what they say: deny > require approval
// > permit.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "policy/decision.h"

namespace resolute::policy {

// `rules`: nullptr when the tool is unknown. May throw std::bad_alloc.
Decision decide(Request const& request, std::vector<Rule const*> const* rules,
                std::set<std::string> const& implemented);

}  // namespace resolute::policy
