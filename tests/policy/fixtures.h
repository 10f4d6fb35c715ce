// The refund tool, its policy and a request that everything permits, for tests to change in one
// place.
#pragma once

#include "policy/set.h"

namespace resolute::policy {

inline Json refund_schema() {
    return Json::parse(R"({
        "type": "object",
        "additionalProperties": false,
        "required": ["payment_id", "amount", "currency"],
        "properties": {
            "payment_id": {"type": "string"},
            "amount": {"type": "integer", "minimum": 1, "x-render": "money"},
            "currency": {"type": "string", "enum": ["EUR", "USD", "GBP"]},
            "reason": {"type": "string"},
            "urgent": {"type": "boolean"},
            "items": {"type": "array", "items": {
                "type": "object", "properties": {"sku": {"type": "string"}}}}
        }
    })");
}

inline Tools refund_tools() {
    Tools tools;
    tools["payments.refund"] = {Effect::write, "1.2.0", refund_schema()};
    tools["payments.wipe"] = {Effect::irreversible, "1.0.0", Json{{"type", "object"}}};
    tools["orders.get_order"] = {Effect::read, "1.0.0", Json{{"type", "object"}}};
    return tools;
}

inline constexpr char refund_rules[] = R"(policy: refunds
version: 1.0.0
rules:
  - name: fraud_flag
    title: Customers with a fraud flag get no refund
    tools: [payments.refund]
    when: $facts.history.fraud_flag == true
    decide: deny
  - name: small_refund
    title: Small refunds in euros are paid at once
    tools: [payments.refund]
    when: $arguments.amount <= 10000 and $arguments.currency == "EUR"
    decide: permit
  - name: large_refund
    title: Refunds over EUR 100 need a second pair of eyes
    tools: [payments.refund]
    when: $arguments.amount > 10000
    decide: require_approval
    approval: { risk: medium, expiresAfter: PT48H }
)";

inline Set compile(std::string const& text, std::set<std::string> obligations = {}) {
    return Set::compile({{"refunds.yaml", text}}, {refund_tools(), std::move(obligations)}).value();
}

// One rule about payments.refund with this condition.
inline std::string rule_with(std::string const& condition, std::string const& decide = "permit") {
    return "policy: p\nversion: 1.0.0\nrules:\n  - name: the_rule\n    title: The rule\n    tools: "
           "[payments.refund]\n    when: '" +
           condition + "'\n    decide: " + decide + "\n";
}

inline Diagnostics problems_of(std::string const& text) {
    auto set = Set::compile({{"p.yaml", text}}, {refund_tools(), {}});
    return set ? Diagnostics{} : set.diagnostics();
}

// "file:line:column: message (remedy)", one per line.
inline std::string shown(Diagnostics const& all) {
    std::string text;
    for (auto const& one : all)
        text += one.file + ":" + std::to_string(one.line) + ":" + std::to_string(one.column) +
                ": " + one.message + (one.remedy.empty() ? "" : " (" + one.remedy + ")") + "\n";
    return text;
}

inline Request small_refund() {
    Request request;
    request.tenant = "acme";
    request.principal = {"person", "sam", {"support"}};
    request.tool = "payments.refund";
    request.tool_version = "1.2.0";
    request.effect = Effect::write;
    request.arguments =
        Payload(Json{{"payment_id", "pay_1"}, {"amount", 4800}, {"currency", "EUR"}});
    request.facts["history"] = Payload(Json{{"fraud_flag", false}, {"refunds", Json::array()}});
    request.workflow = "cases/refund";
    request.run = "run-1";
    request.case_id = "8812";
    return request;
}

inline Request with_argument(char const* name, Json value) {
    auto request = small_refund();
    auto arguments = request.arguments.json();
    arguments[name] = std::move(value);
    request.arguments = Payload(std::move(arguments));
    return request;
}

}  // namespace resolute::policy
