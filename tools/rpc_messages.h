// The JSON-RPC messages in an answer over HTTP: one as the body, or several as server-sent events.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace resolute::tools {

// Of `data` in a text of type text/event-stream, one for each event that has any.
std::vector<std::string> event_data(std::string_view stream);

// `response` is what a built-in request puts out for `output: response`.
std::vector<std::string> messages_in(Json const& response);

// A header of such a response, whatever the case of its name; "" when there is none.
std::string header_in(Json const& response, std::string_view name);

}  // namespace resolute::tools
