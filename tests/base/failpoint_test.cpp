#include "base/failpoint.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("a failpoint acts when it is its turn, and only then", "[failpoint]") {
    failpoint::arm("commit.answered:cut:3");
    CHECK_FALSE(failpoint::reached("commit.answered"));
    CHECK_FALSE(failpoint::reached("commit.sending"));
    CHECK_FALSE(failpoint::reached("commit.answered"));
    CHECK(failpoint::reached("commit.answered"));
    CHECK_FALSE(failpoint::reached("commit.answered"));
    failpoint::arm("commit.sending:cut");
    CHECK(failpoint::reached("commit.sending"));
}

TEST_CASE("a failpoint that cannot be meant is refused", "[failpoint]") {
    for (auto const* plan :
         {"", "commit.sending", "commit.sending:burn", "nowhere:kill", "commit.sending:kill:0",
          "commit.sending:kill:", "commit.sending:kill:2x"})
        CHECK_THROWS_AS(failpoint::arm(plan), std::invalid_argument);
}
