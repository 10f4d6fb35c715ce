#include <algorithm>
#include <set>

#include "console/api.h"
#include "console/openapi.h"
#include "console/run_view.h"
#include "tests/catch.h"
#include "tests/console/stored_history.h"

using namespace resolute;
using namespace resolute::console;

namespace {

std::string path_of(Route const& route) {
    std::string path;
    for (auto const& segment : route.path) path += "/" + segment;
    return path;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    return text;
}

}  // namespace

TEST_CASE("the API's description and the route table name the same operations") {
    auto const described = parse_json(openapi_json);
    REQUIRE(described);
    std::set<std::string> in_description;
    for (auto const& [path, operations] : described->at("paths").items())
        for (auto const& [method, unused] : operations.items())
            if (method == "get" || method == "post") in_description.insert(method + " " + path);
    std::set<std::string> in_table;
    for (auto const& route : Api::routes())
        in_table.insert(lower(route.method) + " " + path_of(route));
    REQUIRE(in_description == in_table);
}

TEST_CASE("a run's view is made from its history alone") {
    auto const run = RunId{};
    StepId const step{"/do/0/pay"};
    ActivityIntent const intent{.kind = "tool",
                                .target = "payments.refund@1.0.0",
                                .effect = Effect::write,
                                .request = Json{{"amount", 5}},
                                .key = "k"};
    std::vector<Fact> const facts{
        RunStarted{{"refunds/refund", "1", {}}, "default", "C-1", Json{{"a", 1}}, "me", "00"},
        WorkStarted{Json{{"a", 1}}, {}},
        ActivityStarted{step, 1, {}, intent, {}},
        ActivityUnknown{step, 1, communication_failure("lost"), Timestamp{1}},
        ActivityVerified{step, 1, Verdict::applied, {}, Json("done"), {}},
        StepCompleted{step, Json("done"), {}, {}},
        RunCompleted{Json("done")}};
    auto const events = testing::stored(run, facts, Timestamp{1});
    RunRow const row{.run = run, .status = RunRow::Status::completed};
    auto const view = run_json(testing::reading_of(row, events), {});
    REQUIRE(view["output"] == "done");
    REQUIRE(view["counts"]["verifications"] == 1);
    REQUIRE(view["counts"]["steps"] == 1);
    REQUIRE(view["steps"].size() == 1);
    REQUIRE(view["steps"][0]["kind"] == "tool");
    REQUIRE(view["steps"][0]["status"] == "completed");
    REQUIRE(event_json(events[3])["sentence"].get<std::string>().find("Nobody knows") == 0);
}
