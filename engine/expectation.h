// Which fact is the answer to which command. Pure.
#pragma once

#include <optional>

#include "engine/command.h"

namespace resolute {

StepId step_of(Fact const& fact);  // "" = of the run
std::optional<StepId> step_of(Command const& command);
// The intent that a fact brings.
ActivityIntent const* intent_of(Fact const& fact);

// What was recorded of a request, as the workflow may have asked for it: a gate adds the version of
// the contract that it let the call through under, unless the workflow named one.
Json as_asked(Json recorded, Json const& asked);

// Facts that happen only because the workflow asked.
bool can_be_asked_for(Fact const& fact);
// `asked_at`: a time that was counted from then is counted from when the fact was recorded.
bool answers(Command const& command, Timestamp asked_at, Event const& event);

// {kind, …}, for people: what a command asks for is described as the fact that answers it.
Json described(Fact const& fact);
Json described(Command const& command);

}  // namespace resolute
