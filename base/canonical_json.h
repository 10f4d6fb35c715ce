// The one byte string of a JSON value (RFC 8785, JSON Canonicalization Scheme): what digests cover.
#pragma once

#include <string>

#include "base/digest.h"
#include "base/json.h"

namespace resolute {

// Keys sorted by UTF-16 code units, ECMAScript number form, minimal escapes, no white space.
// Refused, with the pointer of the place: NaN and infinities, integers beyond 2^53 (send them as
// strings), lone surrogates, invalid UTF-8.
Result<std::string> canonical_json(Json const& value);

// SHA-256 of the canonical bytes; throws InvalidInput where canonical_json would refuse.
Digest canonical_digest(Json const& value);

}  // namespace resolute
