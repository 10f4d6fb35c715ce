#include "net/http_server.h"
#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

// A system of record with one answer, and the verification of an unknown refund against it.
Verification verified(net::Response const& answer, std::string const& refund = refund_yaml) {
    net::Runtime runtime(1);
    runtime.start();
    net::HttpServer server(
        runtime, {}, [&](net::ServerRequest const& request, net::Responder responder) {
            bool const is_right = request.method == "GET" && request.target == "/refunds?key=rk_1";
            responder.respond(is_right ? answer : net::Response{500, {}, "the wrong question"});
        });
    Stand stand(registry({refund, find_refund_yaml}, environment(server.url())));
    auto const result = stand.verify(stand.permitted("payments.refund", refund_arguments()));
    server.stop();
    return result;
}

std::string why(Verification const& verification) {
    return verification.evidence.json().value("why", "");
}

std::string without_verify() {
    std::string const yaml = refund_yaml;
    return yaml.substr(0, yaml.find("verify:"));
}

}  // namespace

TEST_CASE("an applied attempt gives the output that its answer would have given") {
    auto const answer = verified({200, {}, R"({"status":"succeeded","id":"re_9","amount":3700})"});
    CHECK(answer.verdict == Verdict::applied);
    CHECK(answer.output.json() == Json{{"id", "re_9"}, {"amount", 3700}});
    CHECK(answer.evidence.json().at("asked") == "payments.find_refund");
    CHECK(answer.evidence.json().at("answer").at("id") == "re_9");
}

TEST_CASE("an absent attempt may be tried again") {
    CHECK(verified({200, {}, R"({"status":"not_found"})"}).verdict == Verdict::absent);
}

TEST_CASE("whatever is not clear stays undecided") {
    CHECK(verified({200, {}, R"({"status":"pending"})"}).verdict == Verdict::undecided);
    CHECK(verified({200, {}, R"({"state":"succeeded"})"}).verdict == Verdict::undecided);
    CHECK(verified({200, {}, "not JSON"}).verdict == Verdict::undecided);
    CHECK(verified({404, {}, R"({"status":"not_found"})"}).verdict == Verdict::undecided);
    CHECK(verified({500, {}, R"({"status":"not_found"})"}).verdict == Verdict::undecided);
    CHECK_THAT(why(verified({503, {}, ""})), ContainsSubstring("could not be asked"));
}

TEST_CASE("an applied attempt whose result breaks the schema is left to a person") {
    auto const answer = verified({200, {}, R"({"status":"succeeded","id":9,"amount":3700})"});
    CHECK(answer.verdict == Verdict::undecided);
    CHECK_THAT(why(answer), ContainsSubstring("It was applied"));
}

TEST_CASE("contradictions and expressions without a truth value decide nothing") {
    net::Response const good{200, {}, R"({"status":"succeeded","id":"re_9","amount":3700})"};
    auto const both =
        changed(refund_yaml, "'.status == \"not_found\"'", "'.status == \"succeeded\"'");
    CHECK(why(verified(good, both)) == "`applied` and `absent` are both true.");
    auto const truthy = changed(refund_yaml, "'.status == \"succeeded\"'", "'.status'");
    CHECK(verified(good, truthy).verdict == Verdict::undecided);
    auto const failing = changed(refund_yaml, "'.status == \"succeeded\"'", "'.status | error'");
    CHECK(verified(good, failing).verdict == Verdict::undecided);
    auto const wrong_question =
        changed(refund_yaml, "{ key: $call.idempotencyKey }", "{ keys: $call.idempotencyKey }");
    CHECK_THAT(why(verified(good, wrong_question)), ContainsSubstring("break the input schema"));
}

TEST_CASE("a system that honours keys is simply asked again, as long as it remembers") {
    auto const keyed = without_verify() + "idempotency: { window: PT24H }\n";
    Stand stand(registry({keyed}));
    auto const attempt = stand.permitted("payments.refund", refund_arguments());
    CHECK(stand.verify(attempt).verdict == Verdict::resend);
    stand.clock.advance(23h);
    CHECK(stand.verify(attempt).verdict == Verdict::resend);
    stand.clock.advance(1h);
    CHECK(stand.verify(attempt).verdict == Verdict::undecided);
}

TEST_CASE("what nothing can tell is left to a person, and a read is simply repeated") {
    Stand stand(registry({without_verify() + "unsafe: human_resolves\n", get_payment_yaml}));
    CHECK(stand.verify(stand.permitted("payments.refund", refund_arguments())).verdict ==
          Verdict::undecided);
    CHECK(stand.verify(stand.permitted("payments.get_payment", {{"payment_id", "x"}})).verdict ==
          Verdict::resend);
}

TEST_CASE("an attempt whose contract is gone is not guessed about") {
    Stand stand(registry({refund_yaml, find_refund_yaml}));
    auto attempt = stand.permitted("payments.refund", refund_arguments());
    attempt.intent.contract = sha256("gone");
    CHECK(stand.verify(attempt).verdict == Verdict::undecided);
    CHECK(stand.handler.terms(attempt.intent).attempts == 1);
    CHECK_FALSE(stand.handler.terms(attempt.intent).can_verify);
}
