#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

Function function(Effect effect, std::function<Json(Json const&, std::string const&)> call) {
    return {
        .name = "f", .effect = effect, .output = {{"type", "integer"}}, .call = std::move(call)};
}

Outcome outcome_of_call(Function const& function) {
    Stand stand(registry({}, {}, {}, {function}));
    return stand.call("f", {{"x", 20}});
}

}  // namespace

TEST_CASE("a function gets arguments and key, and its result is checked") {
    auto const sum = [](Json const& arguments, std::string const& key) {
        return Json(arguments.at("x").get<int>() + static_cast<int>(key.size()));
    };
    auto const outcome = outcome_of_call(function(Effect::write, sum));
    CHECK(std::get<outcome::Succeeded>(outcome).output.json() == 24);
    auto const text = [](Json const&, std::string const&) { return Json("no number"); };
    CHECK(std::holds_alternative<outcome::Unknown>(outcome_of_call(function(Effect::write, text))));
    CHECK(std::get<outcome::Failed>(outcome_of_call(function(Effect::read, text))).retryable);
}

TEST_CASE("a function that throws leaves a write unknown unless it says that it did nothing") {
    auto const broken = [](Json const&, std::string const&) -> Json {
        throw std::runtime_error("broke");
    };
    CHECK(
        std::holds_alternative<outcome::Unknown>(outcome_of_call(function(Effect::write, broken))));
    CHECK(std::get<outcome::Failed>(outcome_of_call(function(Effect::read, broken))).retryable);
    auto const odd = [](Json const&, std::string const&) -> Json { throw 7; };
    CHECK(std::holds_alternative<outcome::Unknown>(outcome_of_call(function(Effect::write, odd))));
    auto const refuses = [](Json const&, std::string const&) -> Json {
        throw NotApplied("closed");
    };
    auto const outcome = outcome_of_call(function(Effect::write, refuses));
    CHECK_FALSE(std::get<outcome::Failed>(outcome).retryable);
    CHECK(std::get<outcome::Failed>(outcome).error.code == codes::tool_refused);
    auto const later = [](Json const&, std::string const&) -> Json {
        throw NotApplied("busy", true);
    };
    CHECK(std::get<outcome::Failed>(outcome_of_call(function(Effect::write, later))).retryable);
}
