// Every answer of a real server, over real HTTP and PostgreSQL, is what console/openapi.json says.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "base/json_schema.h"
#include "cli/host.h"
#include "console/openapi.h"
#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/postgres/test_database.h"

using namespace resolute;

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

cli::Source flow(std::string const& name, std::string const& steps) {
    return {
        "workflow",
        name + ".yaml",
        "document: { dsl: '1.0.3', namespace: t, name: " + name + ", version: '1.0.0' }\n" + steps,
        {},
        {}};
}

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
        flow("waits", "do:\n  - nap: { wait: PT1H }\n")};
}

// The stream of changes over a socket of its own: what a test waits for instead of sleeping.
class Changes {
  public:
    explicit Changes(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        timeval const patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        std::string const request =
            "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n";
        REQUIRE(::send(socket_, request.data(), request.size(), 0) ==
                static_cast<ssize_t>(request.size()));
        while (line().find("retry:") == std::string::npos) {
        }
    }
    ~Changes() { ::close(socket_); }

    // Its name and its data.
    std::pair<std::string, Json> next() {
        std::string kind;
        while (true) {
            auto const text = line();
            if (text.starts_with("event: ")) kind = text.substr(7);
            if (text.starts_with("data: ")) return {kind, parse_json(text.substr(6)).value()};
        }
    }

  private:
    std::string line() {
        while (true) {
            if (auto const end = read_.find('\n'); end != std::string::npos) {
                auto text = read_.substr(0, end);
                read_.erase(0, end + 1);
                if (text.ends_with('\r')) text.pop_back();
                return text;
            }
            char bytes[4096];
            auto const size = ::recv(socket_, bytes, sizeof bytes, 0);
            if (size <= 0) throw std::runtime_error("the stream of changes fell silent");
            read_.append(bytes, static_cast<std::size_t>(size));
        }
    }

    int socket_;
    std::string read_;
};

class Server {
  public:
    Server() {
        config_.port = 0;
        config_.committers = 1;
        config_.groups = {{"reviewers", {"rita"}}};
        auto compiled = cli::compile(project(), cli::compile_options(config_));
        if (!compiled) FAIL(to_string(compiled.diagnostics()));
        cli::Library(database_.connection_string())
            .publish(compiled->sources, cli::Library::Extent::whole, "test", SystemClock().now());
        host_.emplace(config_, database_.connection_string(), cli::HostOptions{.mode = "dev"});
        runtime_.start();
        auto const url = net::parse_url(host_->url()).value();
        changes_.emplace(url.port);
    }

    // The answer's body, after its status and shape were checked against the description.
    Json call(std::string const& method, std::string const& path, std::vector<std::string> ids,
              int status, Json const& body = {}, std::string const& query = {}) {
        auto where = path;
        for (auto const& id : ids) where.replace(where.find("{id}"), 4, id);
        net::ClientRequest request{.method = method,
                                   .url = net::parse_url(host_->url() + where + query).value()};
        if (method == "POST") {
            request.headers = {{"Content-Type", "application/json"}};
            request.body = body.is_string() ? body.get<std::string>() : to_text(body);
        }
        net::Awaited<net::Reply> reply;
        http_.send(std::move(request), [reply](net::Reply what) { reply.set(std::move(what)); });
        auto const answer = std::get<net::Response>(reply.get());
        CAPTURE(method, where, answer.body);
        CHECK(answer.status == status);
        return check(method, path, answer);
    }

    Json get(std::string const& path, std::string const& id = {}, int status = 200) {
        return call("GET", path, id.empty() ? std::vector<std::string>{} : std::vector{id}, status);
    }

    std::string start(std::string const& workflow, std::string const& case_id = "") {
        Json body{{"workflow", "t/" + workflow}, {"input", {{"n", 1}}}};
        if (!case_id.empty()) body["caseId"] = case_id;
        return call("POST", "/api/v1/runs", {}, 201, body)["run"]["id"];
    }

    // Reads the run again after every change until it has that status.
    Json until(std::string const& run, std::string const& status) {
        while (true) {
            auto const now = get("/api/v1/runs/{id}", run);
            if (now["status"] == status) return now;
            auto const [kind, data] = changes_->next();
            conforms({{"$ref", "#/components/schemas/" +
                                   std::string(kind == "run" ? "RunChanged" : "ApprovalChanged")}},
                     data);
            seen_.insert("get /api/v1/stream");
        }
    }

    Json only_approval(std::string const& run) {
        auto const page =
            call("GET", "/api/v1/approvals", {}, 200, {}, "?status=pending&run=" + run);
        REQUIRE(page["items"].size() == 1);
        return get("/api/v1/approvals/{id}", page["items"][0]["id"]);
    }

    Json decide(Json const& approval, std::string const& by, std::string const& decision,
                int status) {
        return call("POST", "/api/v1/approvals/{id}/decisions", {approval["id"]}, status,
                    {{"decision", decision},
                     {"digest", approval["digest"]},
                     {"decisionId", by + decision},
                     {"by", by},
                     {"comment", "seen"}});
    }

    std::set<std::string> described() const {
        std::set<std::string> all;
        for (auto const& [path, operations] : openapi_["paths"].items())
            for (auto const& [method, unused] : operations.items())
                if (method == "get" || method == "post") all.insert(method + " " + path);
        return all;
    }
    std::set<std::string> const& seen() const { return seen_; }

  private:
    void conforms(Json schema, Json const& value) {
        schema["$defs"] = openapi_["components"]["schemas"];
        auto text = to_text(schema);
        std::string const from = "#/components/schemas/";
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
            text.replace(at, from.size(), "#/$defs/");
        auto const compiled = JsonSchema::compile(parse_json(text).value());
        if (!compiled) FAIL(to_string(compiled.diagnostics()));
        auto const violations = compiled->validate(value);
        if (!violations.empty()) FAIL_CHECK(to_string(violations) << "\n" << value.dump(1));
    }

    Json check(std::string method, std::string const& path, net::Response const& answer) {
        for (auto& c : method) c = static_cast<char>(c | 0x20);
        seen_.insert(method + " " + path);
        auto const& responses = openapi_["paths"][path][method]["responses"];
        auto const status = std::to_string(answer.status);
        INFO("an answer that is not described by its own status is a surprise to clients");
        REQUIRE(responses.contains(status));
        auto described = responses[status];
        if (described.contains("$ref"))
            described =
                openapi_.at(Json::json_pointer(described["$ref"].get<std::string>().substr(1)));
        auto const type = net::find_header(answer.headers, "Content-Type").value_or("");
        auto const media = std::string(type.substr(0, type.find(';')));
        CAPTURE(media, described["content"].dump());
        REQUIRE(described["content"].contains(media));
        if (!media.ends_with("json")) return {};
        auto body = parse_json(answer.body).value();
        conforms(described["content"][media]["schema"], body);
        return body;
    }

    testing::TestDatabase database_{"api", [](std::string const& url) { store::migrate(url); }};
    Json openapi_ = parse_json(console::openapi_json).value();
    cli::Config config_;
    std::optional<cli::Host> host_;
    net::Runtime runtime_{1};
    net::HttpClient http_{runtime_};
    std::optional<Changes> changes_;
    std::set<std::string> seen_;
};

std::string const nobody = "00000000-0000-7000-8000-000000000000";

void about_the_server(Server& server) {
    CHECK(server.get("/api/v1/status")["open"] == true);
    server.get("/api/v1/openapi.json");
    server.get("/healthz");
    server.get("/metrics");
    server.get("/readyz");
}

void about_runs(Server& server) {
    auto const quick = server.start("quick", "C-1");
    server.call("POST", "/api/v1/runs", {}, 200,
                {{"workflow", "t/quick"}, {"input", {{"n", 1}}}, {"caseId", "C-1"}});
    server.call("POST", "/api/v1/runs", {}, 400, "{");
    server.call("POST", "/api/v1/runs", {}, 400, {{"workflw", "t/quick"}});
    server.call("POST", "/api/v1/runs", {}, 404,
                {{"workflow", "t/quik"}, {"input", Json::object()}});
    server.call("POST", "/api/v1/runs", {}, 422,
                {{"workflow", "t/quick"}, {"input", {{"n", "x"}}}});
    CHECK(server.until(quick, "completed")["output"] == Json{{"answer", 42}});
    server.get("/api/v1/runs/{id}/history", quick);
    server.get("/api/v1/runs/{id}", nobody, 404);
    server.get("/api/v1/runs/{id}/history", nobody, 404);

    auto const waits = server.start("waits");
    auto const waiting = server.until(waits, "waiting");
    CHECK(waiting["waitsFor"]["code"] == "timer");
    std::string const signals = "/api/v1/runs/{id}/signals";
    Json const signal{{"name", "go"}, {"payload", 1}, {"by", "ann"}};
    server.call("POST", signals, {waits}, 202, signal);
    server.call("POST", signals, {waits}, 400, Json::object());
    server.call("POST", signals, {nobody}, 404, signal);
    std::string const cancel = "/api/v1/runs/{id}/cancel";
    server.call("POST", cancel, {waits}, 400, "no JSON");
    server.call("POST", cancel, {waits}, 202, {{"by", "ann"}, {"reason", "sent twice"}});
    server.until(waits, "cancelled");
    server.call("POST", cancel, {waits}, 409, {{"by", "ann"}, {"reason", "again"}});
    server.call("POST", signals, {waits}, 409, signal);
    server.call("POST", cancel, {nobody}, 404, {{"by", "ann"}, {"reason", "none"}});
    server.get("/api/v1/runs/{id}/history", waits);
    CHECK(server.get("/api/v1/runs")["items"].size() == 2);
    server.call("GET", "/api/v1/runs", {}, 400, {}, "?status=sleeping");
}

void about_questions(Server& server) {
    auto const run = server.start("ask", "C-2");
    server.until(run, "waiting");
    auto const card = server.only_approval(run);
    CHECK(card["kind"] == "question");
    CHECK(card["choices"] == Json({"left", "right"}));
    CHECK(card["to"]["users"] == Json{"rita"});
    server.decide(card, "rita", "up", 400);
    auto const refused = server.decide(card, "bob", "left", 403);
    CHECK(refused["code"] == "not_asked");
    CHECK(refused["detail"] == "`bob` is not among those who are asked: `rita`.");
    server.decide(card, "rita", "left", 200);
    CHECK(server.until(run, "completed")["output"]["decision"] == "left");
    server.decide(card, "rita", "right", 409);
    server.get("/api/v1/approvals/{id}", card["id"]);
    server.get("/api/v1/approvals/{id}", nobody, 404);
    server.call("GET", "/api/v1/approvals", {}, 400, {}, "?status=asleep");
}

void about_tools(Server& server) {
    auto const run = server.start("pays", "C-3");
    auto const waiting = server.until(run, "waiting");
    CHECK(waiting["steps"][0]["kind"] == "policy");
    auto const card = server.only_approval(run);
    CHECK(card["kind"] == "tool");
    CHECK(card["to"]["groups"] == Json{"reviewers"});
    CHECK(server.decide(card, "bob", "approve", 403)["code"] == "not_asked");
    server.decide(card, "rita", "reject", 200);
    auto const faulted = server.until(run, "faulted");
    CHECK(faulted["error"]["code"] == "rejected_by_person");
    auto const history = server.get("/api/v1/runs/{id}/history", run)["items"];
    bool judged = false;
    for (auto const& event : history)
        if (event["body"].value("output", Json()).is_object() &&
            event["body"]["output"].value("decision", "") == "review")
            judged = event["body"]["intent"]["decision"]["verdict"] == "require_approval";
    CHECK(judged);
}

}  // namespace

TEST_CASE("every answer of the API is what its description says") {
    Server server;
    about_the_server(server);
    about_runs(server);
    about_questions(server);
    about_tools(server);
    CHECK(server.seen() == server.described());
}
