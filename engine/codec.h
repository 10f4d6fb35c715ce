// Facts as bytes: a small number for the kind and a compact JSON object for the body.
//
// The bytes are what the chain covers and what the store keeps; they are never rewritten. Reading
// ignores members that it does not know, so an older engine can show a newer history.
#pragma once

#include <string>
#include <string_view>

#include "engine/fact.h"

namespace resolute {

// An event as the store keeps it.
struct EncodedEvent {
    std::uint64_t sequence = 0;
    Timestamp at;
    std::int16_t kind = 0;
    std::string body;   // JSON text
    Digest chain;       // see engine/chain.h

    bool operator==(EncodedEvent const&) const = default;
};

std::int16_t kind_number(Fact const& fact);
// "activity_started"; "unknown" for a number of a later version
std::string_view kind_name(std::int16_t kind);
std::string encode(Fact const& fact);
// Throws CorruptHistory when the body is not what the kind promises.
Fact decode(std::int16_t kind, std::string_view body);

Event decode(EncodedEvent const& event);

}  // namespace resolute
