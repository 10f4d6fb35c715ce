// How an expression is handed to jq: which program, and which values go with it.
//
// Pure. Paths such as $context.order.lines are followed here and only what they lead to goes to jq:
// it is small, and integers that jq would round do not matter outside of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/expression_token.h"
#include "workflow/input_use.h"
#include "workflow/native_expression.h"

namespace resolute::workflow {

// Everything in the tokens that must not be there: what reaches outside, and unknown variables.
Diagnostics jq_problems(std::string_view text, std::span<Token const> tokens,
                        std::vector<std::string> const& variables);

// Those of the variables that the tokens mention, sorted.
std::vector<std::string> mentioned(std::span<Token const> tokens,
                                   std::vector<std::string> const& variables);

struct JqPlan {
    // One value that goes along: a variable, or what a path from it leads to.
    struct Selection {
        std::string variable;
        std::vector<Json> path;  // keys and indexes; empty for the whole variable
    };

    native::NodePtr head;  // what makes the input of the program; none: the input itself
    InputUse use;  // how much of the input is needed
    std::vector<Selection> selections;
    std::string program;  // takes one array: the input, then what was selected
};

// The variables in full and the text as it stands.
JqPlan whole_plan(std::string_view text, std::span<Token const> tokens,
                  std::vector<std::string> const& mentions);

// The least that the text needs. Following its paths may fail where jq would perhaps never follow
// them; then the whole plan decides.
JqPlan pruned_plan(std::string_view text, std::span<Token const> tokens,
                   std::vector<std::string> const& mentions);

}  // namespace resolute::workflow
