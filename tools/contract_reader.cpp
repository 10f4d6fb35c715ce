#include "tools/contract_reader.h"

#include <algorithm>
#include <cctype>

#include "base/canonical_json.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "engine/names.h"
#include "tools/call_reader.h"
#include "tools/contract_lint.h"

namespace resolute::tools {
namespace {

// The node at a JSON pointer, or the nearest one around it.
Node const& node_at(Node const& root, std::string_view pointer) {
    Node const* here = &root;
    while (pointer.size() > here->pointer.size() - root.pointer.size()) {
        auto is_on_the_way = [&](Node const& child) {
            auto const path = std::string_view(child.pointer).substr(root.pointer.size());
            return pointer.starts_with(path) &&
                   (pointer.size() == path.size() || pointer[path.size()] == '/');
        };
        Node const* next = nullptr;
        for (auto const& member : here->members)
            if (is_on_the_way(member.value)) next = &member.value;
        for (auto const& item : here->items)
            if (is_on_the_way(item)) next = &item;
        if (!next) break;
        here = next;
    }
    return *here;
}

std::optional<JsonSchema> read_schema(Fields& fields, std::string_view key) {
    auto const* node = fields.require(key);
    if (!node) return std::nullopt;
    auto schema = JsonSchema::compile(to_json(*node));
    if (schema) return std::move(*schema);
    for (auto const& problem : schema.diagnostics())
        fields.problems().error(node_at(*node, problem.pointer), problem.code.c_str(),
                                problem.message, problem.remedy);
    return std::nullopt;
}

void check_name(Fields& fields, std::string_view key, std::string const& text) {
    auto is_fine = [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '.' || c == '-';
    };
    if (text.size() > limits::tool_name_bytes || !std::ranges::all_of(text, is_fine))
        wrong(fields, key, codes::invalid_name, "`" + text + "` cannot be used as a name.",
              "Use letters, digits, `_`, `.` and `-`.");
}

template <Named E>
std::vector<std::string> words_of() {
    return {Names<E>::list.begin(), Names<E>::list.end()};
}

void read_head(Fields& fields, Contract& contract) {
    contract.name = required_name(fields, "tool").value_or("");
    contract.version = required_name(fields, "version").value_or("");
    check_name(fields, "tool", contract.name);
    check_name(fields, "version", contract.version);
    contract.title = fields.text("title").value_or("");
    contract.description = fields.text("description").value_or("");
    contract.sentence = fields.text("sentence").value_or("");
    if (auto const effect = word(fields, "effect", words_of<Effect>()))
        contract.effect = *parse_name<Effect>(*effect);
    contract.resolves_by_person = word(fields, "unsafe", {"human_resolves"}).has_value();
}

void read_retry_on(Fields& retry, Contract& contract) {
    auto const* list = retry.find("on");
    if (!list || !workflow::expect(*list, Node::Kind::list, "`on`", retry.problems())) return;
    contract.retry_on.emplace();
    auto const known = words_of<RetryOn>();
    for (auto const& item : list->items) {
        auto const written = workflow::read_text(item, "An item of `on`", retry.problems());
        if (!written) continue;
        if (auto const kind = parse_name<RetryOn>(*written))
            contract.retry_on->insert(*kind);
        else
            retry.problems().error(
                item, codes::invalid_value, "`" + *written + "` is nothing that can be retried on.",
                "It is one of " + list_of(known) + "." + did_you_mean(*written, known));
    }
}

void read_retry(Fields& fields, Contract& contract) {
    auto const* node = fields.find("retry");
    if (!node) return;
    Fields retry(*node, "`retry`", fields.problems());
    auto& terms = contract.terms;
    terms.attempts = static_cast<int>(
        retry.whole("attempts", 1, limits::tool_attempts).value_or(terms.attempts));
    terms.first_delay = duration(retry, "delay").value_or(terms.first_delay);
    terms.longest_delay =
        duration(retry, "longest").value_or(std::max(terms.longest_delay, terms.first_delay));
    if (terms.longest_delay < terms.first_delay)
        wrong(retry, "longest", codes::invalid_value,
              "`longest` is shorter than the first `delay`.");
    auto const backoff = word(retry, "backoff", {"constant", "linear", "exponential"});
    if (backoff == "constant") terms.backoff = Terms::Backoff::constant;
    if (backoff == "linear") terms.backoff = Terms::Backoff::linear;
    read_retry_on(retry, contract);
    retry.finish();
}

void read_verify(Fields& fields, Contract& contract) {
    auto const* node = fields.find("verify");
    if (!node) return;
    Fields verify(*node, "`verify`", fields.problems());
    auto const tool = required_name(verify, "tool");
    auto required = [&](char const* key) {
        verify.require(key);
        return expression(verify, key, {"call"});
    };
    auto arguments = required("arguments");
    auto applied = required("applied");
    auto absent = required("absent");
    auto result = expression(verify, "result", {"call"});
    auto& terms = contract.terms;
    terms.settle = duration(verify, "settle").value_or(terms.settle);
    terms.verify_every = duration(verify, "every").value_or(terms.verify_every);
    terms.verify_within = duration(verify, "within").value_or(terms.verify_within);
    verify.finish();
    if (!tool || !arguments || !applied || !absent) return;
    contract.verify = Verify{*tool, std::move(*arguments), std::move(*applied), std::move(*absent),
                             std::move(result)};
}

void read_limits(Fields& fields, Contract& contract) {
    if (auto const* node = fields.find("limits")) {
        Fields limits(*node, "`limits`", fields.problems());
        contract.concurrency = static_cast<std::size_t>(
            limits.whole("concurrency", 1, limits::tool_concurrency).value_or(0));
        if (auto const written = limits.text("rate")) {
            contract.rate = parse_rate(*written);
            if (!contract.rate || contract.rate->calls > limits::tool_concurrency)
                wrong(limits, "rate", codes::invalid_value,
                      "`" + *written + "` is no rate that can be kept.",
                      "Write calls per second, minute or hour: `50/s`, `100/min`, `1000/h`.");
        }
        refuse(limits, "per", "Remove it.");
        limits.finish();
    }
    if (auto const* node = fields.find("breaker")) {
        Fields breaker(*node, "`breaker`", fields.problems());
        contract.breaker.failures =
            static_cast<int>(breaker.whole("failures", 1, limits::breaker_failures)
                                 .value_or(contract.breaker.failures));
        contract.breaker.pause = duration(breaker, "pause").value_or(contract.breaker.pause);
        breaker.finish();
    }
}

void read_idempotency(Fields& fields, Contract& contract) {
    auto const* node = fields.find("idempotency");
    if (!node) return;
    Fields idempotency(*node, "`idempotency`", fields.problems());
    idempotency.require("window");
    contract.idempotency_window = duration(idempotency, "window");
    idempotency.finish();
}

void read_terms(Fields& fields, Contract& contract) {
    contract.terms.timeout = duration(fields, "timeout").value_or(contract.terms.timeout);
    read_retry(fields, contract);
    read_verify(fields, contract);
    read_idempotency(fields, contract);
    read_limits(fields, contract);
    contract.terms.can_verify = contract.verify.has_value();
    contract.terms.resend_is_safe = contract.idempotency_window.has_value();
    refuse(fields, "compensate", "Call the compensating tool from the workflow's `catch`.");
    refuse(fields, "permissions", "Write a policy rule instead.");
    refuse(fields, "labels", "Write a policy rule instead.");
}

void set_digest(Node const& root, Contract& contract, Problems& problems) {
    contract.document = to_json(root);
    auto const bytes = canonical_json(contract.document);
    if (bytes)
        contract.digest = sha256(*bytes);
    else
        for (auto const& problem : bytes.diagnostics())
            problems.error(node_at(root, problem.pointer), problem.code.c_str(), problem.message,
                           problem.remedy);
}

Result<Contract> read(Node const& root, std::string const& file, Environment const& environment) {
    Problems problems(file);
    Contract contract;
    Fields fields(root, "A contract", problems);
    read_head(fields, contract);
    auto input = read_schema(fields, "input");
    auto output = read_schema(fields, "output");
    Expander expander(environment, problems);
    std::optional<Call> call;
    if (auto const* node = fields.require("call"); node && input)
        call = read_call(*node, input->source(), expander, problems);
    read_terms(fields, contract);
    fields.finish();
    if (input && output && call) {
        contract.input = std::move(*input);
        contract.output = std::move(*output);
        contract.call = std::move(*call);
        lint(contract, fields);
    }
    contract.secrets = expander.take_secrets();
    contract.file = file;
    for (auto const* key : {"tool", "call", "verify"})
        if (auto const* node = fields.find(key)) contract.places[key] = workflow::place_of(*node);
    set_digest(root, contract, problems);
    if (problems.has_errors()) return problems.in_order();
    return contract;
}

std::string escaped(std::string key) {
    std::string result;
    for (char const c : key) result += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return result;
}

Node::Kind kind_of(Json const& value) {
    if (value.is_object()) return Node::Kind::map;
    if (value.is_array()) return Node::Kind::list;
    if (value.is_string()) return Node::Kind::text;
    if (value.is_boolean()) return Node::Kind::boolean;
    return value.is_number() ? Node::Kind::number : Node::Kind::null;
}

Node node_of(Json const& value, std::string const& pointer) {
    Node node{.kind = kind_of(value), .style = Node::Style::quoted, .pointer = pointer};
    if (value.is_object())
        for (auto const& [key, item] : value.items())
            node.members.push_back({key, 0, 0, node_of(item, pointer + "/" + escaped(key))});
    else if (value.is_array())
        for (auto const& item : value)
            node.items.push_back(node_of(item, pointer + "/" + std::to_string(node.items.size())));
    else
        node.scalar = value;
    return node;
}

}  // namespace

Result<Contract> read_contract(std::string_view yaml, std::string const& file,
                               Environment const& environment) {
    auto root = workflow::read_yaml(yaml, file);
    if (!root) return root.diagnostics();
    return read(*root, file, environment);
}

Result<Contract> contract_from_json(Json const& document, Environment const& environment) {
    return read(node_of(document, {}), {}, environment);
}

}  // namespace resolute::tools
