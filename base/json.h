// JSON values and the strict reader for text that came from outside.
#pragma once

#include <string>
#include <string_view>

#include "base/json_library.h"
#include "base/result.h"

namespace resolute {

using Json = nlohmann::json;  // objects keep their keys sorted, so dumping is deterministic

// Parses RFC 8259 text. Refuses duplicate keys, lone surrogates, invalid UTF-8, numbers that would
// be rounded (integers beyond 64 bits), depth over limits::json_depth and size over
// limits::json_text_bytes.
Result<Json> parse_json(std::string_view text, std::string const& file = {});

// Compact text, keys sorted, UTF-8 kept as it is. Throws nothing for values made by parse_json.
std::string to_text(Json const& value);

}  // namespace resolute
