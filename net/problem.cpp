#include "net/problem.h"

namespace resolute::net {

Response problem_response(Problem const& problem) {
    Json body = {{"type", "urn:resolute:problem:" + problem.code},
                 {"code", problem.code},
                 {"title", problem.title},
                 {"status", problem.status},
                 {"detail", problem.detail}};
    return {problem.status, {{"Content-Type", "application/problem+json"}}, to_text(body)};
}

Response json_response(int status, Json const& body) {
    return {status, {{"Content-Type", "application/json"}}, to_text(body)};
}

}  // namespace resolute::net
