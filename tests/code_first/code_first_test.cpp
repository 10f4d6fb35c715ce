// The refund case in YAML and in C++, side by side on a real PostgreSQL with the real services:
// what a program that embeds the engine records is what the interpreter records.
#include <fstream>

#include "base/json.h"
#include "engine/codec.h"
#include "engine/expectation.h"
#include "engine/store/read_model.h"
#include "examples/code_first/refund.h"
#include "examples/code_first/statement.h"
#include "net/process.h"
#include "tests/catch.h"
#include "tests/cli/described_server.h"
#include "tests/net/programs.h"
#include "workflow/interpreter.h"
#include "workflow/load.h"
#include "workflow/sdk/replay.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string source(std::string const& path) {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    return std::string(root ? root : ".") + "/" + path;
}

std::string text_of(std::string const& path) {
    std::ifstream file(source(path));
    return {std::istreambuf_iterator<char>(file), {}};
}

// A program that says on its first line where it listens.
class Program {
  public:
    Program(net::Runtime& runtime, std::vector<std::string> command,
            std::vector<std::pair<std::string, std::string>> environment) {
        net::ProcessOptions options{.command = std::move(command),
                                    .environment = std::move(environment)};
        options.on_output = [url = url_](net::LineSplitter::Line line) {
            url.set(Json::parse(line.text).value("listening", std::string()));
        };
        options.on_exit = [url = url_](net::Exit exit) { url.set("it " + net::to_string(exit)); };
        process_ = std::make_unique<net::Process>(runtime, std::move(options));
    }
    std::string url() const { return url_.get(); }

  private:
    net::Awaited<std::string> url_;
    std::unique_ptr<net::Process> process_;
};

class Desk {
  public:
    Desk() {
        runtime_.start();
        payments_.emplace(runtime_,
                          std::vector<std::string>{net::program("refund_payments"), "--seed",
                                                   source("examples/refund/services/payments.json"),
                                                   "--ledger", folder_.file("ledger.jsonl")},
                          std::vector<std::pair<std::string, std::string>>{});
        engine_.emplace(runtime_,
                        std::vector<std::string>{
                            net::program("refund_in_code"), "--project", source("examples/refund"),
                            "--database", database_.connection_string(), "--listen", "127.0.0.1:0",
                            "--letters", folder_.file("letters")},
                        std::vector<std::pair<std::string, std::string>>{
                            {"PAYMENTS_URL", payments_->url()},
                            {"RESOLUTE_BIN", net::program("")},
                            {"ORDERS_DATA", source("examples/refund/services/orders.json")}});
        REQUIRE_THAT(engine_->url(), ContainsSubstring("http://"));
    }

    Json call(std::string const& method, std::string const& path, Json const& body = {}) {
        net::ClientRequest request{.method = method,
                                   .url = net::parse_url(engine_->url() + path).value()};
        if (method == "POST") {
            request.headers = {{"Content-Type", "application/json"}};
            request.body = to_text(body);
        }
        net::Awaited<net::Reply> reply;
        http_.send(std::move(request), [reply](net::Reply what) { reply.set(std::move(what)); });
        auto const answer = std::get<net::Response>(reply.get());
        CAPTURE(path, answer.body);
        REQUIRE(answer.status < 300);
        return parse_json(answer.body).value();
    }

    // The case's run, to its end; who is asked approves, as somebody else than its initiator.
    std::vector<Event> close(std::string const& workflow, Json const& input) {
        Changes changes(net::parse_url(engine_->url()).value().port);
        Json const body{{"workflow", workflow}, {"input", input}, {"caseId", input["case_id"]}};
        auto const run = call("POST", "/api/v1/runs", body)["run"]["id"].get<std::string>();
        auto const patience = SystemClock().monotonic() + std::chrono::seconds(60);
        while (true) {
            auto const now = call("GET", "/api/v1/runs/" + run);
            if (now["status"] == "completed") return history(run);
            CAPTURE(now.dump(1));
            REQUIRE(now["status"] != "faulted");
            REQUIRE(now["status"] != "quarantined");
            REQUIRE(SystemClock().monotonic() < patience);
            decide_for(run);
            changes.next();
        }
    }

    std::string letter(std::string const& name) const {
        std::ifstream file(folder_.file("letters/" + name));
        return {std::istreambuf_iterator<char>(file), {}};
    }

  private:
    std::vector<Event> history(std::string const& run) {
        std::vector<Event> events;
        store::ReadModel reads(database_.connection_string());
        for (auto const& event : reads.history(RunId::parse(run).value(), 0, limits::list_page))
            events.push_back(decode(event));
        return events;
    }

    void decide_for(std::string const& run) {
        auto const page = call("GET", "/api/v1/approvals?status=pending&run=" + run);
        for (auto const& item : page["items"]) {
            auto const id = item["id"].get<std::string>();
            auto const card = call("GET", "/api/v1/approvals/" + id);
            call("POST", "/api/v1/approvals/" + id + "/decisions",
                 {{"decision", "approve"},
                  {"digest", card["digest"]},
                  {"decisionId", id},
                  {"by", "rita"},
                  {"comment", "seen"}});
        }
    }

    TestDatabase database_{"code_first", [](std::string const& url) { store::migrate(url); }};
    net::TemporaryDirectory folder_;
    net::Runtime runtime_{2};
    net::HttpClient http_{runtime_};
    std::optional<Program> payments_;
    std::optional<Program> engine_;
};

Json case_of(std::string const& name) {
    return Json::parse(text_of("examples/refund/cases/" + name + ".json"))["input"];
}

// What was done, as both front ends should do it. The steps of a `fork` come in any order; a
// `switch` is a step in YAML only, and so are a step that is skipped and what a `catch` notes about
// its frame.
struct Deeds {
    Json facts = Json::object();  // by step
    std::vector<std::string> order;  // of the steps outside of the fork
    Json calls = Json::object();  // what each step asked for

    // What is remembered says which run wrote it, and when.
    static Json asked_of_model(ActivityIntent const& intent) {
        auto input = intent.request.json().at("input");
        if (input.contains("remembered"))
            for (auto& item : input["remembered"])
                for (char const* own : {"id", "recordedAt", "source", "writer"}) item.erase(own);
        return input;
    }
    void add(Event const& event) {
        static std::set<std::string> const only_yaml{"triage", "order_known", "worth_it"};
        auto const step = step_of(event.fact);
        auto const name = name_of(step);
        if (only_yaml.contains(name) || std::holds_alternative<StepAdvanced>(event.fact) ||
            std::holds_alternative<StepSkipped>(event.fact))
            return;
        bool const in_fork = step.path.find("/fork/") != std::string::npos;
        if (!facts.contains(name) && !in_fork) order.push_back(name);
        facts[name].push_back(kind_name(kind_number(event.fact)));
        auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
        if (called && called->completes_step) facts[name].push_back("step_completed");
        auto const* intent = intent_of(event.fact);
        if (intent && intent->kind != "model") calls[name] = intent->request.json();
        if (intent && intent->kind == "model") calls[name] = asked_of_model(*intent);
    }
};

Deeds deeds_of(std::vector<Event> const& history) {
    Deeds deeds;
    for (auto const& event : history) deeds.add(event);
    return deeds;
}

}  // namespace

TEST_CASE("the refund case in C++ does what the one in YAML does, fact by fact") {
    // Each with a payments service of its own: what is refunded once is not there the second time.
    Desk yaml;
    Desk code;
    workflow::Interpreter const in_yaml(
        workflow::load(text_of("examples/refund/workflows/refund.yaml")).value());
    std::vector<Event> last;
    // paid at once, approved by a person, denied, answered, asked back
    for (auto const* name : {"R-1001", "R-1003", "R-1006", "R-1010", "R-1011"}) {
        CAPTURE(name);
        auto const input = case_of(name);
        auto const first = yaml.close("refunds/refund", input);
        last = code.close("refunds/refund-in-code", input);
        auto const same = compare(in_yaml, RunId{}, first);
        CAPTURE(same.first ? same.first->sentence : "");
        CHECK_FALSE(same.first);
        CHECK(same.compared >= 5);
        auto const wanted = deeds_of(first);
        auto const done = deeds_of(last);
        CHECK(done.order == wanted.order);
        CHECK(done.facts == wanted.facts);
        CHECK(done.calls == wanted.calls);
        auto const output = [](std::vector<Event> const& events) {
            return std::get<RunCompleted>(events.back().fact).output.json();
        };
        auto without_null = output(first);
        if (without_null["currency"].is_null()) without_null.erase("currency");
        CHECK(output(last) == without_null);
        auto const replayed = sdk::replay(refund_in_code::refund_workflow(), last);
        CAPTURE(replayed.first ? replayed.first->sentence : "");
        CHECK(replayed);
        CHECK(replayed.compared >= 5);
    }
}

TEST_CASE("a workflow in C++ writes a letter with a typed activity, named by its key") {
    Desk desk;
    Json const input{{"case_id", "R-1001"},
                     {"resolution", "refunded"},
                     {"amount", 1850},
                     {"currency", "EUR"},
                     {"summary", "The lamp came broken."}};
    auto const events = desk.close("refunds/statement-in-code", input);
    auto const output = std::get<RunCompleted>(events.back().fact).output.json();
    auto const started = std::ranges::find_if(events, [](Event const& event) {
        return std::holds_alternative<ActivityStarted>(event.fact);
    });
    REQUIRE(started != events.end());
    auto const& intent = *std::get<ActivityStarted>(started->fact).intent;
    CHECK(intent.kind == "activity");
    CHECK(intent.effect == Effect::write);
    CHECK(output["file"] == intent.key + ".txt");
    CHECK(desk.letter(output["file"]) == "R-1001: refunded\nThe lamp came broken.\n");
    CHECK(sdk::replay(refund_in_code::statement_workflow(), events));
}
