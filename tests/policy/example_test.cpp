// The policy of the refund example fits its tools and keeps what its own table of tests says.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/test_table.h"
#include "tests/catch.h"
#include "workflow/yaml.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

std::filesystem::path const example =
    std::filesystem::path(std::getenv("RESOLUTE_SOURCE_DIR") ? std::getenv("RESOLUTE_SOURCE_DIR")
                                                             : ".") /
    "examples/refund";

File file(std::filesystem::path const& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return {path.string(), text.str()};
}

Tools tools() {
    Tools all;
    for (auto const& entry : std::filesystem::directory_iterator(example / "tools")) {
        auto const [name, text] = file(entry.path());
        auto const contract = to_json(workflow::read_yaml(text, name).value());
        all[contract.at("tool")] = {effect_from(contract.at("effect").get<std::string>()),
                                    contract.at("version"), contract.at("input")};
    }
    return all;
}

Set policies() {
    return Set::compile({file(example / "policies/refunds.yaml")}, {tools(), {}}).value();
}

Request large_refund() {
    Request request;
    request.principal = {"person", "sam", {}};
    request.tool = "payments.refund";
    request.tool_version = "1.0.0";
    request.effect = Effect::write;
    request.arguments = Payload(Json::parse(R"({"payment_id": "pay_1", "amount": 48000,
        "currency": "EUR", "reason": "broken", "reference": "8812"})"));
    request.input =
        Payload(Json::parse(R"({"customer_id": "C-1", "customer_message": "Broken!"})"));
    request.facts["payment"] = Payload(Json::parse(R"({"id": "pay_1", "customer_id": "C-1",
        "currency": "EUR", "refunded": 0, "refundable": 48000, "method": "card",
        "captured_at": "2026-10-07"})"));
    request.facts["history"] = Payload(Json::parse(R"({"customer_id": "C-1", "since": "2019-03-11",
        "orders": 41, "refunds_12m": 1, "fraud_flag": false})"));
    return request;
}

}  // namespace

TEST_CASE("every test of the refund policy passes") {
    auto const set = policies();
    CHECK(set.warnings().empty());
    auto const outcomes = run_tests(set, {file(example / "policies/refunds.test.yaml")}).value();
    CHECK(outcomes.size() >= 10);
    for (auto const& outcome : outcomes) {
        INFO(outcome.file << ":" << outcome.line << " " << outcome.name << ": " << outcome.problem);
        CHECK(outcome.passed);
    }
}

TEST_CASE("a reviewer of a large refund sees who asks, what was paid and what changes") {
    auto const decision = policies().decide(large_refund());
    INFO(decision.sentence);
    REQUIRE(decision.verdict == Verdict::require_approval);
    auto const& terms = *decision.approval;
    REQUIRE(terms.evidence.size() == 3);
    CHECK(terms.evidence[0].quote == "pay_1, card, 2026-10-07");
    CHECK(terms.evidence[1].quote == "C-1, since 2019-03-11, orders: 41, refunds in 12 months: 1");
    CHECK(terms.evidence[2].quote == "Broken!");
    CHECK(terms.evidence[2].trust == Trust::untrusted);
    CHECK(terms.missing == std::vector<std::string>{"Order (orders.get_order)"});
    REQUIRE(terms.changes.size() == 1);
    CHECK(terms.changes[0].after == 48000);
    CHECK(terms.changes[0].currency == "EUR");
    CHECK(terms.claims.empty());
}
