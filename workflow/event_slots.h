// Which events a step listens for, slot by slot: what is asked of the store, and what was heard.
//
// The slots are numbered through: its filters first, then those of the events that end it.
#pragma once

#include "engine/run.h"
#include "workflow/arguments.h"

namespace resolute::workflow {

EventFilter const& filter_at(Listen const& what, int slot);
// It is there to end the listening, and is no part of what was heard.
bool is_end_of(Listen const& what, Listening::Heard const& heard);

// What the store is to look for next; `listening`: nothing before the first. Throws Fault.
Payload filters_of(Listen const& what, Listening const* listening, Arguments& arguments);

// The slots that the store looks for: those that end the listening first.
std::vector<int> slots_in_order(Listen const& what, Payload const& filters);

// What the author sees of the events, those that end it left out.
Payload list_of(Listen const& what, Listening const& listening);

// Nothing more is to be heard. `list`: what was heard, or made of it, so far. Throws Fault.
bool is_enough(Listen const& what, Listening const& listening, Payload const& list,
               Arguments& arguments);

}  // namespace resolute::workflow
