#include "policy/condition.h"
#include "tests/catch.h"
#include "tests/policy/fixtures.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

Holds holds(std::string const& text, Request const& request = small_refund()) {
    auto condition = Condition::compile(text);
    if (!condition) FAIL(to_string(condition.diagnostics()));
    Values values(request);
    return evaluate(*condition, values);
}

std::string error_of(std::string const& text, Request const& request = small_refund()) {
    auto const result = holds(text, request);
    auto const* error = std::get_if<EvaluationError>(&result);
    return error ? error->why : "no error";
}

std::string refusal(std::string const& text) {
    auto condition = Condition::compile(text);
    return condition ? "accepted" : condition.diagnostics().front().message;
}

}  // namespace

TEST_CASE("comparisons, and, or, not and parentheses are evaluated as jq reads them") {
    CHECK(holds("$arguments.amount <= 10000") == Holds(true));
    CHECK(holds("10000 < $arguments.amount") == Holds(false));
    CHECK(holds("$arguments.amount == 4800 and $arguments.currency == \"EUR\"") == Holds(true));
    CHECK(holds("$arguments.amount == 1 or $arguments.amount == 4800") == Holds(true));
    CHECK(holds("true or false and false") == Holds(true));
    CHECK(holds("(true or false) and false") == Holds(false));
    CHECK(holds("($facts.history.fraud_flag == true) | not") == Holds(true));
    CHECK(holds("$facts.history.fraud_flag | not | not") == Holds(false));
    CHECK(holds("$facts.history[\"fraud_flag\"] == false") == Holds(true));
    CHECK(holds("$arguments.currency | IN(\"EUR\", \"GBP\")") == Holds(true));
    CHECK(holds("$arguments.currency | IN(\"USD\")") == Holds(false));
    CHECK(holds("$arguments.currency < \"F\"") == Holds(true));
    CHECK(holds("$tool.effect == \"write\" and $case.id == \"8812\" and $tenant == \"acme\"") ==
          Holds(true));
    CHECK(holds("$principal.groups[0] == \"support\"") == Holds(true));
}

TEST_CASE("whole numbers are compared exactly, however large") {
    CHECK(holds("$arguments.amount < 9007199254740993",
                with_argument("amount", std::int64_t{9007199254740992})) == Holds(true));
    CHECK(holds("$arguments.amount > -1",
                with_argument("amount", std::uint64_t{18446744073709551615u})) == Holds(true));
    CHECK(holds("$arguments.amount <= 10000",
                with_argument("amount", std::uint64_t{18446744073709551615u})) == Holds(false));
    CHECK(holds("$arguments.amount < 0", with_argument("amount", -1)) == Holds(true));
    CHECK(holds("$arguments.amount == 4800.0") == Holds(true));
}

TEST_CASE("a path that leads nowhere is an error, unless it says what it stands for") {
    CHECK(error_of("$facts.hist.fraud_flag == true") == "`$facts.hist.fraud_flag` is missing");
    CHECK(error_of("$facts.history.fraud == true") == "`$facts.history.fraud` is missing");
    CHECK(error_of("$facts.history.refunds[0] == 1") == "`$facts.history.refunds[0]` is missing");
    CHECK(error_of("$arguments.amount.minor == 1") == "`$arguments.amount.minor` is missing");
    CHECK(holds("($facts.hist.fraud_flag // false) == true") == Holds(false));
    CHECK(holds("$facts.hist? == null") == Holds(true));
    CHECK(holds("$facts.history? != null") == Holds(true));
}

TEST_CASE("null and values of different types are never compared") {
    CHECK(error_of("$arguments.amount <= 10000", with_argument("amount", nullptr)) ==
          "`$arguments.amount` is null");
    CHECK(error_of("$arguments.amount <= 10000", with_argument("amount", "4800")) ==
          "`$arguments.amount` is text and `10000` is a number, which cannot be compared");
    CHECK(error_of("$arguments.amount <= 10000", with_argument("amount", true)) ==
          "`$arguments.amount` is true or false and `10000` is a number, which cannot be compared");
    CHECK(error_of("$arguments.amount != \"x\"") ==
          "`$arguments.amount` is a number and `\"x\"` is text, which cannot be compared");
    CHECK(error_of("$arguments.currency | IN(\"EUR\")", with_argument("currency", 7)) ==
          "`$arguments.currency` is a number, and no choice is");
    CHECK(error_of("$arguments.reason", with_argument("reason", "yes")) ==
          "`$arguments.reason` is text where true or false is needed");
    CHECK(error_of("$facts.history < $facts.history") ==
          "`$facts.history` is an object, which has no order");
    CHECK(holds("$arguments.amount == null") == Holds(false));
}

TEST_CASE("examining a condition names the first part that is false") {
    auto const condition =
        Condition::compile("$arguments.currency == \"EUR\" and $arguments.amount > 10000").value();
    auto const request = small_refund();
    Values values(request);
    auto const finding = examine(condition, values);
    REQUIRE(finding.failing);
    CHECK(finding.holds == Holds(false));
    CHECK(finding.failing->text == "$arguments.amount > 10000");
    CHECK(finding.held == 1);
    CHECK(actual_values(*finding.failing, values) == Json{{"$arguments.amount", 4800}});
}

TEST_CASE("what reads differently than it computes is refused") {
    CHECK(refusal("$arguments.urgent // false == true") ==
          "`//` takes everything to its right as the default, the comparison too.");
    CHECK(
        refusal("($arguments.urgent // true)") ==
        "`$arguments.urgent // true` is true for a value that is false: `//` replaces false too.");
    CHECK(refusal("$arguments.amount == 1 == true") == "Two comparisons stand side by side.");
    CHECK(refusal("$arguments.amount = 1") ==
          "A condition has one value and changes nothing: `,` and assignments do not belong into "
          "it.");
    CHECK(refusal("true, false") ==
          "A condition has one value and changes nothing: `,` and assignments do not belong into "
          "it.");
    CHECK(refusal("$arguments.amount < true") ==
          "`$arguments.amount < true` can never hold: only numbers and texts have an order.");
    CHECK(refusal("4800") == "`4800` is neither true nor false.");
    CHECK(refusal("") == "The condition is empty.");
    CHECK(refusal("$arguments.amount <") == "A value is missing in the condition.");
    CHECK(refusal("$arguments.amount < 1 and") == "A part of the condition is empty.");
    CHECK(refusal("($arguments.amount < 1") == "`(` is never closed.");
    CHECK(refusal("$arguments.amount < 1)") == "`)` closes nothing.");
    CHECK(refusal("$arguments.reason == \"x") == "A string is never closed.");
    CHECK(refusal("$argument.amount < 1") == "`$argument` is not a variable of a condition.");
    CHECK(refusal("$arguments.amount < 1 # small") == "`#` does not belong into an expression.");
    CHECK(refusal("$arguments.größe < 1") == "Only strings may hold letters beyond ASCII.");
    CHECK(refusal(std::string(5000, ' ')) == "The condition is longer than 4096 bytes.");
    CHECK(refusal(std::string(100, '(') + "true" + std::string(100, ')')) ==
          "The condition is nested too deeply.");
}

TEST_CASE("strings with brackets, quotes and operators inside stay whole") {
    CHECK(holds("$arguments.reason == \"a and (b\" and true",
                with_argument("reason", "a and (b")) == Holds(true));
    CHECK(holds("$arguments.reason == \"say \\\"or\\\"\"", with_argument("reason", "say \"or\"")) ==
          Holds(true));
    CHECK(holds("$arguments.reason == \"ü\"", with_argument("reason", "ü")) == Holds(true));
}
