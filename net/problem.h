// Error answers over HTTP as RFC 9457 problems, and JSON answers.
#pragma once

#include <string>

#include "base/json.h"
#include "net/http_message.h"

namespace resolute::net {

struct Problem {
    int status = 500;
    std::string code;    // stable, lower case, for programs
    std::string title;   // one sentence, the same for every occurrence
    std::string detail;  // what happened this time and what to do; may be empty
};

Response problem_response(Problem const& problem);  // application/problem+json
Response json_response(int status, Json const& body);

}  // namespace resolute::net
