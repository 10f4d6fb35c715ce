// What is wrong with a contract although every member of it is well-formed: promises that cannot be
// kept together.
#pragma once

#include "tools/contract.h"
#include "tools/reading.h"

namespace resolute::tools {

// Adds problems at the members of the contract that `fields` reads.
void lint(Contract const& contract, Fields& fields);

// What a sentence such as "Refund {amount} to {customer.name}" names: {"amount", "customer.name"}.
std::vector<std::string> names_in_sentence(std::string_view sentence);

}  // namespace resolute::tools
