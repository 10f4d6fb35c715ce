// The shape of a C++ type, in both directions.
#include "workflow/sdk/shape.h"
#include "base/json_schema.h"
#include "tests/catch.h"

using namespace resolute;

namespace {

struct Line {
    std::string article;
    std::int32_t count = 0;
};
constexpr auto shape_of(Line const*) {
    return std::tuple(sdk::field("article", &Line::article), sdk::field("count", &Line::count));
}

struct Order {
    std::string id;
    std::vector<Line> lines;
    std::optional<std::string> note;
    bool paid = false;
};
constexpr auto shape_of(Order const*) {
    return std::tuple(sdk::field("id", &Order::id), sdk::field("lines", &Order::lines),
                      sdk::field("note", &Order::note), sdk::field("paid", &Order::paid));
}

std::string complaint(Json const& json) {
    try {
        sdk::from_value<Order>(json);
    } catch (sdk::WrongShape const& wrong) {
        return wrong.what();
    }
    return "fits";
}

Json const order = Json::parse(R"({"id":"A","lines":[{"article":"mug","count":2}],"paid":true})");

}  // namespace

TEST_CASE("a shaped value becomes JSON and comes back") {
    auto const value = sdk::from_value<Order>(order);
    CHECK(value.lines.at(0).count == 2);
    CHECK_FALSE(value.note);
    CHECK(sdk::to_value(value) == order);
}

TEST_CASE("the schema of a shape accepts and refuses what its reader does") {
    auto const schema = JsonSchema::compile(sdk::schema_of<Order>()).value();
    auto varied = [&](std::string const& pointer, Json const& value) {
        auto json = order;
        json[Json::json_pointer(pointer)] = value;
        return json;
    };
    struct Case {
        Json json;
        std::string says;
    };
    auto without = order;
    without.erase("paid");
    for (auto const& [json, says] :
         {Case{order, "fits"}, Case{varied("/note", "new"), "fits"},
          Case{varied("/note", nullptr), "fits"},
          Case{varied("/lines/0/count", "two"), "/lines/0/count must be a whole number"},
          Case{varied("/lines/0/extra", 1), "/lines/0/extra is not known"},
          Case{varied("/id", 7), "/id must be text"}, Case{without, "/paid is missing"},
          Case{Json::array(), "the value must be a map"}}) {
        CAPTURE(json.dump());
        CHECK(complaint(json) == says);
        CHECK(schema.validate(json).empty() == (says == "fits"));
    }
    CHECK(complaint(varied("/lines/0/count", 5'000'000'000)) ==
          "/lines/0/count is a number out of range");
}
