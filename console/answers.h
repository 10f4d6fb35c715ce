// Answers of the API: JSON pages and problems in one shape.
#pragma once

#include "console/surface.h"
#include "net/http_message.h"
#include "net/url.h"

namespace resolute::console {

net::Response answer(int status, Json const& body);
net::Response answer(ApiProblem const& problem);
ApiProblem problem_of(Failure const& failure);

ApiProblem not_found(std::string const& what);
ApiProblem malformed(std::string detail, Diagnostics errors = {});
ApiProblem malformed(Diagnostics errors);

// What a whole number of the query may be, and what it is when it is not given.
struct QueryNumber {
    char const* name;
    std::uint64_t least;
    std::uint64_t most;
    std::uint64_t otherwise;
};
Result<std::uint64_t> read_number(net::Query const& query, QueryNumber const& expected);
// How many items of a list are wanted at a time.
Result<std::uint64_t> read_limit(net::Query const& query);

// Strict reading of a request body: an object with just these members; every deviation is listed.
Result<Json> read_body(std::string const& text, std::vector<std::string> const& required,
                       std::vector<std::string> const& optional);

}  // namespace resolute::console
