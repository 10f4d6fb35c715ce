// Reads the body of a fact as our own writer wrote it, without building a JSON tree.
//
// A history is proved by its chain before it is believed, so payloads are taken as they are and
// parsed when somebody looks at them. Whatever the writer would not have written (white space,
// escapes outside payloads, other types) is left to the reader in engine/codec.cpp. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "engine/fact.h"

namespace resolute {

// None when the body is not in the plain form; that says nothing about its being valid.
std::optional<Fact> read_quickly(std::int16_t kind, std::string_view body);

}  // namespace resolute
