// Makes a definition out of the text of a workflow, or says everything that is wrong with it.
#pragma once

#include <memory>

#include "workflow/tree.h"

namespace resolute::workflow {

// All problems of the file at once, each with line, column and how to mend it; an expression is
// compiled, a schema too. What is legal but odd is in the definition's `warnings`. `file` is only
// for messages.
Result<std::shared_ptr<Definition const>> load(std::string_view text, std::string const& file = {});

}  // namespace resolute::workflow
