#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tools/http_exchange.h"

using namespace resolute;
using namespace resolute::tools;

TEST_CASE("a broken success of a write is unknown, with what it said as evidence") {
    auto const refund = contract(refund_yaml);
    auto const outcome = outcome_of(refund, {Answered{{{"id", 7}}}, {{"status", 200}}});
    auto const& unknown = std::get<outcome::Unknown>(outcome);
    CHECK(unknown.why.code == codes::bad_answer);
    CHECK(unknown.evidence.json().at("answer") == "{\"id\":7}");
    CHECK(unknown.evidence.json().at("status") == 200);
    CHECK(unknown.evidence.json().contains("violations"));
}

TEST_CASE("evidence is cut where it gets long and stays well-formed text") {
    std::string const text = std::string(1'999, 'a') + "\xc3\xbc" + std::string(5'000, 'b');
    auto const cut = excerpt_of(text);
    CHECK(cut.size() < 2'100);
    CHECK_NOTHROW(to_text(Json(cut)));
    CHECK_NOTHROW(to_text(Json(excerpt_of("\xff\xfe"))));
}

TEST_CASE("secrets are taken out of keys, values and nested lists") {
    Json const dirty{
        {"a canary-6f1d0c2e key", Json::array({"x", {{"y", "canary-6f1d0c2ecanary-6f1d0c2e"}}})}};
    CHECK(without_secrets({secret_token}, dirty) ==
          Json{{"a [secret] key", Json::array({"x", {{"y", "[secret][secret]"}}})}});
    CHECK(without_secrets({"[secret]"}, Json("[secret]")) == "[secret]");  // and ends
}

TEST_CASE("what the client says about its own request is a configuration failure") {
    auto const refund = contract(refund_yaml);
    auto const answer = http_answer(refund, std::get<HttpCall>(refund.call),
                                    net::NotSent{net::Cause::invalid_request, "bad header"}, {});
    auto const outcome = outcome_of(refund, answer);
    CHECK_FALSE(std::get<outcome::Failed>(outcome).retryable);
}

TEST_CASE("an answer that is too large to read is not read again") {
    auto const get = contract(get_payment_yaml);
    auto const& call = std::get<HttpCall>(get.call);
    auto const outcome = outcome_of(
        get, http_answer(get, call, net::SentNoAnswer{net::Cause::too_large, "64 MiB"}, {}));
    CHECK_FALSE(std::get<outcome::Failed>(outcome).retryable);
}
