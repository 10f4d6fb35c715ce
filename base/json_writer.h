// JSON text appended to a string, without detours: what the hot path writes.
//
// Pure; usable from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace resolute {

// The bytes of to_text.
void write_text(std::string& out, Json const& value);

// Text as a JSON string with the fewest escapes, as both to_text and RFC 8785 write it. False where
// it is no UTF-8; what was appended is to be thrown away then.
bool write_json_string(std::string& out, std::string_view text);

// The canonical bytes (base/canonical_json.h) of a value that lies `depth` levels deep in another;
// false where canonical_json would refuse, and then what was appended is to be thrown away.
bool write_canonical(std::string& out, Json const& value, std::size_t depth = 0);

}  // namespace resolute
