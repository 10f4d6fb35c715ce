// What is known about a run at the moment when it is set aside, for whoever looks into it.
#pragma once

#include <string>

#include "engine/event_store.h"

namespace resolute::shell {

// JSON: reason, time, what it waited for, its open calls and its last events. Never throws for a
// history that cannot be read: then it says so.
std::string diagnostic_bundle(EventStore& store, RunId run, std::string const& reason,
                              Timestamp at);

}  // namespace resolute::shell
