// What a workflow says and hears in the words of A2A 0.3, as agents of 1.0 have it.
#include "tools/agent_dialect.h"

#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tests/tools/system.h"
#include "tools/agent_call.h"
#include "tools/peer_contracts.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

Json json(char const* text) { return Json::parse(text); }

std::shared_ptr<Registry const> agents() {
    Registry::Parts parts;
    parts.contracts = peer_contracts(std::make_shared<Reach const>());
    return Registry::make(std::move(parts)).value();
}

net::Headers const json_answer{{"Content-Type", "application/json"}};

std::string answer_of(char const* result) {
    return to_text(Json{{"jsonrpc", "2.0"}, {"id", 1}, {"result", json(result)}});
}

char const* const card_of_1_0 = R"({"name":"reporter","supportedInterfaces":[
    {"url":"http://a/grpc","protocolBinding":"GRPC","protocolVersion":"1.0"},
    {"url":"http://a/one","protocolBinding":"JSONRPC","protocolVersion":"1.0","tenant":"acme"},
    {"url":"http://a/old","protocolBinding":"JSONRPC","protocolVersion":"0.3"}]})";

}  // namespace

TEST_CASE("every method that the language names has its name in A2A 1.0") {
    CHECK(method_in_1_0("message/send") == "SendMessage");
    CHECK(method_in_1_0("message/stream") == "SendStreamingMessage");
    CHECK(method_in_1_0("tasks/get") == "GetTask");
    CHECK(method_in_1_0("tasks/list") == "ListTasks");
    CHECK(method_in_1_0("tasks/cancel") == "CancelTask");
    CHECK(method_in_1_0("tasks/resubscribe") == "SubscribeToTask");
    CHECK(method_in_1_0("tasks/pushNotificationConfig/set") == "CreateTaskPushNotificationConfig");
    CHECK(method_in_1_0("tasks/pushNotificationConfig/get") == "GetTaskPushNotificationConfig");
    CHECK(method_in_1_0("tasks/pushNotificationConfig/list") == "ListTaskPushNotificationConfigs");
    CHECK(method_in_1_0("tasks/pushNotificationConfig/delete") ==
          "DeleteTaskPushNotificationConfig");
    CHECK(method_in_1_0("agent/getAuthenticatedExtendedCard") == "GetExtendedAgentCard");
}

TEST_CASE("a message of 0.3 is one of 1.0: its role, its parts, how long to wait") {
    auto const sent = parameters_in_1_0("message/send", json(R"({
        "message": {"kind": "message", "role": "user", "messageId": "m-1", "parts": [
            {"kind": "text", "text": "hello", "metadata": {"a": 1}},
            {"kind": "data", "data": {"amount": 7}},
            {"kind": "file", "file": {"uri": "http://f/x.pdf", "name": "x.pdf",
                                      "mimeType": "application/pdf"}},
            {"kind": "file", "file": {"bytes": "AAEC"}}]},
        "configuration": {"blocking": false, "historyLength": 2, "pushNotificationConfig": {
            "url": "http://me/", "authentication": {"schemes": ["Bearer"], "credentials": "c"}}},
        "metadata": {"kind": "mine"}})"));
    CHECK(sent == json(R"({
        "message": {"role": "ROLE_USER", "messageId": "m-1", "parts": [
            {"text": "hello", "metadata": {"a": 1}},
            {"data": {"amount": 7}},
            {"url": "http://f/x.pdf", "filename": "x.pdf", "mediaType": "application/pdf"},
            {"raw": "AAEC"}]},
        "configuration": {"returnImmediately": true, "historyLength": 2,
            "taskPushNotificationConfig": {
                "url": "http://me/", "authentication": {"scheme": "Bearer", "credentials": "c"}}},
        "metadata": {"kind": "mine"}})"));
    CHECK(parameters_in_1_0("message/send", sent) == sent);  // who speaks 1.0 is understood
    CHECK(parameters_in_1_0("tasks/get", {{"id", "t"}, {"historyLength", 1}}) ==
          Json{{"id", "t"}, {"historyLength", 1}});
}

TEST_CASE("a task of 1.0 is one of 0.3: its state, its messages, its artifacts") {
    auto const task = json(R"({"id": "t-1", "contextId": "c-1",
        "status": {"state": "TASK_STATE_INPUT_REQUIRED", "timestamp": "2026-03-01T09:30:00.000Z",
                   "message": {"role": "ROLE_AGENT", "messageId": "m", "parts": [{"text": "?"}]}},
        "artifacts": [{"artifactId": "a", "parts": [{"data": {"kind": "x"}},
            {"raw": "AAEC", "mediaType": "image/png"}]}],
        "history": [{"role": "ROLE_USER", "messageId": "n", "parts": []}]})");
    auto const older = json(R"({"kind": "task", "id": "t-1", "contextId": "c-1",
        "status": {"state": "input-required", "timestamp": "2026-03-01T09:30:00.000Z",
                   "message": {"kind": "message", "role": "agent", "messageId": "m",
                               "parts": [{"kind": "text", "text": "?"}]}},
        "artifacts": [{"artifactId": "a", "parts": [{"kind": "data", "data": {"kind": "x"}},
            {"kind": "file", "file": {"bytes": "AAEC", "mimeType": "image/png"}}]}],
        "history": [{"kind": "message", "role": "user", "messageId": "n", "parts": []}]})");
    CHECK(result_in_0_3("tasks/get", task) == older);
    CHECK(result_in_0_3("tasks/cancel", task) == older);
    CHECK(result_in_0_3("message/send", {{"task", task}}) == older);
    CHECK(result_in_0_3("tasks/list", {{"tasks", Json::array({task})}, {"nextPageToken", ""}}) ==
          Json{{"tasks", Json::array({older})}, {"nextPageToken", ""}});
    CHECK(result_in_0_3("message/send",
                        json(R"({"message": {"role": "ROLE_AGENT", "parts": []}})")) ==
          json(R"({"kind": "message", "role": "agent", "parts": []})"));
}

TEST_CASE("events of a stream of 1.0 say what they are, and which is the last") {
    auto const update = [](char const* state) {
        Json const status{{"taskId", "t"}, {"status", {{"state", state}}}};
        return result_in_0_3("message/stream", {{"statusUpdate", status}});
    };
    CHECK(update("TASK_STATE_WORKING") ==
          json(R"({"kind":"status-update","taskId":"t","status":{"state":"working"},
                   "final":false})"));
    CHECK(update("TASK_STATE_COMPLETED")["final"] == true);
    CHECK(update("TASK_STATE_AUTH_REQUIRED")["final"] == true);
    CHECK(result_in_0_3("tasks/resubscribe", json(R"({"artifactUpdate": {"taskId": "t",
              "artifact": {"artifactId": "a", "parts": [{"text": "x"}]}, "lastChunk": true}})")) ==
          json(R"({"kind": "artifact-update", "taskId": "t", "lastChunk": true, "artifact":
              {"artifactId": "a", "parts": [{"kind": "text", "text": "x"}]}})"));
}

TEST_CASE("where an agent of 1.0 tells of a task, names of members are others, too") {
    auto const config = json(R"({"taskId": "t", "pushNotificationConfig": {"id": "p",
        "url": "http://me/", "authentication": {"schemes": ["Bearer"]}}})");
    auto const flat = json(R"({"taskId": "t", "id": "p", "url": "http://me/",
        "authentication": {"scheme": "Bearer"}})");
    CHECK(parameters_in_1_0("tasks/pushNotificationConfig/set", config) == flat);
    CHECK(result_in_0_3("tasks/pushNotificationConfig/set", flat) == config);
    CHECK(result_in_0_3("tasks/pushNotificationConfig/list", {{"configs", Json::array({flat})}}) ==
          Json::array({config}));
    CHECK(parameters_in_1_0("tasks/pushNotificationConfig/delete",
                            {{"id", "t"}, {"pushNotificationConfigId", "p"}}) ==
          Json{{"taskId", "t"}, {"id", "p"}});
    CHECK(parameters_in_1_0("tasks/pushNotificationConfig/get", {{"id", "t"}}) ==
          Json{{"taskId", "t"}});
}

TEST_CASE("the first place of a card that we can speak with is taken, whichever its version") {
    auto const place = agent_place(json(card_of_1_0)).value();
    CHECK(place.address == "http://a/one");
    CHECK(place.version == "1.0");
    CHECK(place.tenant == "acme");
    auto both = json(R"({"url": "http://a/old", "supportedInterfaces": [
        {"url": "http://a/old2", "protocolBinding": "JSONRPC", "protocolVersion": "0.3"}]})");
    CHECK(agent_place(both).value().address == "http://a/old2");
    CHECK(agent_place(both).value().version.empty());
    both["supportedInterfaces"][0]["protocolVersion"] = "2.0";
    CHECK(agent_place(both).value().address == "http://a/old");
    both.erase("url");
    CHECK_FALSE(agent_place(both));
}

TEST_CASE("an agent of 1.0 is found by its card, spoken to and understood") {
    System system;
    Stand stand(agents());
    auto card = json(card_of_1_0);
    card["supportedInterfaces"][1]["url"] = system.url() + "/a2a";
    system.answers(200, to_text(card), json_answer);
    Json const find{{"card", {{"uri", system.url() + "/card"}}},
                    {"tool", "a2a.send"},
                    {"method", "message/send"},
                    {"parameters", json(R"({"message": {"parts": [
                         {"kind": "text", "text": "Q1"}]}})")}};
    auto const found = output_of(stand.call("a2a.agent", find));
    CHECK(found["arguments"]["version"] == "1.0");

    system.answers(200, answer_of(R"({"task": {"id": "t-1", "contextId": "c",
        "status": {"state": "TASK_STATE_COMPLETED"}}})"),
                   json_answer);
    CHECK(output_of(stand.call("a2a.send", found["arguments"])) ==
          json(R"({"kind": "task", "id": "t-1", "contextId": "c",
                   "status": {"state": "completed"}})"));
    CHECK(system.last().header("A2A-Version") == "1.0");
    auto const asked = Json::parse(system.last().body);
    CHECK(asked["method"] == "SendMessage");
    CHECK(asked["params"]["tenant"] == "acme");
    auto const& message = asked["params"]["message"];
    CHECK(message["role"] == "ROLE_USER");
    CHECK_FALSE(message.contains("kind"));
    CHECK(message["parts"] == json(R"([{"text": "Q1"}])"));
    CHECK(message["messageId"] ==
          agent_parameters("message/send", Json::object(), "rk_1")["message"]["messageId"]);
}

TEST_CASE("a stream of an agent of 1.0, and its word that it speaks another version") {
    System system;
    Stand stand(agents());
    Json stream{{"uri", system.url() + "/"}, {"method", "message/stream"}, {"version", "1.0"}};
    system.answers(200,
                   "data: " + answer_of(R"({"task": {"id": "t", "status":
                       {"state": "TASK_STATE_SUBMITTED"}}})") +
                       "\n\n" + "data: " + answer_of(R"({"statusUpdate": {"taskId": "t", "status":
                       {"state": "TASK_STATE_COMPLETED"}}})") +
                       "\n\n",
                   {{"Content-Type", "text/event-stream"}});
    auto const events = output_of(stand.call("a2a.send", stream));
    REQUIRE(events.size() == 2);
    CHECK(events[0]["status"]["state"] == "submitted");
    CHECK(events[1]["final"] == true);
    CHECK(Json::parse(system.last().body)["method"] == "SendStreamingMessage");
    system.answers(200, R"({"jsonrpc":"2.0","id":1,
        "error":{"code":-32009,"message":"version not supported"}})",
                   json_answer);
    stream["method"] = "message/send";
    CHECK_THAT(failure_of(stand.call("a2a.send", stream)).detail,
               ContainsSubstring("version not supported"));
}
