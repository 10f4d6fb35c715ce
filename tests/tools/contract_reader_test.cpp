#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

Diagnostics problems(std::string const& yaml, Environment const& values = environment()) {
    auto const read = read_contract(yaml, "tool.yaml", values);
    return read ? Diagnostics{} : read.diagnostics();
}

// "line:column code" of each problem.
std::vector<std::string> places(std::string const& yaml,
                                Environment const& values = environment()) {
    std::vector<std::string> list;
    for (auto const& problem : problems(yaml, values)) {
        UNSCOPED_INFO(to_string(problem));
        list.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
                       problem.code);
    }
    return list;
}

std::vector<std::string> places_after(std::string const& what, std::string const& with) {
    return places(changed(refund_yaml, what, with));
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("a contract is read whole") {
    auto const refund = contract(refund_yaml);
    CHECK(refund.name == "payments.refund");
    CHECK(refund.target() == "payments.refund@1.2.0");
    CHECK(refund.effect == Effect::write);
    CHECK(refund.terms.timeout == Duration(5s));
    CHECK(refund.terms.attempts == 5);
    CHECK(refund.terms.settle == Duration(1s));
    CHECK(refund.terms.can_verify);
    CHECK_FALSE(refund.terms.resend_is_safe);
    CHECK(refund.may_retry_on(RetryOn::rate_limited));
    CHECK_FALSE(refund.may_retry_on(RetryOn::server_error));
    auto const& http = std::get<HttpCall>(refund.call);
    CHECK(http.headers.at("Authorization") == std::string("Bearer ") + secret_token);
    CHECK(refund.secrets == std::vector<std::string>{secret_token});
}

TEST_CASE("the digest of a contract holds no secret and no machine") {
    auto const here = contract(refund_yaml);
    auto const there = contract(
        refund_yaml, {{"PAYMENTS_URL", "https://pay.example"}, {"PAYMENTS_TOKEN", "another"}});
    CHECK(here.digest == there.digest);
    CHECK(contract(changed(refund_yaml, "PT1S, attempts", "PT2S, attempts")).digest != here.digest);
    CHECK(to_text(here.document).find(secret_token) == std::string::npos);
}

TEST_CASE("a stored contract reads as the file did") {
    auto const original = contract(refund_yaml);
    auto const again = contract_from_json(original.document, environment()).value();
    CHECK(again.digest == original.digest);
    CHECK(again.target() == original.target());
    CHECK(again.verify->tool == "payments.find_refund");
    auto broken = original.document;
    broken["call"]["http"]["metod"] = "GET";
    auto const refused = contract_from_json(broken, environment());
    REQUIRE_FALSE(refused);
    CHECK(refused.diagnostics().front().pointer == "/call/http/metod");
}

TEST_CASE("what nobody classified is taken for irreversible") {
    CHECK(contract(changed(refund_yaml, "effect: write\n", "")).effect == Effect::irreversible);
}

TEST_CASE("all mistakes of a contract are reported at once, each at its place") {
    auto const yaml = changed(changed(changed(refund_yaml, "effect: write", "efect: write"),
                                      "timeout: PT5S", "timeout: soon"),
                              "method: POST", "method: SEND");
    CHECK(places(yaml) == Places{"4:1 unknown_key", "22:13 invalid_value", "26:10 invalid_value"});
    CHECK(problems(yaml).front().remedy == "Did you mean `effect`?");
    CHECK(problems(yaml).front().file == "tool.yaml");
}

TEST_CASE("every kind of mistake in a contract has its place") {
    CHECK(places("- a list") == Places{"1:1 wrong_type"});
    CHECK(places("tool: a\ntool: b") == Places{"2:1 malformed_yaml"});
    CHECK(places_after("version: 1.2.0", "version: 1.2") == Places{"2:10 wrong_type"});
    CHECK(places_after("payments.refund\n", "pay ments\n") == Places{"1:7 invalid_name"});
    CHECK(places_after("effect: write", "effect: writes") == Places{"4:9 invalid_value"});
    CHECK(places_after("sentence: \"Refund {amount}", "sentence: \"Refund {amout}") ==
          Places{"5:11 unknown_reference"});
    CHECK(places_after("minimum: 1", "minimum: one") == Places{"12:39 schema_invalid"});
    CHECK(places_after("[id, amount]", "id") == Places{"16:13 schema_invalid"});
    CHECK(places_after("http:", "htpp:") == Places{"21:3 unknown_key", "21:3 invalid_value"});
    CHECK(places_after("/refunds\"", "/refunds/{paymentid}\"") ==
          Places{"23:10 unknown_reference"});
    CHECK(places_after("required: [payment_id, amount", "required: [amount") == Places{});
    CHECK(places_after("${PAYMENTS_TOKEN}", "${PAYMENTS_TOKN}") ==
          Places{"24:31 unknown_variable"});
    CHECK(places_after("Authorization", "Content-Length") == Places{"24:16 invalid_value"});
    CHECK(places_after("attempts: 5", "attempts: 0") == Places{"27:33 invalid_value"});
    CHECK(places_after("[unavailable, rate_limited]", "[unavailable, rate_limit]") ==
          Places{"27:54 invalid_value"});
    CHECK(places_after("'{ key: $call.idempotencyKey }'", "'{ key: $cal.idempotencyKey }'") ==
          Places{"30:14 invalid_expression"});
    CHECK(places_after("'.status == \"succeeded\"'", "'.status =='") ==
          Places{"31:12 invalid_expression"});
    CHECK(places_after("  absent: '.status == \"not_found\"'\n", "") == Places{"29:3 missing_key"});
}

TEST_CASE("an address may only name arguments that are always there") {
    auto const yaml = changed(changed(refund_yaml, "/refunds\"", "/refunds/{payment_id}\""),
                              "[payment_id, amount, currency]", "[amount]");
    CHECK(places(yaml) == Places{"23:10 invalid_value"});
}

TEST_CASE("a mistyped variable is named with its neighbour") {
    auto const all = problems(changed(refund_yaml, "${PAYMENTS_URL}", "${PAYMENT_URL}"));
    REQUIRE(all.size() == 1);
    CHECK(all.front().message == "The variable `${PAYMENT_URL}` has no value.");
    CHECK(all.front().remedy == "Set `PAYMENT_URL`. Did you mean `PAYMENTS_URL`?");
}

TEST_CASE("a write whose outcome could never be learnt is refused") {
    auto const at = std::string(refund_yaml).find("verify:");
    auto const unsafe = std::string(refund_yaml).substr(0, at);
    CHECK(places(unsafe) == Places{"4:9 unsafe_write"});
    CHECK(places(unsafe + "unsafe: human_resolves\n") == Places{});
    CHECK(places(unsafe + "unsafe: yes\n") == Places{"4:9 unsafe_write", "28:9 invalid_value"});
    CHECK(places(unsafe + "idempotency: { window: PT24H }\n") == Places{});
    CHECK(places(std::string(refund_yaml) + "unsafe: human_resolves\n") ==
          Places{"35:9 invalid_value"});
}

TEST_CASE("a promise to honour keys must be one that can be kept") {
    auto const at = std::string(refund_yaml).find("verify:");
    auto const keyed = std::string(refund_yaml).substr(0, at) + "idempotency: { window: PT24H }\n";
    CHECK(contract(keyed).terms.resend_is_safe);
    CHECK(places(changed(keyed, "    idempotencyHeader: Idempotency-Key\n", "")) ==
          Places{"27:14 unsafe_write"});
    CHECK(places(changed(keyed, "PT24H", "PT10S")) == Places{"28:14 unsafe_write"});
}

TEST_CASE("a write is never sent with a method that anybody may repeat") {
    CHECK(places_after("method: POST", "method: GET") == Places{"4:9 unsafe_write"});
}

TEST_CASE("a read needs no promises about its effects") {
    CHECK(places(std::string(get_payment_yaml) + "unsafe: human_resolves\n") ==
          Places{"11:9 invalid_value"});
    CHECK(places(std::string(get_payment_yaml) + "idempotency: { window: P1D }\n") ==
          Places{"11:14 invalid_value"});
}

TEST_CASE("a rate is calls in a time, and nothing else") {
    auto const paced = contract(std::string(get_payment_yaml) + "limits: { rate: 50/min }\n");
    CHECK(paced.rate == Rate{50, std::chrono::minutes(1)});
    for (auto const* rate : {"fast", "0/s", "50/day", "10001/s"})
        CHECK(places(std::string(get_payment_yaml) + "limits: { rate: " + rate + " }\n") ==
              Places{"11:17 invalid_value"});
}

TEST_CASE("parts of the format that are not there yet are refused, not passed over") {
    CHECK(places(std::string(get_payment_yaml) + "limits: { rate: 50/s, per: tenant }\n") ==
          Places{"11:23 unsupported_construct"});
    CHECK(places(std::string(get_payment_yaml) + "labels: { output: confidential }\n") ==
          Places{"11:1 unsupported_construct"});
    CHECK(places(std::string(get_payment_yaml) + "permissions: [x]\n") ==
          Places{"11:1 unsupported_construct"});
    CHECK(places(std::string(get_payment_yaml) + "compensate: { tool: x }\n") ==
          Places{"11:1 unsupported_construct"});
}

TEST_CASE("a caller cannot choose the key of an MCP tool") {
    std::string const yaml =
        "tool: t\nversion: 1.0.0\neffect: write\nunsafe: human_resolves\n"
        "input: { type: object, properties: { key: { type: string } } }\noutput: {}\n"
        "call: { mcp: { server: s, tool: t, idempotencyArgument: key } }\n";
    CHECK(places(yaml) == Places{"7:57 invalid_value"});
    CHECK(places(changed(yaml, "Argument: key", "Argument: once")) == Places{});
}

TEST_CASE("a file of a server is read as strictly") {
    Environment const values{{"BIN", "/opt/bin"}, {"ORDERS_TOKEN", secret_token}};
    auto const server = read_server(
                            "server: orders\ncommand: [\"${BIN}/refund_orders\", --x]\nenv: { "
                            "TOKEN: \"${ORDERS_TOKEN}\" }\n",
                            "s.yaml", values)
                            .value();
    CHECK(server.command == std::vector<std::string>{"/opt/bin/refund_orders", "--x"});
    CHECK(server.secrets == std::vector<std::string>{secret_token});
    auto const bad = read_server("server: orders\ncomand: [x]\ncommand: [\"${NOWHERE}\", 1]\n",
                                 "s.yaml", values);
    REQUIRE_FALSE(bad);
    REQUIRE(bad.diagnostics().size() == 3);
    CHECK(to_string(bad.diagnostics()[0]).find("s.yaml:2:1: ") == 0);
    CHECK(to_string(bad.diagnostics()[1]).find("s.yaml:3:11: ") == 0);
    CHECK(to_string(bad.diagnostics()[2]).find("s.yaml:3:25: ") == 0);
}
