// A large refund that waits for an approval, for tests to change in one place.
#pragma once

#include "approvals/ask.h"
#include "policy/set.h"

namespace resolute::approvals {

inline Json refund_schema() {
    return Json::parse(R"({
        "type": "object",
        "properties": {
            "payment_id": {"type": "string", "title": "Payment", "x-render": "id"},
            "amount": {"type": "integer", "x-render": "money"},
            "currency": {"type": "string"},
            "reason": {"type": "string"},
            "captured_at": {"type": "string", "format": "date-time"},
            "urgent": {"type": "boolean"}
        }
    })");
}

inline ToolFace refund_tool() {
    return {.name = "payments.refund",
            .version = "1.2.0",
            .title = "Refund a payment",
            .effect = Effect::write,
            .is_reversible = true,
            .sentence = "Refund {amount} of payment {payment_id} for case {case}",
            .input = refund_schema(),
            .contract = sha256("contract"),
            .server_identity = "https://payments.example"};
}

inline Proposal refund_proposal() {
    Proposal proposal;
    proposal.run = *RunId::parse("018f4a5e-7b2c-7d3e-8f90-0123456789ab");
    proposal.tenant = "acme";
    proposal.case_id = "8812";
    proposal.workflow = {"cases/refund", "1.0.0", sha256("workflow")};
    proposal.started_by = "sam";
    proposal.step = {"/do/4/pay"};
    proposal.kind = "tool";
    proposal.key = "run-1/pay";
    return proposal;
}

inline Payload refund_arguments() {
    return Payload(Json{
        {"payment_id", "pay_1"}, {"amount", 48000}, {"currency", "EUR"}, {"reason", "broken"}});
}

inline policy::Decision refund_decision() {
    policy::Decision decision;
    decision.verdict = policy::Verdict::require_approval;
    decision.policy = sha256("policy");
    decision.approval.emplace();
    auto& terms = *decision.approval;
    terms.risk = policy::Risk::medium;
    terms.expires_after = std::chrono::hours(24);
    terms.not_by = {"sam"};
    terms.groups = {"refund-reviewers"};
    terms.rule = "large_refund";
    terms.why = "Refunds over EUR 100 need a second pair of eyes";
    terms.evidence = {
        {"Order", "A-20325 delivered", "orders.get_order", policy::Trust::verified_tool},
        {"The customer wrote", "it broke", "the customer's message", policy::Trust::untrusted}};
    terms.changes = {{"Refunded of this payment", 0, 48000, "EUR"}};
    terms.claims = {{"The customer is right", "reasoner"}};
    terms.missing = {"Delivery (orders.get_delivery)"};
    return decision;
}

}  // namespace resolute::approvals
