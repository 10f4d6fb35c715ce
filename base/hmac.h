// HMAC-SHA-256 (RFC 2104): what a receiver who shares a secret with us knows our messages by.
#pragma once

#include <string_view>

#include "base/digest.h"

namespace resolute {

// Thread-safe.
Digest hmac_sha256(std::string_view key, std::string_view text);

}  // namespace resolute
