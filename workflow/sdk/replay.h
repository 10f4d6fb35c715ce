// A recorded history against the code of today: for tests, before a program goes out.
//
// `resolute history RUN --json > history.jsonl` exports a run. Nothing is performed: the code is
// given what was recorded, and what it asks for is compared.
#pragma once

#include "engine/comparison.h"
#include "workflow/sdk/code.h"

namespace resolute::sdk {

struct Replayed {
    // Where it would go another way: the event, the step, and what differs, by JSON pointer.
    std::optional<Difference> first;
    std::uint64_t compared = 0;  // facts that the code asked for as they were recorded

    explicit operator bool() const { return !first; }
};

// `history` is the text of such a file. Throws InvalidInput when it is none.
Replayed replay(Code const& code, std::string_view history);
Replayed replay(Code const& code, std::vector<Event> const& history);

}  // namespace resolute::sdk
