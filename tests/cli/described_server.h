// A server of the API whose every answer is checked against console/openapi.json as it comes, and
// the stream of changes to wait by.
#pragma once

#include <set>

#include "base/json_schema.h"
#include "cli/host.h"
#include "console/openapi.h"
#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/net/scripted_server.h"
#include "tests/postgres/test_database.h"

namespace resolute::testing {

// The stream of changes over a socket of its own: what a test waits for instead of sleeping.
class Changes {
  public:
    explicit Changes(std::uint16_t port) : peer_(net::connect_to(port)) {
        timeval const patience{20, 0};
        ::setsockopt(peer_->socket(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        peer_->send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        head = peer_->read_until("retry: ");
    }

    // The name and the data of the next message; "" when the server says only that it is alive.
    std::pair<std::string, Json> next() {
        auto const kind = line_with({"event: ", ": alive"});
        if (kind == ": alive") return {};
        return {kind.substr(7), parse_json(line_with({"data: "}).substr(6)).value()};
    }

    std::string head;  // of the answer

  private:
    // The next line that begins in one of these ways.
    std::string line_with(std::vector<std::string> const& beginnings) {
        while (true) {
            auto const end = read_.find('\n');
            if (end == std::string::npos) {
                auto const more = peer_->read_until("\n");
                if (more.empty()) throw std::runtime_error("the stream of changes fell silent");
                read_ += more;
                continue;
            }
            auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            for (auto const& beginning : beginnings)
                if (line.starts_with(beginning)) return line;
        }
    }

    std::unique_ptr<net::Peer> peer_;
    std::string read_;
};

// Real HTTP, a real engine, a real database with this project deployed.
class DescribedServer {
  public:
    explicit DescribedServer(std::vector<cli::Source> sources) {
        config_.name = "contract";
        config_.port = 0;
        config_.committers = 1;
        config_.groups = {{"reviewers", {"rita"}}};
        publish(std::move(sources));
        host_.emplace(config_, database_.connection_string(), cli::HostOptions{.mode = "dev"});
        runtime_.start();
        changes_.emplace(net::parse_url(host_->url()).value().port);
        CHECK(changes_->head.starts_with("HTTP/1.1 200 "));
        CHECK_THAT(changes_->head, ContainsSubstring("Content-Type: text/event-stream"));
        seen_.insert("get /api/v1/stream");
    }

    void publish(std::vector<cli::Source> sources) {
        auto compiled = cli::compile(std::move(sources), cli::compile_options(config_));
        if (!compiled) FAIL(to_string(compiled.diagnostics()));
        cli::Library(database_.connection_string())
            .publish(compiled->sources, cli::Library::Extent::these, "test", SystemClock().now());
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
        auto const answer = send(std::move(request));
        CAPTURE(method, where, answer.body);
        CHECK(answer.status == status);
        return check(method, path, answer);
    }

    std::string url() const { return host_->url(); }

    Json get(std::string const& path, std::string const& id = {}, int status = 200) {
        return call("GET", path, id.empty() ? std::vector<std::string>{} : std::vector{id}, status);
    }

    // Anything that is not one of the API's routes, or not asked for as it should be.
    Json refused(net::ClientRequest request, std::string const& path, int status) {
        request.url = net::parse_url(host_->url() + path).value();
        auto const answer = send(std::move(request));
        CAPTURE(path, answer.body);
        CHECK(answer.status == status);
        CHECK(net::find_header(answer.headers, "Content-Type") == "application/problem+json");
        auto body = parse_json(answer.body).value();
        conforms({{"$ref", "#/components/schemas/Problem"}}, body);
        return body;
    }

    std::string start(std::string const& workflow, std::string const& case_id = "") {
        Json body{{"workflow", "t/" + workflow}, {"input", {{"n", 1}}}};
        if (!case_id.empty()) body["caseId"] = case_id;
        return call("POST", "/api/v1/runs", {}, 201, body)["run"]["id"];
    }

    // Reads the run again after every change until it has that status.
    Json until(std::string const& run, std::string const& status) {
        return until(run, [&](Json const& now) { return now["status"] == status; });
    }
    // Until that step has begun.
    Json until_step(std::string const& run, std::string const& step) {
        return until(run, [&](Json const& now) {
            return std::ranges::any_of(now["steps"],
                                       [&](Json const& one) { return one["step"] == step; });
        });
    }
    Json until(std::string const& run, std::function<bool(Json const&)> const& holds) {
        // Heartbeats come for ever, so silence alone would not end the wait.
        auto const patience = SystemClock().monotonic() + std::chrono::seconds(20);
        while (true) {
            auto const now = get("/api/v1/runs/{id}", run);
            if (holds(now)) return now;
            CAPTURE(now.dump(1));
            REQUIRE(SystemClock().monotonic() < patience);
            auto const [kind, data] = changes_->next();
            auto const shape = kind == "run" ? "RunChanged" : "ApprovalChanged";
            if (!kind.empty())
                conforms({{"$ref", "#/components/schemas/" + std::string(shape)}}, data);
        }
    }

    // Until this many fires of the schedule are decided and it fills in nothing.
    void until_schedule_rests(std::string const& schedule, std::size_t fires) {
        auto const patience = SystemClock().monotonic() + std::chrono::seconds(20);
        while (true) {
            auto const now = get("/api/v1/schedules/{id}", schedule);
            if (now["recent"].size() >= fires && !now.contains("backfill")) return;
            CAPTURE(now.dump(1));
            REQUIRE(SystemClock().monotonic() < patience);
            changes_->next();
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
                     {"decisionId", to_string(MessageId::make(SystemClock().now(), *random_))},
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

    Json const& description() const { return openapi_; }

  private:
    net::Response send(net::ClientRequest request) {
        net::Awaited<net::Reply> reply;
        http_.send(std::move(request), [reply](net::Reply what) { reply.set(std::move(what)); });
        return std::get<net::Response>(reply.get());
    }

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
        auto described = responses.value(status, Json());
        if (described.is_null()) {
            INFO("what is not described by its own status may happen to any request");
            CHECK(std::set{403, 405, 413, 500, 503}.contains(answer.status));
            described = responses.at("default");
        }
        CHECK((answer.status == 503) ==
              net::find_header(answer.headers, "Retry-After").has_value());
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

    TestDatabase database_{"api", [](std::string const& url) { store::migrate(url); }};
    Json openapi_ = parse_json(console::openapi_json).value();
    cli::Config config_;
    std::optional<cli::Host> host_;
    net::Runtime runtime_{1};
    net::HttpClient http_{runtime_};
    std::optional<Changes> changes_;
    std::unique_ptr<Random> random_ = system_random();
    std::set<std::string> seen_;
};

}  // namespace resolute::testing
