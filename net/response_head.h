// The start line and headers of an answer as text. Internal to the server; pure but for the date.
#pragma once

#include <string>

#include "base/clock.h"
#include "net/http_message.h"

namespace resolute::net {

// `owned` are the headers that the server decides itself: framing, connection, date. The same names
// among `headers` are left out.
std::string response_head(int status, Headers const& headers, Headers const& owned, Timestamp now);

bool may_have_body(int status);

// One piece of a chunked body, RFC 9112 section 7.1. Not for empty bytes: an empty chunk is the
// end.
std::string as_chunk(std::string const& bytes);

}  // namespace resolute::net
