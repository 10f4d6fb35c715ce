#include "console/answers.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/spelling.h"
#include "net/problem.h"

namespace resolute::console {
namespace {

Json error_json(Diagnostic const& diagnostic) {
    return {{"pointer", diagnostic.pointer},
            {"code", diagnostic.code.empty() ? "invalid" : diagnostic.code},
            {"message", diagnostic.message},
            {"remedy", diagnostic.remedy}};
}

}  // namespace

net::Response answer(int status, Json const& body) { return net::json_response(status, body); }

net::Response answer(ApiProblem const& problem) {
    Json body{{"type", "about:blank"},
              {"title", problem.title},
              {"status", problem.status},
              {"detail", problem.detail},
              {"code", problem.code}};
    if (!problem.remedy.empty()) body["remedy"] = problem.remedy;
    if (!problem.errors.empty()) {
        body["errors"] = Json::array();
        for (auto const& error : problem.errors) body["errors"].push_back(error_json(error));
    }
    net::Response response{
        problem.status, {{"Content-Type", "application/problem+json"}}, to_text(body)};
    if (problem.status == 429 || problem.status == 503)
        response.headers.push_back({"Retry-After", "1"});
    return response;
}

ApiProblem problem_of(Failure const& failure) {
    auto const status = failure.status >= 400 && failure.status <= 599 ? failure.status : 500;
    return {status,
            failure.code.empty() ? "failed" : failure.code,
            failure.title.empty() ? "The request failed" : failure.title,
            failure.detail,
            {},
            {}};
}

ApiProblem not_found(std::string const& what) {
    return {404, "not_found", "There is no such thing", "There is no " + what + ".", {}, {}};
}

ApiProblem malformed(std::string detail, Diagnostics errors) {
    return {400, "malformed_request", "The request cannot be read", std::move(detail),
            {},  std::move(errors)};
}

ApiProblem malformed(Diagnostics errors) {
    auto detail = to_string(errors);
    return malformed(std::move(detail), std::move(errors));
}

Result<std::uint64_t> read_number(net::Query const& query, QueryNumber const& expected) {
    auto const given = query.find(expected.name);
    if (!given) return expected.otherwise;
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
    bool const is_whole = error == std::errc{} && end == given->data() + given->size();
    if (is_whole && number >= expected.least && number <= expected.most) return number;
    return Diagnostic{.code = "wrong_type",
                      .message = "`" + std::string(expected.name) +
                                 "` must be a whole number from " + std::to_string(expected.least) +
                                 " to " + std::to_string(expected.most) + "."};
}

Result<std::uint64_t> read_limit(net::Query const& query) {
    return read_number(query, {"limit", 1, limits::page_longest, limits::page_default});
}

Result<Json> read_body(std::string const& text, std::vector<std::string> const& required,
                       std::vector<std::string> const& optional) {
    auto body = parse_json(text);
    if (!body) return body.diagnostics();
    if (!body->is_object())
        return Diagnostic{.code = "wrong_type", .message = "The body must be a JSON object."};
    Diagnostics problems;
    auto known = required;
    known.insert(known.end(), optional.begin(), optional.end());
    for (auto const& [name, value] : body->items())
        if (std::ranges::find(known, name) == known.end())
            problems.push_back({.code = "unknown_member",
                                .message = "`" + name + "` is not known here.",
                                .remedy = did_you_mean(name, known),
                                .pointer = "/" + name});
    for (auto const& [name, value] : body->items())  // texts that become columns of the database
        if (value.is_string() &&
            value.get_ref<std::string const&>().find('\0') != std::string::npos)
            problems.push_back({.code = "wrong_type",
                                .message = "`" + name + "` must not have the character U+0000.",
                                .pointer = "/" + name});
    for (auto const& name : required)
        if (!body->contains(name))
            problems.push_back({.code = "missing_member",
                                .message = "`" + name + "` is missing.",
                                .pointer = "/" + name});
    if (!problems.empty()) return problems;
    return body;
}

}  // namespace resolute::console
