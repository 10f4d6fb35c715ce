#include "approvals/binding.h"

#include "tests/catch.h"

using namespace resolute;
using namespace resolute::approvals;

namespace {

Binding binding() {
    Binding b;
    b.tenant = "acme";
    b.run = *RunId::parse("018f4a5e-7b2c-7d3e-8f90-0123456789ab");
    b.step = {"/do/1/each#3/do/0/pay@1"};
    b.tool = "payments.refund";
    b.tool_version = "1.2.0";
    b.schema_digest = sha256("contract");
    b.server_identity = "https://payments.example";
    b.principal = "sam";
    b.arguments =
        Json{{"payment_id", "pay_1"},         {"amount", 48000}, {"currency", "EUR"},
             {"reason", "défectueux \u202e"}, {"ratio", 1e-7},   {"list", {1, 2.5, true, nullptr}}};
    b.labels = Json{{"/amount", {{"integrity", "verified_tool"}, {"confidentiality", "internal"}}}};
    b.idempotency_key = "run-1/pay/1";
    b.policy_digest = sha256("policy");
    b.evidence_root = sha256("evidence");
    return b;
}

void set(Binding& b, char const* argument, Json value) {
    auto arguments = b.arguments.json();
    arguments[argument] = std::move(value);
    b.arguments = Payload(std::move(arguments));
}

std::string refusals(Binding const& b) {
    auto const digest = digest_of(b);
    return digest ? "" : to_string(digest.diagnostics());
}

}  // namespace

// The bytes and the digest were computed apart from this program.
TEST_CASE("a binding has the canonical bytes and the digest that anybody computes") {
    std::string const expected =
        R"({"arguments":{"amount":48000,"currency":"EUR","list":[1,2.5,true,null],)"
        R"("payment_id":"pay_1","ratio":1e-7,"reason":"défectueux )"
        "\u202e"
        R"("},"evidence_root":)"
        R"("ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e",)"
        R"("idempotency_key":"run-1/pay/1",)"
        R"("labels":{"/amount":{"confidentiality":"internal","integrity":"verified_tool"}},)"
        R"("occurrence":"/do/1/each#3/do/0/pay@1","on_behalf_of":"","policy_digest":)"
        R"("823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812",)"
        R"("preconditions":[],"principal":"sam","run":"018f4a5e-7b2c-7d3e-8f90-0123456789ab",)"
        R"("schema_digest":"cc8321d6375c494d043fdd0260f21bc0ec51dacc9f6abb7f909cdcd3041b78bf",)"
        R"("server_identity":"https://payments.example","step":"/do/1/each/do/0/pay",)"
        R"("tenant":"acme","tool":"payments.refund","tool_version":"1.2.0","v":1})";
    CHECK(canonical_bytes(binding()).value() == expected);
    CHECK(to_string(digest_of(binding()).value()) ==
          "1561e03e6a74e3b0aac375c7067990827ab697142e27f8a9fe9b99bcdbd771c2");
}

TEST_CASE("every member is part of the digest") {
    std::vector<std::pair<char const*, void (*)(Binding&)>> const changes = {
        {"tenant", [](Binding& b) { b.tenant = "acme2"; }},
        {"run", [](Binding& b) { b.run.value[15] ^= 1; }},
        {"step", [](Binding& b) { b.step.path = "/do/1/each#3/do/0/pay2@1"; }},
        {"occurrence of a loop", [](Binding& b) { b.step.path = "/do/1/each#4/do/0/pay@1"; }},
        {"occurrence of a jump", [](Binding& b) { b.step.path = "/do/1/each#3/do/0/pay@2"; }},
        {"tool", [](Binding& b) { b.tool = "payments.refunds"; }},
        {"tool_version", [](Binding& b) { b.tool_version = "1.2.1"; }},
        {"schema_digest", [](Binding& b) { b.schema_digest = sha256("other"); }},
        {"server_identity", [](Binding& b) { b.server_identity = ""; }},
        {"principal", [](Binding& b) { b.principal = "Sam"; }},
        {"on_behalf_of", [](Binding& b) { b.on_behalf_of = "carol"; }},
        {"a number", [](Binding& b) { set(b, "amount", 48001); }},
        {"the type of a number", [](Binding& b) { set(b, "amount", "48000"); }},
        {"a space", [](Binding& b) { set(b, "payment_id", "pay_1 "); }},
        {"null and absence", [](Binding& b) { set(b, "extra", nullptr); }},
        {"an order", [](Binding& b) { set(b, "list", {2.5, 1, true, nullptr}); }},
        {"labels", [](Binding& b) { b.labels["/amount"]["integrity"] = "untrusted"; }},
        {"idempotency_key", [](Binding& b) { b.idempotency_key = "run-1/pay/2"; }},
        {"policy_digest", [](Binding& b) { b.policy_digest = sha256("policy 2"); }},
        {"evidence_root", [](Binding& b) { b.evidence_root = sha256("evidence 2"); }},
        {"preconditions", [](Binding& b) { b.preconditions.push_back("balance"); }}};
    auto const original = digest_of(binding()).value();
    std::vector<Digest> seen = {original};
    for (auto const& [what, change] : changes) {
        INFO(what);
        auto changed = binding();
        change(changed);
        auto const digest = digest_of(changed).value();
        CHECK(std::find(seen.begin(), seen.end(), digest) == seen.end());
        seen.push_back(digest);
    }
}

TEST_CASE("the order in which members were set does not matter, nor does the form of a number") {
    auto other = binding();
    other.arguments = Json{{"list", {1, 2.5, true, nullptr}},
                           {"ratio", 0.0000001},
                           {"reason", "défectueux \u202e"},
                           {"currency", "EUR"},
                           {"amount", 48000.0},
                           {"payment_id", "pay_1"}};
    CHECK(digest_of(other).value() == digest_of(binding()).value());
}

TEST_CASE("absent and null arguments are errors, and so is everything else that is missing") {
    auto b = binding();
    b.arguments = {};
    CHECK_THAT(refusals(b), ContainsSubstring("The binding's `arguments` is missing."));
    b.arguments = Json(nullptr);
    CHECK_THAT(refusals(b), ContainsSubstring("The binding's `arguments` is missing."));
    b.arguments = Json::array();
    CHECK_THAT(refusals(b), ContainsSubstring("The binding's `arguments` must be an object."));
    auto const empty = digest_of(Binding{});
    REQUIRE_FALSE(empty);
    CHECK(empty.diagnostics().size() == 11);
}

TEST_CASE("what has no canonical form is refused") {
    auto b = binding();
    set(b, "amount", 9007199254740993);
    CHECK_THAT(refusals(b), ContainsSubstring("beyond 2^53"));
    b = binding();
    set(b, "amount", std::numeric_limits<double>::quiet_NaN());
    CHECK_FALSE(refusals(b).empty());
    b = binding();
    set(b, "reason", "\xed\xa0\x80");
    CHECK_FALSE(refusals(b).empty());
}

TEST_CASE("a binding is read back exactly, and nothing else is read") {
    auto const json = to_json(binding()).value();
    CHECK(digest_of(binding_from_json(json).value()).value() == digest_of(binding()).value());
    for (auto const& [name, _] : json.items()) {
        INFO(name);
        auto without = json;
        without.erase(name);
        CHECK_FALSE(binding_from_json(without));
    }
    auto more = json;
    more["approved"] = true;
    CHECK_FALSE(binding_from_json(more));
    auto moved = json;
    moved["step"] = "/do/0/other";
    CHECK_FALSE(binding_from_json(moved));
    auto later = json;
    later["v"] = 2;
    CHECK_FALSE(binding_from_json(later));
    CHECK_FALSE(binding_from_json(Json::array()));
}
