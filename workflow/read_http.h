// What stands in the `with` of `call: http`.
//
// Internal to the loader. Makes a request for the built-in tool of that method, `http.post` and the
// like: {tool, arguments: {uri, headers?, query?, body?, output?, redirect?, authentication?}}, see
// tools/request_contracts.h.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

Call read_http(Reading& reading, Fields& with);

// The methods, in lower case, each of which is a built-in tool `http.METHOD`.
std::vector<std::string> const& http_methods();

// An address in text: an RFC 6570 template over the step's input, or an expression in `${ }`.
Template read_address(Reading& reading, Node const& node);

// `endpoint`: an address, or {uri, authentication}. Puts `uri` and `authentication` into members.
void read_endpoint(Reading& reading, Node const& node, std::map<std::string, Template>& members);

// `output` and `redirect`, which every call over HTTP has.
void read_http_answer(Reading& reading, Fields& with, std::map<std::string, Template>& members);

}  // namespace resolute::workflow
