#include "workflow/lint.h"

#include "tests/workflow/catalog.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// "line code message" of every finding, one per line.
std::string findings(std::string const& list) {
    std::string all;
    for (auto const& finding : workflow::lint(*workflow::load(steps(list)).value(), catalog()))
        all += std::to_string(finding.line) + " " + finding.code +
               (finding.severity == Severity::warning ? "? " : " ") + finding.message +
               (finding.remedy.empty() ? "" : " " + finding.remedy) + "\n";
    return all;
}

}  // namespace

TEST_CASE("a clean workflow has no findings") {
    CHECK(findings("  - a: { call: tool, with: { tool: payments.refund@1.2.0, arguments: { "
                   "payment: '${ .p }', amount: 5 } } }\n"
                   "  - b: { call: model, with: { model: judge, instructions: i } }\n"
                   "  - c: { set: { x: '${ $tasks.a }' } }\n")
              .empty());
}

TEST_CASE("unknown tools, models and policies come with what was meant") {
    CHECK(findings("  - a: { call: tool, with: { tool: payments.refnd } }\n  - b: { call: model, "
                   "with: { model: juge, instructions: i, fallback: other } }\n"
                   "  - c: { call: policy, with: { policy: refund } }\n") ==
          "3 unknown_tool `payments.refnd` is not a tool. Did you mean `payments.refund`?\n"
          "4 unknown_model `juge` is not a model. Did you mean `judge`?\n4 unknown_model `other` "
          "is not a model. Configure it.\n"
          "5 unknown_policy `refund` is not a policy. Did you mean `refunds`?\n");
}

TEST_CASE("a program that the operator has not enabled") {
    CHECK(findings("  - a: { run: { shell: { command: ls } } }\n") ==
          "3 unknown_tool Programs in `shell` are not enabled here. The operator enables them with "
          "`programs: [shell]` in resolute.yaml; or declare a tool.\n");
}

TEST_CASE("arguments are checked as far as they are known") {
    CHECK_THAT(findings("  - a: { call: tool, with: { tool: payments.refund, arguments: { payment: "
                        "p, amount: 0 } } }\n"),
               ContainsSubstring("schema_violation") && ContainsSubstring("/amount"));
    CHECK(findings("  - a: { call: tool, with: { tool: payments.refund, arguments: { payment: '${ "
                   ".p }', amonut: 5 } } }\n") ==
          "3 schema_violation `payments.refund` has no argument `amonut`. Did you mean `amount`?\n"
          "3 schema_violation `payments.refund` needs the argument `amount`. Add it.\n");
    CHECK(
        findings("  - a: { call: tool, with: { tool: payments.refund, arguments: '${ .all }' } }\n")
            .empty());
}

TEST_CASE("a write whose outcome nobody could learn is an error") {
    CHECK_THAT(findings("  - a: { call: tool, with: { tool: mail.send } }\n"),
               ContainsSubstring("3 unsafe_write `mail.send`"));
}

TEST_CASE("steps that nobody reaches") {
    CHECK(findings(R"(
  - a: { switch: [ { x: { when: .x, then: c } }, { y: { then: end } } ] }
  - b: { set: { x: 1 } }
  - c: { raise: { error: { type: 'https://example.com/x', status: 400 } } }
  - d: { do: [ { e: { set: { x: 1 }, then: exit } }, { f: { set: { x: 1 } } } ] }
)") == "5 unreachable_step? Nothing leads to step `b`. Remove it, or let a `then` go there.\n"
       "7 unreachable_step? Nothing leads to step `d`. Remove it, or let a `then` go there.\n"
       "7 unreachable_step? Nothing leads to step `f`. Remove it, or let a `then` go there.\n");
    CHECK(findings(R"(
  - a: { try: [ { x: { set: { x: 1 } } } ], catch: { then: c }, then: end }
  - b: { if: .no, raise: { error: { type: 'https://example.com/x', status: 400 } } }
  - c: { fork: { branches: [ { p: { set: { x: 1 }, then: exit } }, { q: { set: { x: 1 } } } ] } }
)") == "5 unreachable_step? Nothing leads to step `b`. Remove it, or let a `then` go there.\n");
}

TEST_CASE("$tasks of a step that does not exist, and // true") {
    CHECK(findings("  - first: { set: { x: '${ $tasks.frist.x // true }' } }\n") ==
          "3 unknown_reference? `$tasks.frist` is always null: no step is named `frist`. Did you "
          "mean `first`?\n"
          "3 suspicious_text? `// true` also replaces false. Write `if . == null then true else . "
          "end`.\n");
}
