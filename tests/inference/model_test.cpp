#include <future>

#include "inference/model_handler.h"
#include "inference/openai_backend.h"
#include "inference/scripted_backend.h"
#include "net/http_server.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::inference;

namespace {

SystemClock const system_clock;

Json const schema{{"type", "object"},
                  {"required", {"kind"}},
                  {"additionalProperties", false},
                  {"properties", {{"kind", {{"type", "string"}, {"enum", {"refund", "other"}}}}}}};

Attempt attempt_with(int number, std::optional<Failure> last = {}, Payload evidence = {}) {
    Json const request{{"model", "classifier"},
                       {"instructions", "Sort."},
                       {"input", {{"case_id", "R-1"}}},
                       {"output", schema}};
    return {.number = number,
            .intent = {.kind = "model", .target = "classifier", .request = request},
            .last_failure = std::move(last),
            .last_evidence = std::move(evidence)};
}

Outcome perform(ModelHandler& handler, Attempt const& attempt) {
    std::promise<Outcome> promise;
    handler.perform(attempt, [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
}

std::shared_ptr<Backend> scripted(Json texts) {
    Json const script{{"name", "test"},
                      {"answers",
                       {{{"model", "classifier"},
                         {"when", {{"/case_id", "R-1"}}},
                         {"texts", std::move(texts)}}}}};
    return std::make_shared<ScriptedBackend>(ScriptedBackend::read(script).value());
}

// A model server that answers what the test says and keeps what it was asked.
struct ModelServer {
    explicit ModelServer(net::Response answer) {
        runtime.start();
        server = std::make_unique<net::HttpServer>(
            runtime, net::HttpServerOptions{},
            [this, answer](net::ServerRequest const& request, net::Responder responder) {
                asked = request.body;
                path = request.path;
                key = std::string(request.header("Authorization").value_or(""));
                responder.respond(answer);
            });
        auto const url = net::parse_url(server->url() + "/v1").value();
        auto const backend =
            std::make_shared<OpenAiBackend>(client, OpenAiOptions{url, "tiny", "secret"});
        handler = std::make_unique<ModelHandler>(Backends{{"*", backend}}, system_clock);
    }
    ~ModelServer() {
        server->stop();
        runtime.stop();
    }
    net::Runtime runtime;
    net::HttpClient client{runtime};
    std::unique_ptr<net::HttpServer> server;
    std::unique_ptr<ModelHandler> handler;
    std::string asked, path, key;
};

net::Response completion(std::string const& text, char const* finish = "stop") {
    Json const body{{"choices", {{{"message", {{"content", text}}}, {"finish_reason", finish}}}},
                    {"usage", {{"prompt_tokens", 7}, {"completion_tokens", 3}}}};
    return {200, {{"Content-Type", "application/json"}}, body.dump()};
}

}  // namespace

TEST_CASE("an invalid answer fails its attempt, and the next one is shown what was wrong") {
    ModelHandler handler({{"*", scripted({"Sure, a refund!", {{"kind", "refund"}}})}},
                         system_clock);
    auto const first = std::get<outcome::Failed>(perform(handler, attempt_with(1)));
    REQUIRE(first.retryable);
    REQUIRE(first.evidence.json()["scripted"] == true);
    auto const second = attempt_with(2, first.error, first.evidence);
    auto const messages = messages_of(second);
    REQUIRE(messages.at(2).text == "Sure, a refund!");
    auto const good = std::get<outcome::Succeeded>(perform(handler, second));
    REQUIRE(good.output.json() == Json{{"kind", "refund"}});
}

TEST_CASE("a script without a fitting answer says so and is not asked again") {
    ModelHandler handler({{"*", scripted({"x"})}}, system_clock);
    auto attempt = attempt_with(1);
    attempt.intent.target = "unknown";
    auto const failed = std::get<outcome::Failed>(perform(handler, attempt));
    REQUIRE_FALSE(failed.retryable);
}

TEST_CASE("an OpenAI-compatible server is asked with the schema and its answer is validated") {
    ModelServer server(completion("```json\n{\"kind\": \"other\"}\n```"));
    auto const good = std::get<outcome::Succeeded>(perform(*server.handler, attempt_with(1)));
    REQUIRE(good.output.json() == Json{{"kind", "other"}});
    REQUIRE(good.evidence.json()["tokens"]["input"] == 7);
    REQUIRE(good.evidence.json()["scripted"] == false);
    REQUIRE(server.path == "/v1/chat/completions");
    REQUIRE(server.key == "Bearer secret");
    auto const asked = Json::parse(server.asked);
    REQUIRE(asked["response_format"]["json_schema"]["schema"] == schema);
    REQUIRE(good.evidence.text().find("secret") == std::string::npos);
}

TEST_CASE("what a server does wrong is a failed attempt, never an answer") {
    auto failed = [](net::Response answer) {
        ModelServer server(std::move(answer));
        return std::get<outcome::Failed>(perform(*server.handler, attempt_with(1)));
    };
    SECTION("busy, with a time to wait") {
        auto const busy = failed({429, {{"Retry-After", "2"}}, "{}"});
        REQUIRE(busy.retryable);
        REQUIRE(busy.retry_after == std::chrono::seconds(2));
    }
    SECTION("refused") { REQUIRE_FALSE(failed({401, {}, "{}"}).retryable); }
    SECTION("cut off") { REQUIRE(failed(completion("{\"kind\": \"ref", "length")).retryable); }
    SECTION("no completion at all") { REQUIRE(failed({200, {}, "<html>"}).retryable); }
    SECTION("another value than the schema allows") {
        REQUIRE(failed(completion("{\"kind\": \"bribe\"}")).error.code == "model_output_invalid");
    }
}

TEST_CASE("a model that is not configured is refused before anything is asked") {
    ModelHandler handler({{"classifier", scripted({"x"})}}, system_clock);
    Proposal proposal{.kind = "model", .request = Json{{"model", "clasifier"}}};
    auto const rejected = std::get<Rejected>(handler.admit(proposal));
    REQUIRE_THAT(rejected.why.detail, ContainsSubstring("classifier"));
}

TEST_CASE("an answer of a hundred megabytes is refused by its size, whatever it says") {
    ModelServer server({200, {}, std::string(limits::model_answer_bytes + 1, ' ')});
    auto const failed = std::get<outcome::Failed>(perform(*server.handler, attempt_with(1)));
    REQUIRE_THAT(failed.error.detail,
                 ContainsSubstring("larger than " + std::to_string(limits::model_answer_bytes)));
}

TEST_CASE("what a model server says went wrong is kept in short") {
    Json const said{{"error", {{"message", std::string(1u << 20, 'x')}}}};
    ModelServer server({500, {}, said.dump()});
    auto const failed = std::get<outcome::Failed>(perform(*server.handler, attempt_with(1)));
    REQUIRE(failed.error.detail.size() < 2 * limits::model_excerpt_bytes);
}

TEST_CASE("questions that find no place wait for their turn, and use up no attempt") {
    struct Thinking final : Backend {
        void complete(Prompt const&, std::function<void(BackendReply)> done) override {
            asked.push_back(std::move(done));
        }
        std::string label() const override { return "thinking"; }
        bool is_scripted() const override { return true; }
        std::vector<std::function<void(BackendReply)>> asked;
    };
    struct HandClock final : Clock {
        Timestamp now() const override { return {at.count()}; }
        Duration monotonic() const override { return at; }
        Duration at{1};
    } clock;
    auto const backend = std::make_shared<Thinking>();
    auto const kept = std::make_shared<int>();
    auto handler = std::make_unique<ModelHandler>(Backends{{"*", backend}}, clock, 1);
    std::vector<Outcome> outcomes;
    auto ask = [&] {
        handler->perform(attempt_with(1),
                         [&, kept](Outcome what) { outcomes.push_back(std::move(what)); });
    };
    for (int i = 0; i < 3; ++i) ask();
    REQUIRE(backend->asked.size() == 1);
    backend->asked[0](Completion{.text = R"({"kind":"other"})"});
    REQUIRE(backend->asked.size() == 2);  // the next one's turn
    clock.at += std::chrono::milliseconds(limits::model_timeout_ms);
    ask();  // meanwhile the third has waited too long
    REQUIRE(outcomes.size() == 2);
    auto const& postponed = std::get<outcome::Failed>(outcomes[1]);
    REQUIRE(postponed.postponed);
    REQUIRE(postponed.error.code == "tool_busy");
    REQUIRE_THAT(postponed.error.detail, ContainsSubstring("1 questions to it may be under way"));
    handler.reset();  // the fourth still waits
    backend->asked.clear();
    REQUIRE(kept.use_count() == 1);
}
