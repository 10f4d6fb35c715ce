// What an expression reads of its input: nothing, some of its members, or who knows what.
//
// Pure, and it errs on the side of reading more. It keeps conversions small, and keeps an integer
// that jq would round from spoiling expressions that never look at it.
#pragma once

#include <set>
#include <span>
#include <string>

#include "workflow/expression_token.h"

namespace resolute::workflow {

struct InputUse {
    bool everything = false;
    std::set<std::string> members;  // unless everything

    bool is_nothing() const { return !everything && members.empty(); }
};

InputUse input_use(std::span<Token const> tokens);

}  // namespace resolute::workflow
