#include "tools/retry_after.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

TEST_CASE("Retry-After comes in seconds or as a date") {
    auto const now = *parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(to_string(now) == "1994-11-06T08:49:37.000000Z");
    CHECK(parse_retry_after("0", now) == Duration(0s));
    CHECK(parse_retry_after("120", now) == Duration(120s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now) == Duration(30s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == Duration(0s));
}

TEST_CASE("what a system may ask for is bounded") {
    CHECK(parse_retry_after("99999999", {}) == Duration(24h));
    CHECK(parse_retry_after("99999999999999999999999", {}) == Duration(24h));
    CHECK(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", {}) == Duration(24h));
}

TEST_CASE("what is neither seconds nor a date is passed over") {
    for (auto const* text : {"", "soon", "-1", "1.5", "12x", "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                             "-99999999999999999999999"})
        CHECK_FALSE(parse_retry_after(text, {}));
}
