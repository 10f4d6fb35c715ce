#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

Diagnostics problems(Registry::Parts parts) {
    auto const made = Registry::make(std::move(parts));
    return made ? Diagnostics{} : made.diagnostics();
}

}  // namespace

TEST_CASE("tools are found by name, and what has begun goes on by digest") {
    auto const before = registry({refund_yaml, find_refund_yaml});
    auto const old = *before->find("payments.refund");
    Registry::Parts parts{.retired = before->all_contracts()};
    parts.contracts = {contract(changed(refund_yaml, "1.2.0", "1.3.0")),
                       contract(find_refund_yaml)};
    auto const after = Registry::make(std::move(parts)).value();
    CHECK(after->find("payments.refund")->version == "1.3.0");
    CHECK(after->find(old.digest)->version == "1.2.0");
    CHECK(after->find("payments.nothing") == nullptr);
    CHECK(after->find(Digest{}) == nullptr);
    CHECK(after->names() == std::vector<std::string>{"payments.find_refund", "payments.refund"});
}

TEST_CASE("what leads nowhere between contracts is found when they are put together") {
    auto const lonely = problems({.contracts = {contract(refund_yaml)}});
    REQUIRE(lonely.size() == 1);
    CHECK(to_string(lonely.front())
              .find("tool.yaml:29:3: There is no tool `payments.find_refund`.") == 0);

    auto const twice =
        problems({.contracts = {contract(find_refund_yaml), contract(find_refund_yaml)}});
    REQUIRE(twice.size() == 1);
    CHECK(twice.front().code == codes::duplicate_name);

    auto const writes =
        problems({.contracts = {contract(refund_yaml),
                                contract(changed(changed(find_refund_yaml, "effect: read",
                                                         "effect: write\nunsafe: human_resolves"),
                                                 "GET", "POST"))}});
    REQUIRE(writes.size() == 1);
    CHECK(writes.front().message ==
          "`payments.find_refund` changes something, so asking it could do harm.");

    std::string const remote =
        "tool: t\nversion: 1.0.0\neffect: read\ninput: {}\noutput: {}\ncall: { mcp: { server: "
        "order, tool: t } }\n";
    auto const no_server = problems(
        {.contracts = {contract(remote)}, .servers = {{.name = "orders", .command = {"x"}}}});
    REQUIRE(no_server.size() == 1);
    CHECK(no_server.front().remedy == "Declare it. Did you mean `orders`?");
    CHECK(no_server.front().line == 6);
}

TEST_CASE("a function that no contract calls is a tool of its own") {
    auto const tools =
        registry({}, {}, {},
                 {{.name = "sum", .call = [](Json const&, std::string const&) { return Json(1); }},
                  {.name = "store", .effect = Effect::write, .honours_key = true}});
    CHECK(tools->find("sum")->effect == Effect::read);
    CHECK(tools->find("store")->terms.resend_is_safe);
    CHECK(tools->for_policies().at("store").effect == policy::Effect::write);
}

TEST_CASE("the identity of a tool's system changes with the system") {
    auto const here = registry({refund_yaml, find_refund_yaml});
    auto const there = registry({refund_yaml, find_refund_yaml}, environment("http://other:9"));
    CHECK(here->identity_of(*here->find("payments.refund")) == "http://127.0.0.1:9");
    CHECK(there->identity_of(*there->find("payments.refund")) == "http://other:9");
}
