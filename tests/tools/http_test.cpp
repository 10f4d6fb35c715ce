// Every way in which an HTTP exchange can end, over real sockets, and what it makes of an attempt.
#include "tests/catch.h"
#include "tests/net/scripted_server.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tests/tools/system.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

Json evidence_of(Outcome const& outcome) {
    return std::visit([](auto const& what) { return what.evidence.json(); }, outcome);
}

struct Row {
    int status;
    std::string body;
    std::string write;
    std::string read;
};

}  // namespace

TEST_CASE("every status means one thing for a write and one for a read") {
    std::string const good_write = R"({"id":"re_1","amount":3700})";
    std::string const good = R"({"id":"pay_1","amount":1})";  // fits both output schemas
    std::vector<Row> const table{
        {200, good, "succeeded", "succeeded"},
        {201, good, "succeeded", "succeeded"},
        {200, R"({"id":7})", "unknown", "failed, retry"},      // breaks the output schema
        {200, R"({"id":"x","amount":)", "unknown", "failed, retry"},  // not JSON
        {200, "<html>", "unknown", "failed, retry"},
        {204, "", "unknown", "failed, retry"},                 // the schema wants an object
        {301, "", "unknown", "failed"},
        {303, "", "unknown", "failed"},
        {400, "no", "failed", "failed"},
        {401, "no", "failed", "failed"},
        {403, "no", "failed", "failed"},
        {404, "no", "failed", "failed"},
        {408, "", "unknown", "failed, retry"},
        {409, "busy", "unknown", "failed, retry"},
        {409, R"({"detail":"idempotency key reused with different arguments"})", "failed",
         "failed"},
        {410, "", "failed", "failed"},
        {422, "no", "failed", "failed"},
        {422, R"({"code":"key_reused"})", "failed", "failed"},
        {425, "", "unknown", "failed, retry"},
        {429, "", "failed, retry", "failed, retry"},  // the contract retries on rate_limited
        {500, "", "unknown", "failed, retry"},
        {501, "", "unknown", "failed, retry"},
        {502, "", "unknown", "failed, retry"},
        {503, "", "failed, retry", "failed, retry"},  // and on unavailable
        {504, "", "unknown", "failed, retry"},
    };
    System system;
    for (auto const& row : table) {
        INFO(row.status << " " << row.body);
        system.answers(row.status, row.body);
        Stand stand(
            registry({refund_yaml, find_refund_yaml, get_payment_yaml}, environment(system.url())));
        CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == row.write);
        CHECK(kind_of(stand.call("payments.get_payment", {{"payment_id", "pay_1"}})) == row.read);
    }
}

TEST_CASE("without a word in its contract, no 429 or 503 of a write is taken for a refusal") {
    System system;
    auto const plain = changed(refund_yaml, ", on: [unavailable, rate_limited]", "");
    for (int const status : {408, 409, 425, 429, 500, 502, 503, 504}) {
        system.answers(status, "");
        Stand stand(registry({plain, find_refund_yaml}, environment(system.url())));
        CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "unknown");
    }
}

TEST_CASE("a contract says which open answers are refusals, and which refusals are results") {
    System system;
    auto const refusing =
        changed(refund_yaml, "idempotencyHeader:", "refuses: [409, 500]\n    idempotencyHeader:");
    auto const accepting =
        changed(get_payment_yaml, "{payment_id}\"", "{payment_id}\", accepts: [404]");
    Stand stand(registry({refusing, find_refund_yaml, accepting}, environment(system.url())));
    system.answers(409, "too much");
    CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "failed");
    system.answers(500, "");
    CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "failed");
    system.answers(503, "");
    CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "failed, retry");
    system.answers(404, R"({"id":"none"})");
    CHECK(kind_of(stand.call("payments.get_payment", {{"payment_id", "x"}})) == "succeeded");
}

TEST_CASE("Retry-After is carried on") {
    System system;
    system.answers(429, "", {{"Retry-After", "17"}});
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    auto const outcome = stand.call("payments.refund", refund_arguments());
    CHECK(std::get<outcome::Failed>(outcome).retry_after == Duration(17s));
}

TEST_CASE("a request carries arguments, key and headers as the contract says") {
    System system;
    system.answers(201, R"({"id":"re_1","amount":3700})", {{"X-Request-Id", "req-9"}});
    Stand stand(
        registry({refund_yaml, find_refund_yaml, get_payment_yaml}, environment(system.url())));
    auto const outcome = stand.call("payments.refund", refund_arguments());
    CHECK(std::get<outcome::Succeeded>(outcome).output.json() ==
          Json{{"id", "re_1"}, {"amount", 3700}});
    CHECK(evidence_of(outcome).at("status") == 201);
    CHECK(evidence_of(outcome).at("request_id") == "req-9");
    CHECK(evidence_of(outcome).contains("duration_ms"));
    auto const sent = system.last();
    CHECK(sent.method == "POST");
    CHECK(sent.target == "/refunds");
    CHECK(sent.header("Idempotency-Key") == "rk_1");
    CHECK(sent.header("Authorization") == std::string("Bearer ") + secret_token);
    CHECK(Json::parse(sent.body) == refund_arguments());

    system.answers(200, R"({"id":"pay_1"})");
    stand.call("payments.get_payment", {{"payment_id", "pay/1"}, {"expand", "all of it"}});
    CHECK(system.last().target == "/payments/pay%2F1?expand=all%20of%20it");
    CHECK(system.last().method == "GET");
}

TEST_CASE("retries send the same bytes") {
    System system;
    system.answers(503, "");
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    auto attempt = stand.permitted("payments.refund", refund_arguments());
    stand.perform(attempt);
    auto const first = system.last();
    attempt.number = 2;
    attempt.last_failure = Failure{};
    stand.perform(attempt);
    CHECK(system.calls() == 2);
    CHECK(system.last().body == first.body);
    CHECK(system.last().target == first.target);
    CHECK(system.last().header("Idempotency-Key") == first.header("Idempotency-Key"));
}

TEST_CASE("body and result of a call can be shaped with jq") {
    System system;
    auto const shaped = changed(changed(refund_yaml, "idempotencyHeader:",
                                        "body: '{ pay: .payment_id, minor: .amount }'\n    result: "
                                        "'.refund'\n    idempotencyHeader:"),
                                "1.2.0", "1.2.1");
    Stand stand(registry({shaped, find_refund_yaml}, environment(system.url())));
    system.answers(200, R"({"refund":{"id":"re_1","amount":3700}})");
    CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "succeeded");
    CHECK(Json::parse(system.last().body) == Json{{"pay", "pay_1"}, {"minor", 3700}});
    system.answers(200, R"({"other":1})");
    CHECK(kind_of(stand.call("payments.refund", refund_arguments())) == "unknown");
}

TEST_CASE("failures have the type, status and sentence that a workflow catches") {
    System system;
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    system.answers(401, R"({"detail":"token expired"})");
    auto why = why_of(stand.call("payments.refund", refund_arguments()));
    CHECK(why.type == std::string(error_base) + "authentication");
    CHECK(why.status == 401);
    CHECK(why.detail == "`payments.refund` answered 401: token expired");
    CHECK(why.code == codes::tool_refused);
    system.answers(422, R"({"error":{"message":"amount is too large"}})");
    why = why_of(stand.call("payments.refund", refund_arguments()));
    CHECK(why.status == 422);
    CHECK(why.detail == "`payments.refund` answered 422: amount is too large");
    system.answers(422, R"({"detail":"This idempotency key was used with other arguments."})");
    CHECK(why_of(stand.call("payments.refund", refund_arguments())).code ==
          codes::idempotency_key_reused);
}

TEST_CASE("a system that echoes our secret does not get it into the history") {
    System system;
    system.answers([](net::ServerRequest const& request, net::Responder responder) {
        responder.respond({400,
                           {{"X-Request-Id", std::string(*request.header("Authorization"))}},
                           "you sent " + std::string(*request.header("Authorization"))});
    });
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    auto const outcome = stand.call("payments.refund", refund_arguments());
    auto const shown = to_text(evidence_of(outcome)) + to_text(to_json(why_of(outcome)));
    CHECK(shown.find(secret_token) == std::string::npos);
    CHECK_THAT(shown, ContainsSubstring("[secret]"));
}

TEST_CASE("refused before a byte was sent is surely not applied") {
    std::string url;
    {
        System system;
        url = system.url();
    }
    Stand stand(registry({refund_yaml, find_refund_yaml, get_payment_yaml}, environment(url)));
    auto const outcome = stand.call("payments.refund", refund_arguments());
    CHECK(kind_of(outcome) == "failed, retry");
    CHECK(why_of(outcome).code == codes::not_sent);
    CHECK(evidence_of(outcome).at("sent") == false);
    CHECK(kind_of(stand.call("payments.get_payment", {{"payment_id", "x"}})) == "failed, retry");
}

TEST_CASE("sent and no whole answer is unknown for a write, and a read tries again") {
    enum class Way { hang_up, reset, truncated, garbage, half_header };
    auto const way =
        GENERATE(Way::hang_up, Way::reset, Way::truncated, Way::garbage, Way::half_header);
    net::ScriptedServer server([way](net::Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        if (way == Way::reset) return peer.reset();
        if (way == Way::truncated)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":\"re_1\"");
        if (way == Way::garbage) peer.send("this is not HTTP\r\n\r\n");
        if (way == Way::half_header) peer.send("HTTP/1.1 200 OK\r\nContent-");
        peer.close();
    });
    Stand stand(registry({refund_yaml, find_refund_yaml, get_payment_yaml},
                         environment("http://127.0.0.1:" + std::to_string(server.port()))));
    auto const outcome = stand.call("payments.refund", refund_arguments());
    CHECK(kind_of(outcome) == "unknown");
    CHECK(why_of(outcome).code == codes::no_answer);
    CHECK(kind_of(stand.call("payments.get_payment", {{"payment_id", "x"}})) == "failed, retry");
}

TEST_CASE("an answer that does not come in time leaves a write unknown") {
    System system;
    net::Awaited<net::Responder> held;
    system.answers([held](net::ServerRequest const&, net::Responder responder) {
        held.set(std::move(responder));
    });
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    auto attempt = stand.permitted("payments.refund", refund_arguments());
    attempt.deadline = stand.clock.now() + 100ms;
    auto const outcome = stand.perform(attempt);
    CHECK(kind_of(outcome) == "unknown");
    CHECK(why_of(outcome).type == std::string(error_base) + "timeout");
    held.get().respond({200, {}, "{}"});
}

TEST_CASE("a system that does not answer is left alone for a while, and work waits") {
    std::string url;
    {
        System system;
        url = system.url();
    }
    auto const broken = std::string(get_payment_yaml) + "breaker: { failures: 2, pause: PT7S }\n";
    Stand stand(registry({broken}, environment(url)));
    auto call = [&] { return stand.call("payments.get_payment", {{"payment_id", "x"}}); };
    CHECK(why_of(call()).code == codes::not_sent);
    CHECK(why_of(call()).code == codes::not_sent);
    auto const waits = call();
    CHECK(kind_of(waits) == "failed, retry");
    CHECK(why_of(waits).code == codes::tool_paused);
    CHECK(std::get<outcome::Failed>(waits).retry_after == Duration(7s));
    stand.clock.advance(7s);
    CHECK(why_of(call()).code == codes::not_sent);
}

TEST_CASE("no more calls than the contract allows are under way at a time") {
    System system;
    struct Holding {
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<net::Responder> held;
    };
    auto const holding = std::make_shared<Holding>();
    system.answers([holding](net::ServerRequest const&, net::Responder responder) {
        std::lock_guard const lock(holding->mutex);
        holding->held.push_back(std::move(responder));
        holding->changed.notify_all();
    });
    Stand stand(registry({std::string(get_payment_yaml) + "limits: { concurrency: 2 }\n"},
                         environment(system.url())));
    auto const attempt = stand.permitted("payments.get_payment", {{"payment_id", "x"}});
    std::vector<net::Awaited<Outcome>> outcomes(5);
    for (auto& outcome : outcomes)
        stand.handler.perform(attempt, [outcome](Outcome what) { outcome.set(std::move(what)); });
    for (std::size_t answered = 0; answered < outcomes.size(); ++answered) {
        std::unique_lock lock(holding->mutex);
        auto const expected = std::min<std::size_t>(answered + 2, outcomes.size());
        REQUIRE(
            holding->changed.wait_for(lock, 20s, [&] { return holding->held.size() >= expected; }));
        CHECK(holding->held.size() == expected);
        auto const next = holding->held[answered];
        lock.unlock();
        next.respond({200, {}, R"({"id":"x"})"});
    }
    for (auto const& outcome : outcomes) CHECK(kind_of(outcome.get()) == "succeeded");
}

TEST_CASE("arguments that cannot stand in the address are a failure, not a request") {
    System system;
    Stand stand(registry({get_payment_yaml}, environment(system.url())));
    auto const outcome = stand.call("payments.get_payment", {{"payment_id", ".."}});
    CHECK(kind_of(outcome) == "failed");
    CHECK(system.calls() == 0);
}
