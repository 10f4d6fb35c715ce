// Every answer of a real server, over real HTTP and PostgreSQL, is what console/openapi.json says.
#include "base/limits.h"
#include "tests/cli/related_runs_contract.h"

using namespace resolute;
using testing::flow;
using testing::nobody;

namespace {

constexpr char tool_yaml[] = R"(tool: payments.refund
version: 1.0.0
title: Refund a payment
effect: write
input:
  type: object
  required: [amount]
  properties: { amount: { type: integer, x-render: money }, currency: { type: string } }
output: { type: object }
call: { http: { method: POST, url: "http://127.0.0.1:9/refunds", idempotencyHeader: Key } }
idempotency: { window: P1D }
)";
constexpr char policy_yaml[] = R"(policy: refunds
version: 1.0.0
rules:
  - name: large
    title: Large refunds need a second pair of eyes
    tools: [payments.refund]
    when: $arguments.amount > 100
    decide: require_approval
    approval: { to: { groups: [reviewers] } }
)";

std::vector<cli::Source> project() {
    return {
        {"tool", "refund.yaml", tool_yaml, {}, {}},
        {"policy", "refunds.yaml", policy_yaml, {}, {}},
        flow("quick",
             "input: { schema: { document: { type: object, required: [n], properties: { n: { "
             "type: integer } } } } }\ndo:\n  - a: { set: { answer: 42 } }\n"),
        flow("ask",
             "do:\n  - ask: { call: approval, with: { title: Which way, to: { users: [rita] }, "
             "show: { amount: 5 }, choices: [left, right] } }\n"),
        flow("pays",
             "do:\n  - judge: { call: policy, with: { policy: refunds, input: { tool: "
             "payments.refund, arguments: { amount: 500 } } }, output: { as: '{ judged: . }' } }\n"
             "  - pay: { call: tool, with: { tool: payments.refund, arguments: { amount: 500, "
             "currency: EUR } } }\n"),
        flow("keeps",
             "do:\n  - open: { call: case, with: { op: open, title: Late parcel } }\n"
             "  - assign: { call: case, with: { op: assign, assignee: rita } }\n"
             "  - note: { call: case, with: { op: note, note: Asked the carrier. } }\n"
             "  - close: { call: case, with: { op: close, resolution: refunded } }\n"),
        flow("waits", "do:\n  - nap: { wait: PT1H }\n"),
        flow("starts",
             "do:\n  - all: { call: map, with: { workflow: { namespace: t, name: quick, version: "
             "'1.0.0' }, items: [ { n: 1 }, { n: 2 } ] } }\n"
             "  - one: { run: { workflow: { namespace: t, name: waits, version: '1.0.0' } } }\n"),
        flow("yearly", "schedule: { cron: '0 0 1 1 *' }\ndo:\n  - a: { set: { answer: 42 } }\n"),
        flow("heard",
             "schedule: { on: { one: { with: { type: nobody.sends } } } }\ndo:\n  - a: { set: { "
             "answer: 42 } }\n")};
}

void about_the_server(testing::DescribedServer& server) {
    auto const status = server.get("/api/v1/status");
    CHECK(status["open"] == true);
    CHECK("http://" + status["listening"].get<std::string>() == server.url());
    server.get("/api/v1/openapi.json");
    server.get("/healthz");
    server.get("/metrics");
    server.get("/readyz");
}

void about_events(testing::DescribedServer& server) {
    Json const event{{"specversion", "1.0"}, {"id", "e1"}, {"source", "shop"}, {"type", "paid"}};
    CHECK(server.call("POST", "/api/v1/events", {}, 202, event)["new"] == true);
    CHECK(server.call("POST", "/api/v1/events", {}, 202, event)["new"] == false);
    server.call("POST", "/api/v1/events", {}, 400, {{"specversion", "1.0"}, {"type", "paid"}});
    server.call("POST", "/api/v1/events", {}, 400, "{");
    auto unstorable = event;
    unstorable["type"] = std::string("pa\0id", 5);
    server.call("POST", "/api/v1/events", {}, 400, unstorable);
}

void about_what_no_route_takes(testing::DescribedServer& server) {
    server.refused({}, "/api/v1/nothing", 404);
    server.refused({.method = "POST", .headers = {{"Content-Type", "application/json"}}},
                   "/api/v1/status", 405);
    server.refused({.method = "POST", .headers = {{"Content-Type", "text/plain"}}}, "/api/v1/runs",
                   403);
    server.refused({.headers = {{"X-Long", std::string(limits::http_header_bytes - 20, 'x')}}},
                   "/api/v1/runs", 431);
    server.call("POST", "/api/v1/runs", {}, 413, std::string(limits::http_request_bytes + 1, ' '));
}

void about_a_database_that_is_gone(testing::DescribedServer& server, std::string const& run) {
    auto& database = testing::shared_server();
    database.stop();
    CHECK(server.get("/api/v1/runs", {}, 503)["code"] == "store_unavailable");
    server.get("/api/v1/runs/{id}", run, 503);
    server.get("/api/v1/approvals", {}, 503);
    server.get("/api/v1/status", {}, 503);
    server.get("/healthz");
    database.start();
}

void refers_to_what_is_there(Json const& description, Json const& part) {
    for (auto const& [name, inner] : part.items()) {
        if (inner.is_structured()) refers_to_what_is_there(description, inner);
        if (name != "$ref") continue;
        CAPTURE(inner.dump());
        CHECK(description.contains(Json::json_pointer(inner.get<std::string>().substr(1))));
    }
}

// A member that the description lacks must not pass, so every object is closed.
void describes_every_member(Json const& schema) {
    if (schema.is_object() && schema.contains("properties")) {
        CAPTURE(schema.dump());
        CHECK(schema.value("additionalProperties", true) == false);
    }
    for (auto const& inner : schema)
        if (inner.is_structured()) describes_every_member(inner);
}

std::string about_runs(testing::DescribedServer& server) {
    auto const quick = server.start("quick", "C-1");
    server.call("POST", "/api/v1/runs", {}, 200,
                {{"workflow", "t/quick"}, {"input", {{"n", 1}}}, {"caseId", "C-1"}});
    server.call("POST", "/api/v1/runs", {}, 400, "{");
    std::string const zero("C-\0", 3);  // which no text of PostgreSQL may have
    server.call("POST", "/api/v1/runs", {}, 400,
                {{"workflow", "t/quick"}, {"input", Json::object()}, {"caseId", zero}});
    server.call("POST", "/api/v1/runs", {}, 400, {{"workflow", zero}, {"input", Json::object()}});
    for (char const* query : {"?case=%00", "?workflow=%00"})
        server.call("GET", "/api/v1/runs", {}, 400, {}, query);
    server.call("POST", "/api/v1/runs", {}, 400, {{"workflw", "t/quick"}});
    server.call("POST", "/api/v1/runs", {}, 404,
                {{"workflow", "t/quik"}, {"input", Json::object()}});
    server.call("POST", "/api/v1/runs", {}, 422,
                {{"workflow", "t/quick"}, {"input", {{"n", "x"}}}});
    CHECK(server.until(quick, "completed")["output"] == Json{{"answer", 42}});
    server.get("/api/v1/runs/{id}/history", quick);
    server.get("/api/v1/runs/{id}", nobody, 404);
    server.get("/api/v1/runs/{id}/history", nobody, 404);

    std::string const fork = "/api/v1/runs/{id}/fork";
    Json const again{{"at", "1"}, {"by", "ann"}, {"caseId", "C-1b"}};
    std::string const forked = server.call("POST", fork, {quick}, 201, again)["run"]["id"];
    CHECK(forked != quick);
    CHECK(server.until(forked, "completed")["output"] == Json{{"answer", 42}});
    server.call("POST", fork, {quick}, 200, again);
    CHECK(server.call("POST", fork, {quick}, 422, {{"at", "z"}, {"by", "ann"}})["code"] ==
          "cannot_fork");
    server.call("POST", fork, {quick}, 400, {{"at", 1}, {"by", "ann"}});
    server.call("POST", fork, {nobody}, 404, again);

    auto const waits = server.start("waits");
    auto const waiting = server.until(waits, "waiting");
    CHECK(waiting["waitsFor"]["code"] == "timer");
    std::string const signals = "/api/v1/runs/{id}/signals";
    Json const signal{{"name", "go"}, {"payload", 1}, {"by", "ann"}};
    server.call("POST", signals, {waits}, 202, signal);
    server.call("POST", signals, {waits}, 400, Json::object());
    server.call("POST", signals, {waits}, 400,
                {{"name", std::string("g\0o", 3)}, {"by", "ann"}, {"payload", nullptr}});
    server.call("POST", signals, {nobody}, 404, signal);
    Json const why{{"by", "ann"}, {"reason", "the bank is down"}};
    server.call("POST", "/api/v1/runs/{id}/pause", {waits}, 202, why);
    server.call("POST", "/api/v1/runs/{id}/pause", {nobody}, 404, why);
    server.call("POST", "/api/v1/runs/{id}/resume", {waits}, 202, why);
    server.call("POST", "/api/v1/runs/{id}/resume", {waits}, 409, why);
    server.call("POST", "/api/v1/runs/{id}/resume", {waits}, 400, Json::object());
    std::string const cancel = "/api/v1/runs/{id}/cancel";
    server.call("POST", cancel, {waits}, 400, "no JSON");
    server.call("POST", cancel, {waits}, 202, {{"by", "ann"}, {"reason", "sent twice"}});
    server.until(waits, "cancelled");
    server.call("POST", cancel, {waits}, 409, {{"by", "ann"}, {"reason", "again"}});
    server.call("POST", signals, {waits}, 409, signal);
    server.call("POST", cancel, {nobody}, 404, {{"by", "ann"}, {"reason", "none"}});
    server.get("/api/v1/runs/{id}/history", waits);
    CHECK(server.get("/api/v1/runs")["items"].size() == 3);
    server.call("GET", "/api/v1/runs", {}, 400, {}, "?status=sleeping");
    for (char const* limit : {"?limit=0", "?limit=501", "?limit=ten", "?limit="})
        server.call("GET", "/api/v1/runs", {}, 400, {}, limit);
    server.call("GET", "/api/v1/runs/{id}/history", {quick}, 200, {}, "?after=1&limit=1");
    server.call("GET", "/api/v1/runs/{id}/history", {quick}, 400, {}, "?limit=-1");
    server.call("GET", "/api/v1/runs/{id}/history", {quick}, 400, {}, "?after=-1");
    server.call("GET", "/api/v1/runs/{id}", {quick}, 200, {}, "?before=3");
    server.call("GET", "/api/v1/runs/{id}", {quick}, 400, {}, "?before=one");
    return quick;
}

void about_large_payloads(testing::DescribedServer& server) {
    Json const input{{"n", 1}, {"document", std::string(limits::json_bytes - 4'096, 'x')}};
    auto const id = server
                        .call("POST", "/api/v1/runs", {}, 201,
                              {{"workflow", "t/quick"}, {"input", input}})["run"]["id"]
                        .get<std::string>();
    auto const run = server.until(id, "completed");
    CHECK(run["input"]["document"].get<std::string>().size() < limits::shown_value_bytes);
    REQUIRE(run["shortened"].size() == 1);
    CHECK(run["shortened"][0]["pointer"] == "/input/document");
    CHECK(run["shortened"][0]["bytes"] == limits::json_bytes - 4'094);
    std::string const history = "/api/v1/runs/{id}/history";
    auto const shown = server.call("GET", history, {id}, 200, {}, "?limit=500");
    CHECK(to_text(shown).size() < 10 * limits::shown_value_bytes);
    CHECK(shown["items"].size() == run["sequence"].get<std::size_t>());
    CHECK(shown["items"][0]["shortened"][0]["pointer"] == "/input/document");
    auto const whole = server.call("GET", history, {id}, 200, {}, "?limit=500&extent=whole");
    CHECK(whole["items"].size() == 1);
    CHECK(whole["next"] == 1);
    CHECK(whole["items"][0]["body"]["input"] == input);
    server.call("GET", history, {id}, 400, {}, "?extent=all");
}

void about_cases(testing::DescribedServer& server) {
    auto const run = server.start("keeps", "C-7");
    auto const shown = server.until(run, "completed");
    CHECK(shown["case"]["title"] == "Late parcel");
    CHECK(shown["case"]["assignee"] == "rita");
    CHECK(shown["case"]["status"] == "closed");
    CHECK(shown["case"]["entries"].size() == 4);
    CHECK(shown["case"]["entries"][2]["says"]["note"] == "Asked the carrier.");
}

void about_questions(testing::DescribedServer& server) {
    auto const run = server.start("ask", "C-2");
    server.until(run, "waiting");
    auto const card = server.only_approval(run);
    CHECK(card["kind"] == "question");
    CHECK(card["choices"] == Json({"left", "right"}));
    CHECK(card["to"]["users"] == Json{"rita"});
    server.decide(card, "rita", "up", 400);
    server.decide(card, std::string("rita\0", 5), "left", 400);
    auto const refused = server.decide(card, "bob", "left", 403);
    CHECK(refused["code"] == "not_asked");
    CHECK(refused["detail"] == "`bob` is not among those who are asked: `rita`.");
    server.decide(card, "rita", "left", 200);
    CHECK(server.until(run, "completed")["output"]["decision"] == "left");
    server.decide(card, "rita", "right", 409);
    server.get("/api/v1/approvals/{id}", card["id"]);
    server.get("/api/v1/approvals/{id}", nobody, 404);
    server.call("GET", "/api/v1/approvals", {}, 400, {}, "?status=asleep");
    server.call("GET", "/api/v1/approvals", {}, 400, {}, "?limit=501");
}

void about_tools(testing::DescribedServer& server) {
    auto const run = server.start("pays", "C-3");
    auto const waiting = server.until(run, "waiting");
    CHECK(waiting["steps"][0]["kind"] == "policy");
    auto const card = server.only_approval(run);
    CHECK(card["kind"] == "tool");
    CHECK(card["to"]["groups"] == Json{"reviewers"});
    CHECK(server.decide(card, "bob", "approve", 403)["code"] == "not_asked");
    server.decide(card, "rita", "reject", 200);
    auto const faulted = server.until(run, "faulted");
    CHECK(faulted["error"].contains("detail"));
    auto const history = server.get("/api/v1/runs/{id}/history", run)["items"];
    Json::json_pointer const kind("/intent/kind"), verdict("/intent/decision/verdict");
    bool judged = false;
    for (auto const& event : history)
        if (event["body"].value(kind, "") == "policy")
            judged = judged || event["body"].value(verdict, "") == "require_approval";
    CAPTURE(history.dump(1));
    CHECK(judged);
}

void about_schedules(testing::DescribedServer& server) {
    std::string const one = "/api/v1/schedules/{id}";
    auto const all = server.get("/api/v1/schedules")["items"];
    REQUIRE(all.size() == 2);
    std::string const heard = all[0]["id"], yearly = all[1]["id"];
    CHECK(all[1]["workflow"]["name"] == "t/yearly");
    CHECK(all[1]["when"] == "0 0 1 1 * in UTC");
    CHECK(all[1]["nextTimes"].size() == 5);
    CHECK(server.get(one, yearly)["overlap"] == "allow");
    server.get(one, nobody, 404);
    server.get(one, "reports", 404);
    Json const by{{"by", "ann"}}, why{{"by", "ann"}, {"reason", "the bank is down"}};
    CHECK(server.call("POST", one + "/pause", {yearly}, 200, why)["paused"]["by"] == "ann");
    CHECK(server.get(one, yearly)["nextTimes"].empty());
    server.call("POST", one + "/pause", {yearly}, 400, by);
    server.call("POST", one + "/pause", {nobody}, 404, why);
    CHECK_FALSE(server.call("POST", one + "/resume", {yearly}, 200, by).contains("paused"));
    server.call("POST", one + "/resume", {yearly}, 409, by);
    server.call("POST", one + "/resume", {yearly}, 400, Json::object());
    server.call("POST", one + "/trigger", {yearly}, 200, by);
    server.call("POST", one + "/trigger", {yearly}, 400, why);
    server.call("POST", one + "/trigger", {nobody}, 404, by);
    Json fill{{"by", "ann"},
              {"reason", "for the auditors"},
              {"from", "2020-01-01T00:00:00Z"},
              {"until", "2022-06-01T00:00:00Z"}};
    auto const filling = server.call("POST", one + "/backfill", {yearly}, 200, fill)["backfill"];
    CHECK(filling["by"] == "ann");
    CHECK(filling["reason"] == "for the auditors");
    server.call("POST", one + "/backfill", {heard}, 400, fill);
    server.call("POST", one + "/backfill", {nobody}, 404, fill);
    fill["until"] = "2019-01-01T00:00:00Z";
    server.call("POST", one + "/backfill", {yearly}, 400, fill);
    fill["until"] = 7;
    server.call("POST", one + "/backfill", {yearly}, 400, fill);
    server.until_schedule_rests(yearly, 4);  // three years, and once by hand
    CHECK(server.get(one, yearly)["recent"].size() == 4);
}

}  // namespace

TEST_CASE("every answer of the API is what its description says") {
    testing::DescribedServer server(project());
    describes_every_member(server.description()["components"]["schemas"]);
    refers_to_what_is_there(server.description(), server.description());
    about_the_server(server);
    about_events(server);
    about_what_no_route_takes(server);
    auto const run = about_runs(server);
    about_large_payloads(server);
    testing::about_relations(server);
    testing::about_versions(server);
    about_cases(server);
    about_questions(server);
    about_tools(server);
    about_schedules(server);
    about_a_database_that_is_gone(server, run);
    CHECK(server.seen() == server.described());
}
