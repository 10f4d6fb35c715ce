#include "workflow/read_http.h"

#include <algorithm>
#include <cctype>

#include "base/spelling.h"
#include "workflow/read_authentication.h"
#include "workflow/uri_template.h"

namespace resolute::workflow {
namespace {

using Members = std::map<std::string, Template>;

// What the method does decides about the gate, so it has to be known when the document is loaded.
std::string read_method(Reading& reading, Fields& with) {
    auto written = with.required_text("method");
    if (!written) return {};
    auto method = *written;
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto const& known = http_methods();
    if (std::ranges::find(known, method) != known.end()) return method;
    bool const computes = written->find("${") != std::string::npos;
    auto const near = did_you_mean(method, known);
    reading.problems.error(
        *with.find("method"), codes::invalid_value,
        computes ? "`method` must be written out, because it says whether the call changes "
                   "something."
                 : "`" + *written + "` is not a method.",
        computes       ? "Write one step for each, and choose with a `switch`."
        : near.empty() ? "Use get, head, options, post, put, patch or delete."
                       : near.substr(1));
    return {};
}

}  // namespace

std::vector<std::string> const& http_methods() {
    static std::vector<std::string> const methods{"get", "head",  "options", "post",
                                                  "put", "patch", "delete"};
    return methods;
}

Template read_address(Reading& reading, Node const& node) {
    auto read = read_template(reading, node);
    auto const* literal = read.literal();
    if (!literal) return read;
    auto refuse = [&](std::string message, std::string remedy) {
        reading.problems.error(node, codes::malformed_url, std::move(message), std::move(remedy));
        return Template();
    };
    auto const text = literal->json().is_string() ? literal->json().get<std::string>() : "";
    if (!text.starts_with("http://") && !text.starts_with("https://") && !text.starts_with("{"))
        return refuse("`" + text.substr(0, 200) + "` is no address.",
                      "Write it like https://host/path/{name}.");
    auto parsed = UriTemplate::parse(text);
    if (parsed) return Template::uri(std::move(*parsed));
    auto const& problem = parsed.diagnostics().front();
    return refuse(problem.message, problem.remedy);
}

void read_endpoint(Reading& reading, Node const& node, Members& members) {
    if (!node.is(Node::Kind::map)) {
        members.emplace("uri", read_address(reading, node));
        return;
    }
    Fields endpoint(node, "`endpoint`", reading.problems);
    if (auto const* uri = endpoint.require("uri"))
        members.emplace("uri", read_address(reading, *uri));
    if (auto const* authentication = endpoint.find("authentication"))
        if (auto read = read_authentication(reading, *authentication))
            members.emplace("authentication", std::move(*read));
    endpoint.finish();
}

void read_http_answer(Reading& reading, Fields& with, Members& members) {
    if (auto const output = with.text("output")) {
        if (*output != "content" && *output != "raw" && *output != "response")
            reading.problems.error(*with.find("output"), codes::invalid_value,
                                   "`output` is one of content, raw and response.",
                                   did_you_mean(*output, {"content", "raw", "response"}));
        members.emplace("output", constant(*output));
    }
    if (auto const redirect = with.boolean("redirect"))
        members.emplace("redirect", constant(*redirect));
}

Call read_http(Reading& reading, Fields& with) {
    Call call;
    Members arguments;
    call.target_place = place_of(with.node());
    auto const method = read_method(reading, with);
    if (auto const* node = with.find("method")) call.target_place = place_of(*node);
    call.target = "http." + method;
    if (auto const* endpoint = with.require("endpoint"))
        read_endpoint(reading, *endpoint, arguments);
    for (auto const* key : {"headers", "query"}) {
        auto const* node = with.find(key);
        if (!node) continue;
        if (!node->is(Node::Kind::map) && !node->is(Node::Kind::text))
            reading.problems.error(
                *node, codes::wrong_type,
                "`" + std::string(key) + "` must be a map, or an expression in `${ }`.");
        arguments.emplace(key, read_template(reading, *node));
    }
    if (auto const* body = with.find("body"))
        arguments.emplace("body", read_template(reading, *body));
    read_http_answer(reading, with, arguments);
    call.request = tool_request(call.target, std::move(arguments));
    return call;
}

}  // namespace resolute::workflow
