// A letter about a closed case: a workflow whose effect is a C++ function of this program.
//
// The activity `letters.write` puts one file into a folder and names it by the key of its step, so
// that a letter is there once however often it is tried, and a lost answer can be looked up.
#pragma once

#include <string>

#include "examples/code_first/refund.h"
#include "workflow/sdk/activities.h"

namespace refund_in_code {

struct Letter {
    std::string file;  // in the folder
};
constexpr auto shape_of(Letter const*) { return std::tuple(sdk::field("file", &Letter::file)); }

// `refunds/statement-in-code`: what became of a case goes in, a Letter comes out.
sdk::Code statement_workflow();
// The folder is made when it is not there.
void add_letters(sdk::Activities& activities, std::string const& folder);

}  // namespace refund_in_code
