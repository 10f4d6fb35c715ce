// Answers of the API: JSON pages and problems in one shape.
#pragma once

#include "console/surface.h"
#include "net/http_message.h"

namespace resolute::console {

net::Response answer(int status, Json const& body);
net::Response answer(ApiProblem const& problem);
ApiProblem problem_of(Failure const& failure);

ApiProblem not_found(std::string const& what);
ApiProblem malformed(std::string detail, Diagnostics errors = {});

// Strict reading of a request body: an object with just these members; every deviation is listed.
Result<Json> read_body(std::string const& text, std::vector<std::string> const& required,
                       std::vector<std::string> const& optional);

}  // namespace resolute::console
