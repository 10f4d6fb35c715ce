// What somebody does to a stored history who can write to the database and knows how rows look.
#pragma once

#include <functional>
#include <string>

#include "engine/codec.h"

namespace resolute::testing {

// Changes one event of a run, whatever row it is in. Throws std::runtime_error when there is none.
void change_event(std::string const& url, RunId run, std::uint64_t sequence,
                  std::function<void(EncodedEvent&)> const& change);

}  // namespace resolute::testing
