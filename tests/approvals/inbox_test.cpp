#include "approvals/inbox.h"

#include <cstdlib>
#include <fstream>

#include "base/json_schema.h"
#include "tests/approvals/fixtures.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::approvals;

namespace {

// One schema of the API's own description.
std::vector<Violation> violations(char const* schema, Json const& value) {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    std::ifstream in(std::string(root ? root : ".") + "/console/openapi.json");
    std::string const from = "#/components/schemas/", to = "#/$defs/";
    auto text = Json::parse(in).at("components").at("schemas").dump();
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
        text.replace(at, from.size(), to);
    return JsonSchema::compile({{"$ref", to + schema}, {"$defs", Json::parse(text)}})
        .value()
        .validate(value);
}

ApprovalRow tool_row() {
    auto const proposal = refund_proposal();
    auto const tool = refund_tool();
    auto const decision = refund_decision();
    auto const asked = ask({.proposal = proposal,
                            .tool = tool,
                            .arguments = refund_arguments(),
                            .decision = decision})
                           .value();
    ApprovalRow row;
    row.approval = *ApprovalId::parse("018f4a5e-7b2c-7d3e-8f90-00000000000a");
    row.run = proposal.run;
    row.case_id = "8812";
    row.workflow = "cases/refund";
    row.step = proposal.step;
    row.digest = asked.ask.digest;
    row.card = asked.ask.card;
    row.requested_at = {1'760'000'000'000'000};
    row.expires_at = row.requested_at + asked.expires_after;
    return row;
}

Json decision_body(ApprovalRow const& row) {
    return {{"decision", "approve"},
            {"digest", to_string(row.digest)},
            {"decisionId", "018f4a5e-7b2c-7d3e-8f90-00000000000b"},
            {"by", "alice"},
            {"comment", "fine"}};
}

std::string problems(Json const& body, ApprovalRow const& row = tool_row()) {
    auto const decided = read_decision(body, row);
    std::string text;
    if (!decided)
        for (auto const& one : decided.diagnostics())
            text += one.pointer + " " + one.code + ": " + one.message + "\n";
    return text;
}

Json with(Json body, char const* member, Json value) {
    body[member] = std::move(value);
    return body;
}

}  // namespace

TEST_CASE("summary and detail of a tool approval are what the API describes") {
    auto const row = tool_row();
    std::vector<ApprovalDecisionRow> const decisions = {
        {row.approval, row.run, "acme", "018f4a5e-7b2c-7d3e-8f90-00000000000b", "approve", "alice",
         "", "", row.requested_at},
        {row.approval, row.run, "acme", "", "approve", "sam", "", "`sam` may not decide this",
         row.requested_at}};
    auto const summary = summary_json(row);
    auto const detail = detail_json(row, decisions);
    CHECK(to_string(violations("ApprovalSummary", summary)) == "");
    CHECK(to_string(violations("Approval", detail)) == "");
    CHECK(summary["sentence"] == "Refund EUR 480.00 of payment pay_1 for case 8812");
    CHECK(summary["tool"] == "payments.refund");
    CHECK(detail["quorum"] == Json{{"needed", 1}, {"given", 1}});
    CHECK(detail["notBy"] == Json{"sam"});
    CHECK(detail["decisions"].size() == 1);
    CHECK(detail["choices"] == Json{"approve", "reject"});
    CHECK(detail["digest"] == to_string(row.digest));
}

TEST_CASE("questions and resolutions, whose cards are smaller, are shown too") {
    auto row = tool_row();
    row.kind = ApprovalKind::resolution;
    row.case_id.clear();
    row.card = Payload(Json{{"sentence", "Did it happen?"},
                            {"why", "timeout"},
                            {"risk", "high"},
                            {"key", "k"},
                            {"attempt", 2},
                            {"arguments", {{"amount", 48000}}}});
    CHECK(to_string(violations("Approval", detail_json(row, {}))) == "");
    CHECK(detail_json(row, {})["choices"] == Json{"applied", "absent"});
    CHECK(detail_json(row, {})["key"] == "k");
    CHECK(detail_json(row, {})["fields"][0]["pointer"] == "/amount");

    row.kind = ApprovalKind::question;
    row.status = ApprovalStatus::answered;
    row.expires_at.reset();
    row.card = Payload(Json{{"sentence", "Which way?"}, {"choices", {"left", "right"}}});
    auto const detail = detail_json(row, {});
    CHECK(to_string(violations("Approval", detail)) == "");
    CHECK(detail["status"] == "approved");
    CHECK(detail["choices"] == Json{"left", "right"});
    row.card = Payload();
    CHECK(to_string(violations("Approval", detail_json(row, {}))) == "");
}

TEST_CASE("a decision becomes a message to the run") {
    auto const row = tool_row();
    auto const decide = read_decision(decision_body(row), row).value();
    CHECK(decide.approval == row.approval);
    CHECK(decide.decision == "approve");
    CHECK(decide.by == "alice");
    CHECK(decide.digest == row.digest);
    CHECK(decide.comment == "fine");
    auto without = decision_body(row);
    without.erase("comment");
    CHECK(read_decision(without, row).value().comment.empty());
}

TEST_CASE("a decision without a digest, a name, an id or a choice is refused") {
    auto const body = decision_body(tool_row());
    for (auto const* name : {"decision", "digest", "decisionId", "by"}) {
        auto without = body;
        without.erase(name);
        CHECK_THAT(problems(without),
                   ContainsSubstring(std::string("/") + name + " decision_malformed: `" + name +
                                     "` is missing."));
        CHECK_FALSE(problems(with(body, name, "")).empty());
        CHECK_FALSE(problems(with(body, name, nullptr)).empty());
        CHECK_FALSE(problems(with(body, name, 7)).empty());
    }
    CHECK_THAT(problems(with(body, "decision", "aprove")),
               ContainsSubstring("`aprove` is not one of the choices."));
    CHECK_THAT(problems(with(body, "digest", "abc")),
               ContainsSubstring("The digest is not 64 hexadecimal digits."));
    CHECK_THAT(problems(with(body, "decisionId", "1")),
               ContainsSubstring("`decisionId` is not a UUID."));
    CHECK_THAT(problems(with(body, "aproved", true)),
               ContainsSubstring("`aproved` is not a member of a decision."));
    CHECK_THAT(problems(with(body, "comment", std::string(4001, 'x'))),
               ContainsSubstring("The comment is too long."));
    CHECK_THAT(problems(Json::array()), ContainsSubstring("A decision is an object."));
}

TEST_CASE("two spellings of one name cannot pass for two people") {
    auto const body = decision_body(tool_row());
    for (auto const* by : {" sam", "sam ", "sa\u200Bm", "sam\u202E", "sam\n", "\uE000"}) {
        INFO(by);
        CHECK_THAT(problems(with(body, "by", by)), ContainsSubstring("/by decision_malformed"));
    }
    CHECK(problems(with(body, "by", "Zoë Müller")).empty());
}

TEST_CASE("what cannot be inspected can be rejected and not approved") {
    auto row = tool_row();
    auto card = row.card.json();
    card["inspectable"] = false;
    row.card = Payload(card);
    CHECK_THAT(problems(decision_body(row), row),
               ContainsSubstring("/decision approval_uninspectable"));
    CHECK(problems(with(decision_body(row), "decision", "reject"), row).empty());
    card.erase("inspectable");
    row.card = Payload(card);
    CHECK_FALSE(problems(decision_body(row), row).empty());
    row.card = Payload();
    CHECK_FALSE(problems(decision_body(row), row).empty());
}
