#include "tests/postgres/test_database.h"

#include "tests/catch.h"

using resolute::testing::shared_server;
using resolute::testing::TestDatabase;

SCENARIO("every scenario has a database of its own") {
    TestDatabase one;
    TestDatabase other;
    one.run("create table mine (value int)");
    REQUIRE(one.run("select to_regclass('mine')") == "mine");
    REQUIRE(other.run("select to_regclass('mine')").empty());
}

SCENARIO("a template is prepared once and copied for each scenario") {
    int prepared = 0;
    auto prepare = [&](std::string const& connection) {
        ++prepared;
        REQUIRE_THAT(connection, ContainsSubstring("template_counted"));
    };
    TestDatabase one("counted", prepare);
    TestDatabase other("counted", prepare);
    REQUIRE(prepared == 1);
    REQUIRE(one.run("select current_database()") != other.run("select current_database()"));
}

SCENARIO("a database that is gone stays away from the server's next scenario") {
    std::string name;
    {
        TestDatabase gone;
        name = gone.run("select current_database()");
    }
    TestDatabase next;
    REQUIRE(next.run("select count(*) from pg_database where datname = '" + name + "'") == "0");
    REQUIRE(shared_server().is_running());
}
