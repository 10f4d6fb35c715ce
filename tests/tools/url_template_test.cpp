#include "tools/url_template.h"
#include "tests/catch.h"
#include "tools/environment.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

UrlTemplate compiled(std::string const& text) { return UrlTemplate::compile(text).value(); }

std::string filled(std::string const& text, Json const& arguments,
                   std::vector<std::string> const& query = {}) {
    return to_string(compiled(text).fill(arguments, query).value());
}

}  // namespace

TEST_CASE("arguments go into path and query, percent-encoded") {
    CHECK(filled("http://h/payments/{id}", {{"id", "p 1/ü"}}) ==
          "http://h/payments/p%201%2F%C3%BC");
    CHECK(filled("http://h/refunds?key={key}", {{"key", "a&b=c"}}) ==
          "http://h/refunds?key=a%26b%3Dc");
    CHECK(filled("http://h/x/{n}/{b}", {{"n", 12}, {"b", true}}) == "http://h/x/12/true");
}

TEST_CASE("other arguments become the query, without those that are null") {
    CHECK(filled("http://h/x", {{"a", 1}, {"b", nullptr}, {"c", "y"}}, {"a", "b", "c"}) ==
          "http://h/x?a=1&c=y");
    CHECK(filled("http://h/x?k={a}", {{"a", 1}, {"c", "y"}}, {"c"}) == "http://h/x?k=1&c=y");
}

TEST_CASE("no argument reaches another path, query or host") {
    auto const url = compiled("http://h/payments/{id}/lines");
    for (auto const* evil : {"", ".", ".."}) CHECK_FALSE(url.fill({{"id", evil}}, {}));
    CHECK(to_string(*url.fill({{"id", "../../admin"}}, {})) ==
          "http://h/payments/..%2F..%2Fadmin/lines");
    CHECK(to_string(*url.fill({{"id", "x?y#z@evil"}}, {})) ==
          "http://h/payments/x%3Fy%23z%40evil/lines");
    CHECK_FALSE(compiled("http://h/{a}{b}/x").fill({{"a", "."}, {"b", "."}}, {}));
    CHECK_FALSE(UrlTemplate::compile("http://{host}/x"));
    CHECK_FALSE(UrlTemplate::compile("{scheme}://h/x"));
    CHECK_FALSE(UrlTemplate::compile("http://h{host}/x"));
}

TEST_CASE("a value that is no text, number or boolean cannot stand in an address") {
    auto const url = compiled("http://h/x/{id}");
    auto const refused = url.fill({{"id", Json::array({1})}}, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.diagnostics().front().pointer == "/id");
    CHECK_FALSE(url.fill(Json::object(), {}));
    CHECK_FALSE(compiled("http://h/x").fill({{"q", Json::object()}}, {"q"}));
}

TEST_CASE("a malformed address is refused when it is read") {
    CHECK_FALSE(UrlTemplate::compile("ftp://h/x"));
    CHECK_FALSE(UrlTemplate::compile("http://h/{open"));
    CHECK_FALSE(UrlTemplate::compile("http://h/{}"));
    CHECK_FALSE(UrlTemplate::compile("/no/host"));
}

TEST_CASE("the origin of an address names the system, whatever the arguments") {
    CHECK(compiled("http://Pay.Example:8080/a/{x}?y={z}").origin() == "http://pay.example:8080");
    CHECK(compiled("https://pay.example/a").origin() == "https://pay.example");
}

TEST_CASE("variables of the environment are replaced, and unknown ones are named") {
    Environment const environment{{"URL", "http://h"}, {"T_2", "${URL}"}};
    CHECK(expand("${URL}/x", environment).text == "http://h/x");
    CHECK(expand("${T_2}", environment).text == "${URL}");  // values are not expanded again
    CHECK(expand("a$b ${ x } ${lower} ${", environment).text == "a$b ${ x } ${lower} ${");
    CHECK(expand("${NONE}${URL}", environment).unknown == std::vector<std::string>{"NONE"});
}
