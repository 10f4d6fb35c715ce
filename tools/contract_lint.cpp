#include "tools/contract_lint.h"

#include <algorithm>

#include "base/spelling.h"
#include "engine/settlement.h"
#include "tools/call_reader.h"

namespace resolute::tools {
namespace {

// From the first attempt to the end of the last one, when every one of them takes all its time and
// the answer of the last has to be asked for by sending it again.
Duration retry_horizon(Terms const& terms) {
    auto horizon = terms.timeout * terms.attempts;
    for (int next = 2; next <= terms.attempts; ++next) horizon += delay_before(terms, next);
    return horizon + resend_horizon(terms);
}

void lint_read(Contract const& contract, Fields& fields) {
    auto useless = [&](std::string_view key, std::string message) {
        wrong(fields, key, codes::invalid_value, std::move(message),
              "Remove `" + std::string(key) + "`.");
    };
    if (contract.verify) useless("verify", "A read has no effect that could be verified.");
    if (contract.idempotency_window) useless("idempotency", "A read can be repeated anyway.");
    if (contract.resolves_by_person) useless("unsafe", "A read is never unsafe.");
}

void lint_idempotency(Contract const& contract, Fields& fields) {
    if (!carries_key(contract.call))
        wrong(fields, "idempotency", codes::unsafe_write,
              "It promises that a repeated key is honoured, but no key is sent.",
              "Add `idempotencyHeader` to `http`, or `idempotencyArgument` to `mcp`.");
    auto const horizon = retry_horizon(contract.terms);
    if (*contract.idempotency_window <= horizon)
        wrong(fields, "idempotency", codes::unsafe_write,
              "The key is forgotten after " + to_string(*contract.idempotency_window) +
                  ", but retries may go on for " + to_string(horizon) + ".",
              "Retry less, or set the window that the system really keeps.");
}

void lint_write(Contract const& contract, Fields& fields) {
    auto const* http = std::get_if<HttpCall>(&contract.call);
    if (http && (http->method == "GET" || http->method == "HEAD"))
        wrong(fields, "effect", codes::unsafe_write,
              "What changes something cannot be called with " + http->method +
                  ", which anybody may repeat.",
              "Say `effect: read`, or use another method.");
    if (contract.idempotency_window) lint_idempotency(contract, fields);
    bool const has_way =
        fields.find("verify") || fields.find("idempotency");  // perhaps a broken one
    if (has_way && contract.resolves_by_person)
        wrong(fields, "unsafe", codes::invalid_value,
              "It says that only a person can tell, but there is another way.", "Remove `unsafe`.");
    if (!has_way && !contract.resolves_by_person)
        wrong(fields, "effect", codes::unsafe_write,
              "When its answer is lost, nothing can tell whether it happened.",
              "Add `verify` or `idempotency`; or `unsafe: human_resolves`, and a person is asked "
              "every time.");
}

void lint_sentence(Contract const& contract, Fields& fields) {
    auto const known = property_names(contract.input.source());
    for (auto const& path : names_in_sentence(contract.sentence)) {
        auto const name = path.substr(0, path.find('.'));
        if (name != "case" && std::ranges::find(known, name) == known.end())
            wrong(fields, "sentence", codes::unknown_reference,
                  "`{" + name + "}` is not a property of `input`.",
                  "Name one of " + list_of(known) + ", or `case`." + did_you_mean(name, known));
    }
}

}  // namespace

std::vector<std::string> names_in_sentence(std::string_view sentence) {
    std::vector<std::string> names;
    for (auto open = sentence.find('{'); open != std::string_view::npos;
         open = sentence.find('{', open + 1)) {
        auto const close = sentence.find('}', open);
        if (close == std::string_view::npos) break;
        names.emplace_back(sentence.substr(open + 1, close - open - 1));
    }
    return names;
}

void lint(Contract const& contract, Fields& fields) {
    if (contract.is_read())
        lint_read(contract, fields);
    else
        lint_write(contract, fields);
    lint_sentence(contract, fields);
}

}  // namespace resolute::tools
