// The policy of the refund example keeps what its own table of tests says.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "policy/test_table.h"
#include "tests/catch.h"
#include "tests/policy/fixtures.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

File file(std::string const& name) {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    std::string const path = std::string(root ? root : ".") + "/examples/refund/policies/" + name;
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return {path, text.str()};
}

Tools tools() {
    auto all = refund_tools();
    all["payments.refund"].input["properties"]["reference"] = {{"type", "string"}};
    all["customers.notify"] = {Effect::write, "1.0.0", Json{{"type", "object"}}};
    return all;
}

}  // namespace

TEST_CASE("every test of the refund policy passes") {
    auto const set = Set::compile({file("refunds.yaml")}, {tools(), {}}).value();
    CHECK(shown(set.warnings()) == "");
    auto const outcomes = run_tests(set, {file("refunds.test.yaml")}).value();
    CHECK(outcomes.size() >= 10);
    for (auto const& outcome : outcomes) {
        INFO(outcome.file << ":" << outcome.line << " " << outcome.name << ": " << outcome.problem);
        CHECK(outcome.passed);
    }
}

TEST_CASE(
    "the refund policy shows its reviewer the order, the payment, the message and what changes") {
    auto const set = Set::compile({file("refunds.yaml")}, {tools(), {}}).value();
    auto request = with_argument("amount", 48000);
    request.input = Payload(Json{{"message", "The desk is broken"}});
    request.facts["payment"] = Payload(Json{{"id", "pay_1"},
                                            {"currency", "EUR"},
                                            {"refunded", 0},
                                            {"refundable", 48000},
                                            {"method", "card"},
                                            {"captured_at", "2026-10-07"}});
    auto const decision = set.decide(request);
    REQUIRE(decision.verdict == Verdict::require_approval);
    auto const& terms = *decision.approval;
    REQUIRE(terms.evidence.size() == 2);
    CHECK(terms.evidence[0].quote == "pay_1 by card, captured 2026-10-07");
    CHECK(terms.evidence[1].quote == "The desk is broken");
    CHECK(terms.evidence[1].trust == Trust::untrusted);
    CHECK(terms.missing == std::vector<std::string>{"Order (orders.get_order)"});
    REQUIRE(terms.changes.size() == 1);
    CHECK(terms.changes[0].after == 48000);
    CHECK(terms.changes[0].currency == "EUR");
    CHECK(terms.claims.empty());
}
