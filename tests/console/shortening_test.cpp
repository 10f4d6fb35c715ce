// What is too large to be shown is cut, keeps its type, and is said to be cut.
#include "console/shortening.h"

#include "base/limits.h"
#include "engine/codec.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::console;
using namespace std::string_literals;

namespace {

std::string const long_text(4 * limits::shown_value_bytes, 'x');

}  // namespace

TEST_CASE("what has room is left alone") {
    Json const value{{"a", 1}, {"list", {1, 2, {{"b", "text"}}}}, {"none", nullptr}};
    auto shown = value;
    CHECK(shorten(shown).empty());
    CHECK(shown == value);
}

TEST_CASE("a long text ends early, and what is beside it is shown") {
    Json value{{"a/b", {{"document", long_text}}}, {"z", 7}};
    auto const cuts = shorten(value, "/input");
    REQUIRE(cuts.size() == 1);
    CHECK(cuts[0] == Json{{"pointer", "/input/a~1b/document"}, {"bytes", long_text.size() + 2}});
    auto const text = value["a/b"]["document"].get<std::string>();
    CHECK(text.size() < 2'000);
    CHECK(long_text.starts_with(text));
    CHECK(value["z"] == 7);
}

TEST_CASE("a text is not cut within a character") {
    std::string text = "x";  // every character after it begins at an odd byte
    while (text.size() < limits::shown_value_bytes) text += "é";
    Json value = text;
    REQUIRE(shorten(value).size() == 1);
    auto const shown = value.get<std::string>();
    CHECK(shown.size() % 2 == 1);
    CHECK(text.starts_with(shown));
}

TEST_CASE("a long list and a large object lack their last members") {
    auto list = Json::array();
    auto object = Json::object();
    for (int i = 0; i < 100'000; ++i) {
        list.push_back(i);
        object[std::to_string(i)] = i;
    }
    for (auto const& whole : {list, object}) {
        auto value = whole;
        auto const cuts = shorten(value);
        REQUIRE(cuts.size() == 1);
        CHECK(cuts[0] == Json{{"pointer", ""}, {"bytes", to_text(whole).size()}});
        CHECK(value.type() == whole.type());
        CHECK(!value.empty());
        CHECK(to_text(value).size() <= limits::shown_value_bytes);
    }
}

TEST_CASE("however many long texts there are, they have room for an excerpt each, and no more") {
    auto value = Json::array();
    for (int i = 0; i < 1'000; ++i) value.push_back(long_text);
    shorten(value);
    CHECK(value.size() > 10);
    CHECK(to_text(value).size() < 2 * limits::shown_value_bytes);
}

TEST_CASE("an event that was shortened is still the event that it was") {
    StepCompleted const fact{{"/do/0/keep"}, Json{{"document", long_text}}, {}, "next"};
    EncodedEvent const event{3, {}, kind_number(fact), encode(fact), {}};
    auto const [shown, cuts] = shortened(event);
    CHECK(cuts ==
          Json::array({{{"pointer", "/output/document"}, {"bytes", long_text.size() + 2}}}));
    CHECK(shown.body.size() < limits::shown_value_bytes);
    auto const read = std::get<StepCompleted>(decode(shown.kind, shown.body));
    CHECK(read.step == fact.step);
    CHECK(read.next == "next");
    CHECK(long_text.starts_with(read.output.json()["document"].get<std::string>()));
}

TEST_CASE("events are cut in their text as they are in a tree, whatever is written in them") {
    auto const cut = [](Json const& output) {
        auto const body = R"({"output":)" + to_text(output) + "}";
        auto tree = Json{{"output", output}};
        auto const expected = shorten(tree);
        auto const [shown, cuts] = shortened({1, {}, 9, body, {}});
        CHECK(cuts == expected);
        auto const text = Json::parse(shown.body);
        // Where a very long text ends may differ by its escapes.
        CHECK(to_text(text).size() <= to_text(tree).size());
        CHECK(text.at("output").type() == output.type());
        return text.at("output");
    };
    std::string const at = R"(}]",:\)";
    CHECK(cut(Json{{"a\"/~", {1, -2.5, true, nullptr, Json::array(), Json::object(), at}},
                   {"b", long_text}})
              .at("a\"/~") == Json{1, -2.5, true, nullptr, Json::array(), Json::object(), at});
    for (std::string const& piece : {"\x01"s, "\\"s, "\"x"s, "é"s, "😀"s, "\n]"s}) {
        std::string text;
        while (text.size() < 7 * limits::shown_value_bytes) text += piece;
        auto const shown = cut(text).get<std::string>();
        CHECK(!shown.empty());
        CHECK(text.starts_with(shown));
    }
    auto list = Json::array();
    for (int i = 0; i < 40'000; ++i) list.push_back({{"n", i}, {"of", "many"}});
    CHECK(cut(list).size() > 100);
    cut(Json{{"before", list}, {"z", 1}});
}

TEST_CASE("a payload is cut as its value is, from its text or not") {
    Json const value{{"document", long_text}, {"pages", 3}};
    Payload const small(Json{{"pages", 3}});
    for (auto payload : {Payload(value), Payload::from_text(to_text(value)),
                         Payload::from_text("\n" + to_text(value))}) {
        auto tree = value;
        CHECK(shorten(payload, "/input") == shorten(tree, "/input"));
        CHECK(payload.json() == tree);
    }
    auto same = small;
    CHECK(shorten(same, "/input").empty());
    CHECK(same == small);
}

TEST_CASE("an event that another hand wrote is cut all the same") {
    auto const body = "{ \"output\" :\n \"" + long_text + "\" }";
    auto const [shown, cuts] = shortened({1, {}, 9, body, {}});
    CHECK(cuts.size() == 1);
    CHECK(Json::parse(shown.body).at("output").get<std::string>().size() < 2'000);
}
