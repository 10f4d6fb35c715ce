// What the owner of a tool promises: its name, types, effect, how it is reached, and how to learn
// what it did.
//
// An immutable value. Its digest covers the document that declared it, before `${NAME}` was
// replaced, so that no secret and no machine is part of it, and two machines agree on it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/json_schema.h"
#include "engine/activity_handler.h"
#include "engine/names.h"
#include "tools/breaker.h"
#include "tools/pace.h"
#include "tools/url_template.h"
#include "workflow/expression.h"
#include "workflow/problems.h"

namespace resolute::tools {

struct HttpCall {
    std::string method;
    UrlTemplate url;
    std::map<std::string, std::string> headers;
    std::string idempotency_header;               // "" = the system takes no key
    std::optional<workflow::Expression>
        body;     // over the arguments; else those that are not in the address
    std::optional<workflow::Expression> result;   // over the answer's body; else the body itself
    std::set<int> accepts;  // statuses outside 2xx whose body is a result too
    std::set<int> refuses;  // open statuses that here surely mean: nothing was done
};

struct McpCall {
    std::string server;
    std::string tool;  // the server's own name for it
    std::string idempotency_argument;  // "" = the tool takes no key
    std::optional<workflow::Expression> result;
    std::optional<Digest> pin;  // of the definition that the operator has read
};

// A program that reads the arguments as one JSON line and prints the result as JSON. Its key comes
// in the variable RESOLUTE_IDEMPOTENCY_KEY.
struct ProcessCall {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;
};

struct FunctionCall {
    std::string name;
};  // in this process, see tools/function.h

// What the requests of workflows may use and where they may go, as the operator has set it.
struct Reach {
    std::map<std::string, Json> secrets;  // by the name that workflows use; text or a map of texts
    std::vector<std::string> hosts;  // "api.shop", "*.shop", "127.0.0.1:8080"; none = all
    // MCP servers that workflows may start: the words that their commands begin with.
    std::vector<std::vector<std::string>> servers = {};
};

// Any HTTP request of one method: all of it is in the arguments. `call: http` uses these.
struct RequestCall {
    std::string method;
    std::shared_ptr<Reach const> reach;
};

// Reads an OpenAPI document and finds the request of one operation. `call: openapi` uses it.
struct OperationCall {
    std::shared_ptr<Reach const> reach;
};

// A program whose text is in the arguments. `run: shell` and `run: script` use it.
struct ProgramCall {
    enum class Language { shell, javascript, python } language = Language::shell;
};

// A request to an MCP server that the arguments name. `call: mcp` uses it.
struct ServerCall {
    std::shared_ptr<Reach const> reach;
};

// A request to an agent that speaks A2A, or the reading of its card. `call: a2a` uses these.
struct AgentCall {
    std::shared_ptr<Reach const> reach;
};
struct CardCall {
    std::shared_ptr<Reach const> reach;
};

using Call = std::variant<HttpCall, McpCall, ProcessCall, FunctionCall, RequestCall, OperationCall,
                          ProgramCall, ServerCall, AgentCall, CardCall>;

// An answer of which the owner says: surely not applied, try again.
enum class RetryOn { unavailable, rate_limited, timeout, conflict, too_early, server_error };

// How to learn from the system of record what became of an attempt whose answer is missing.
struct Verify {
    std::string tool;  // a read
    workflow::Expression arguments;  // over {idempotencyKey, arguments, attempt}, bound to $call
    workflow::Expression applied;  // over that tool's result: true or false
    workflow::Expression absent;
    std::optional<workflow::Expression>
        result;  // over that tool's result; else it is the result itself
};

struct Contract {
    std::string name;  // "payments.refund"
    std::string version;
    std::string title;
    std::string description;
    Effect effect = Effect::irreversible;  // what nobody classified is taken for the worst
    JsonSchema input;
    JsonSchema output;
    Call call;
    Terms terms;
    std::optional<std::set<RetryOn>>
        retry_on;  // none: a read may retry whatever is no refusal, a write nothing
    std::optional<Verify> verify;
    std::optional<Duration>
        idempotency_window;  // class A: a repeated key answers as the first time
    bool resolves_by_person = false;  // class C: `unsafe: human_resolves`
    std::string sentence;  // for the approval card: "Refund {amount} of {payment_id}"
    // In one process: calls at a time, 0 = as the engine bounds them; and calls in a time.
    std::size_t concurrency = 0;
    std::optional<Rate> rate;
    Breaker::Terms breaker;

    Json document;  // as declared
    Digest digest;  // of the document
    std::vector<std::string> secrets;  // values put into headers and environment; never shown
    std::string file;
    bool is_built_in = false;  // nobody's own: it has a call of its own in the language
    std::map<std::string, workflow::Place>
        places;  // of what is checked against other contracts: `tool`, `call`, `verify`

    bool is_read() const { return effect == Effect::read; }
    bool may_retry_on(RetryOn what) const {
        return retry_on ? retry_on->contains(what) : is_read();
    }
    std::string target() const { return name + "@" + version; }
};

}  // namespace resolute::tools

namespace resolute {
template <> struct Names<tools::RetryOn> {
    static constexpr std::array list{"unavailable", "rate_limited", "timeout",
                                     "conflict",    "too_early",    "server_error"};
};
template <> struct Names<tools::ProgramCall::Language> {
    static constexpr std::array list{"shell", "javascript", "python"};
};
}  // namespace resolute
