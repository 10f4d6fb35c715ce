// Requests to receivers, and what their answers come to.
#include "webhooks/attempt.h"

#include "tests/catch.h"

using namespace resolute;
using namespace resolute::webhooks;

namespace {

Timestamp const noon{1'772'366'400'000'000};

Subscription shop() {
    return {.name = "shop",
            .url = net::parse_url("http://127.0.0.1:1/events").value(),
            .types = {"order.*"},
            .key = {},
            .attempts = 3};
}

store::ClaimedDelivery delivery(int attempt = 1) {
    return {*store::DeliveryId::parse("00000000-0000-4000-8000-000000000007"), "shop", attempt,
            R"({"type":"order.paid"})"};
}

store::DeliveryEnd end_after(net::Reply const& reply, int attempt = 1) {
    auto const random = seeded_random(7);
    return end_of(shop(), delivery(attempt), reply, noon, *random);
}

std::string header(net::ClientRequest const& request, char const* name) {
    return std::string(net::find_header(request.headers, name).value_or("(none)"));
}

}  // namespace

TEST_CASE("a signature is the one that the libraries of Standard Webhooks make") {
    auto const key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(key);
    CHECK(signature(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a secret is whsec_ and base64 of a sensible length") {
    CHECK(key_of("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")->size() == 24);
    CHECK(key_of("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA==")->back() == 24);
    CHECK(key_of("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA")->back() == 24);
    for (auto const* wrong :
         {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY",
          "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFR!X", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA=",
          "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGB==", "whsec_hunter2"})
        CHECK_FALSE(key_of(wrong));
}

TEST_CASE("a webhook wants the types that its patterns fit, and lifecycle events only by name") {
    auto const wanted_by = [](std::vector<std::string> types, char const* type) {
        Subscription one = shop();
        one.types = std::move(types);
        return wants(one, type);
    };
    CHECK(wanted_by({"order.paid"}, "order.paid"));
    CHECK_FALSE(wanted_by({"order.paid"}, "order.paid.late"));
    CHECK(wanted_by({"order.*"}, "order.paid.late"));
    CHECK(wanted_by({"*.paid"}, "order.paid.paid"));
    CHECK(wanted_by({"o*r.*d"}, "order.paid"));
    CHECK_FALSE(wanted_by({"o*r.*d"}, "order.paint"));
    CHECK(wanted_by({"parcel.sent", "*"}, "anything"));
    CHECK_FALSE(wanted_by({"*"}, "io.serverlessworkflow.workflow.completed.v1"));
    CHECK(wanted_by({"io.serverlessworkflow.workflow.*"},
                    "io.serverlessworkflow.workflow.completed.v1"));
    CHECK_FALSE(
        wanted_by({"io.serverlessworkflow.workflow.*"}, "io.serverlessworkflow.task.completed.v1"));
}

TEST_CASE("a request carries the event as it is, and headers by which it is known and verified") {
    auto one = shop();
    auto const plain = request_of(one, delivery(), noon);
    CHECK(plain.method == "POST");
    CHECK(plain.body == R"({"type":"order.paid"})");
    CHECK(header(plain, "content-type") == "application/cloudevents+json; charset=utf-8");
    CHECK(header(plain, "webhook-id") == "00000000-0000-4000-8000-000000000007");
    CHECK(header(plain, "webhook-timestamp") == "1772366400");
    CHECK(header(plain, "webhook-signature") == "(none)");
    one.key = std::string(24, 'k');
    auto const with_key = request_of(one, delivery(2), noon);
    CHECK(header(with_key, "webhook-id") == header(plain, "webhook-id"));
    CHECK(header(with_key, "webhook-signature") ==
          signature(one.key, header(plain, "webhook-id"), 1772366400, plain.body));
}

TEST_CASE("only 2xx is an acknowledgement; what fails is tried again, less and less often") {
    CHECK(end_after(net::Response{204, {}, {}}).why.empty());
    CHECK(end_after(net::Response{299, {}, {}}).why.empty());
    for (int const status : {301, 400, 404, 500, 503}) {
        auto const end = end_after(net::Response{status, {}, {}});
        CHECK(end.why.find(std::to_string(status)) != std::string::npos);
        CHECK(end.again_after);
    }
    auto const first = end_after(net::NotSent{net::Cause::unreachable, "connection refused"});
    CHECK(first.why == "not sent: connection refused");
    CHECK(*first.again_after >= std::chrono::milliseconds(500));
    CHECK(*first.again_after <= std::chrono::seconds(1));
    auto const second = end_after(net::SentNoAnswer{net::Cause::timed_out, "it took too long"}, 2);
    CHECK(*second.again_after >= std::chrono::seconds(1));
    CHECK(*second.again_after <= std::chrono::seconds(2));
}

TEST_CASE("a receiver may ask for a pause, or for no more") {
    net::Response busy{429, {{"Retry-After", "120"}}, {}};
    CHECK(end_after(busy).again_after == std::chrono::seconds(120));
    auto const gone = end_after(net::Response{410, {}, {}});
    CHECK_FALSE(gone.again_after);
    CHECK(gone.why == "the receiver answered 410: it wants no more of this");
}

TEST_CASE("after as many attempts as are allowed an event is given up, with the reason") {
    CHECK(end_after(net::Response{500, {}, {}}, 2).again_after);
    auto const last = end_after(net::Response{500, {}, {}}, 3);
    CHECK_FALSE(last.again_after);
    CHECK(last.why == "the receiver answered 500");
}
