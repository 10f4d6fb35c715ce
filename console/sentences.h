// What happened, in one sentence for people: by template from the facts, never by a model.
#pragma once

#include <string>

#include "engine/fact.h"

namespace resolute::console {

std::string sentence_of(Fact const& fact);

// The step that a fact is about; "" for facts about the run.
StepId step_of(Fact const& fact);

}  // namespace resolute::console
