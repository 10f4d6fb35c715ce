// The chores of the database that no run waits for: partitions ahead of time, old messages, dead
// members.
#pragma once

#include <string>

namespace resolute::store {

// Once an hour is plenty; harmless to repeat, from any process. Blocking; throws StoreUnavailable.
// Answers how many partitions are new.
int upkeep(std::string const& url);

}  // namespace resolute::store
