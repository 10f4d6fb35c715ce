#include "base/spelling.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("the nearest known name is suggested for a misspelt one") {
    std::vector<std::string> const names{"refund", "refuse", "lookup", "notify"};
    CHECK(nearest_name("refnd", names) == "refund");
    CHECK(nearest_name("refudn", names) == "refund");
    CHECK(nearest_name("lokup", names) == "lookup");
    CHECK(did_you_mean("notfiy", names) == " Did you mean `notify`?");
}

TEST_CASE("nothing is suggested when every name is far away") {
    CHECK_FALSE(nearest_name("payment", {"refund", "lookup"}));
    CHECK_FALSE(nearest_name("x", {}));
    CHECK(did_you_mean("payment", {"refund"}).empty());
}

TEST_CASE("of equally near names the first is suggested") {
    CHECK(nearest_name("cat", {"bat", "car"}) == "bat");
}
