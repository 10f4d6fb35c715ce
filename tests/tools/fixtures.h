// Contracts, policies and proposals that tests change in one place, and a handler over real roads.
#pragma once

#include <atomic>

#include "base/canonical_json.h"
#include "tests/net/awaited.h"
#include "tools/contract_reader.h"
#include "tools/tool_handler.h"

namespace resolute::tools {

// Moved by hand; deadlines and breakers follow it, timers of the runtime do not.
class HandClock final : public Clock {
  public:
    Timestamp now() const override { return {now_.load()}; }
    Duration monotonic() const override { return Duration(now_.load()); }
    void advance(Duration by) { now_ += by.count(); }

  private:
    std::atomic<std::int64_t> now_{1'790'000'000'000'000};
};

inline constexpr char refund_yaml[] = R"(tool: payments.refund
version: 1.2.0
title: Refund a payment
effect: write
sentence: "Refund {amount} of payment {payment_id}"
input:
  type: object
  additionalProperties: false
  required: [payment_id, amount, currency]
  properties:
    payment_id: { type: string }
    amount: { type: integer, minimum: 1, x-render: money }
    currency: { type: string, enum: [EUR, USD] }
output:
  type: object
  required: [id, amount]
  properties:
    id: { type: string }
    amount: { type: integer }
call:
  http:
    method: POST
    url: "${PAYMENTS_URL}/refunds"
    headers: { Authorization: "Bearer ${PAYMENTS_TOKEN}" }
    idempotencyHeader: Idempotency-Key
timeout: PT5S
retry: { delay: PT1S, attempts: 5, on: [unavailable, rate_limited] }
verify:
  tool: payments.find_refund
  arguments: '{ key: $call.idempotencyKey }'
  applied: '.status == "succeeded"'
  absent: '.status == "not_found"'
  result: '{ id: .id, amount: .amount }'
  settle: PT1S
)";

inline constexpr char find_refund_yaml[] = R"(tool: payments.find_refund
version: 1.0.0
effect: read
input: { type: object, required: [key], properties: { key: { type: string } } }
output: { type: object, required: [status], properties: { status: { type: string } } }
call: { http: { method: GET, url: "${PAYMENTS_URL}/refunds?key={key}" } }
timeout: PT5S
)";

inline constexpr char get_payment_yaml[] = R"(tool: payments.get_payment
version: 1.0.0
effect: read
input:
  type: object
  required: [payment_id]
  properties: { payment_id: { type: string }, expand: { type: string } }
output: { type: object, required: [id], properties: { id: { type: string } } }
call: { http: { method: GET, url: "${PAYMENTS_URL}/payments/{payment_id}" } }
timeout: PT5S
)";

inline constexpr char policy_yaml[] = R"(policy: refunds
version: 1.0.0
rules:
  - name: small_refund
    title: Refunds up to EUR 100 are paid at once
    tools: [payments.refund]
    when: $arguments.amount <= 10000
    decide: permit
  - name: large_refund
    title: Refunds over EUR 100 need a second pair of eyes
    tools: [payments.refund]
    when: $arguments.amount > 10000 and $arguments.amount < 1000000
    decide: require_approval
    approval: { risk: medium, expiresAfter: PT24H, notBy: [initiator], to: { groups: [reviewers] } }
  - name: huge_refund
    title: Nobody refunds EUR 10,000
    tools: [payments.refund]
    when: $arguments.amount >= 1000000
    decide: deny
)";

inline constexpr char secret_token[] = "canary-6f1d0c2e";

inline Environment environment(std::string const& url = "http://127.0.0.1:9") {
    return {{"PAYMENTS_URL", url}, {"PAYMENTS_TOKEN", secret_token}};
}

inline Contract contract(std::string const& yaml, Environment const& values = environment()) {
    return read_contract(yaml, "tool.yaml", values).value();
}

// `text` with the first occurrence of `what` replaced; a test that changes nothing would prove
// nothing.
inline std::string changed(std::string text, std::string const& what, std::string const& with) {
    auto const at = text.find(what);
    if (at == std::string::npos) throw std::logic_error("`" + what + "` is not in the text");
    return text.replace(at, what.size(), with);
}

inline std::shared_ptr<Registry const> registry(std::vector<std::string> const& yamls,
                                                Environment const& values = environment(),
                                                std::vector<Server> servers = {},
                                                std::vector<Function> functions = {}) {
    Registry::Parts parts{.functions = std::move(functions), .servers = std::move(servers)};
    for (auto const& yaml : yamls) parts.contracts.push_back(contract(yaml, values));
    return Registry::make(std::move(parts)).value();
}

inline policy::Set policies(Registry const& registry, std::string const& text = policy_yaml) {
    return policy::Set::compile({{"policy.yaml", text}}, {registry.for_policies(), {}}).value();
}

// Permits everything that the registry knows.
inline policy::Set permissive(Registry const& registry) {
    return policies(registry,
                    "policy: all\nversion: 1.0.0\nrules:\n  - name: all\n    title: Everything\n"
                    "    tools: ['*']\n    decide: permit\n");
}

inline Json refund_arguments(int amount = 3700) {
    return {{"payment_id", "pay_1"}, {"amount", amount}, {"currency", "EUR"}};
}

inline Proposal proposal(std::string const& tool, Json arguments,
                         Timestamp at = {1'790'000'000'000'000}) {
    Proposal proposal;
    proposal.run.value[15] = 7;
    proposal.tenant = "default";
    proposal.case_id = "R-1";
    proposal.workflow = {"refunds/refund", "1.0.0", sha256("workflow")};
    proposal.started_by = "anna";
    proposal.step = {"/do/0/refund"};
    proposal.kind = "tool";
    proposal.request = Payload(Json{{"tool", tool}, {"arguments", std::move(arguments)}});
    proposal.key = "rk_1";
    proposal.at = at;
    return proposal;
}

inline Attempt attempt(Proposal const& proposal, ActivityIntent const& intent, Timestamp deadline) {
    return {.run = proposal.run,
            .tenant = proposal.tenant,
            .case_id = proposal.case_id,
            .workflow = proposal.workflow,
            .started_by = proposal.started_by,
            .step = proposal.step,
            .number = 1,
            .intent = intent,
            .deadline = deadline};
}

// A handler on a running runtime with real HTTP, programs and MCP servers.
struct Stand {
    explicit Stand(std::shared_ptr<Registry const> tools) : Stand(tools, permissive(*tools)) {}
    Stand(std::shared_ptr<Registry const> tools, policy::Set rules)
        : runtime(2),
          http(runtime),
          mcp(runtime),
          handler({std::move(tools), std::move(rules), {}},
                  {.clock = clock, .runtime = &runtime, .http = &http, .mcp = &mcp}) {
        runtime.start();
    }

    Attempt permitted(std::string const& tool, Json arguments) {
        auto const asked = proposal(tool, std::move(arguments), clock.now());
        auto const admission = handler.admit(asked);
        auto const* permit = std::get_if<Permitted>(&admission);
        if (!permit) throw std::logic_error("the test's call was not permitted");
        return attempt(asked, permit->intent, clock.now() + std::chrono::seconds(5));
    }

    Outcome perform(Attempt const& attempt) {
        net::Awaited<Outcome> outcome;
        handler.perform(attempt, [outcome](Outcome what) { outcome.set(std::move(what)); });
        return outcome.get();
    }
    Verification verify(Attempt const& attempt) {
        net::Awaited<Verification> answer;
        handler.verify(attempt, [answer](Verification what) { answer.set(std::move(what)); });
        return answer.get();
    }
    Outcome call(std::string const& tool, Json arguments) {
        return perform(permitted(tool, std::move(arguments)));
    }

    HandClock clock;
    net::Runtime runtime;
    net::HttpClient http;
    McpServers mcp;
    ToolHandler handler;
};

}  // namespace resolute::tools
