// The payments service as a real process: what is answered is durable, and a key has one effect,
// whatever fails.
#include <signal.h>

#include <atomic>
#include <fstream>

#include "base/json.h"
#include "net/http_client.h"
#include "net/process.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/net/programs.h"

using namespace resolute;
using namespace resolute::net;

namespace {

void write_file(std::string const& path, std::string const& text,
                std::ios::openmode mode = std::ios::trunc) {
    std::ofstream(path, std::ios::out | mode) << text;
}

std::string read_file(std::string const& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

// One run of the program: until it listens, or until it ends because it cannot.
class Service {
  public:
    Service(Runtime& runtime, TemporaryDirectory const& directory,
            std::vector<std::string> more = {}) {
        write_file(directory.file("seed.json"),
                   R"({"payments": [
                {"id": "pay_1", "customer_id": "C-1", "order_id": "A-1", "amount": 5000,
                 "currency": "EUR", "captured_at": "2026-10-01T00:00:00Z", "method": "card"},
                {"id": "pay_2", "customer_id": "C-1", "order_id": "A-2", "amount": 900,
                 "currency": "EUR", "captured_at": "2026-10-02T00:00:00Z", "method": "card"}]})");
        ProcessOptions options;
        options.command = {program("refund_payments"),
                           "--seed",
                           directory.file("seed.json"),
                           "--ledger",
                           directory.file("ledger.jsonl"),
                           "--port",
                           "0"};
        options.command.insert(options.command.end(), more.begin(), more.end());
        options.on_output = [url = url_](LineSplitter::Line line) {
            url.set(Json::parse(line.text)["listening"]);
        };
        options.on_error = [said = said_](LineSplitter::Line line) {
            *said += std::string(line.text) + "\n";
        };
        options.on_exit = [url = url_, ended = ended_](Exit exit) {
            ended.set(exit);
            url.set("");
        };
        process_ = std::make_unique<Process>(runtime, std::move(options));
        url_.get();
    }

    std::string url() const { return url_.get(); }
    Exit kill_hard() {
        ::kill(process_->pid(), SIGKILL);
        return ended_.get();
    }
    Exit terminate() {
        process_->kill();
        return ended_.get();
    }
    Exit ended() const { return ended_.get(); }
    std::string how_it_ended() const { return to_string(ended_.get()) + ": " + *said_; }
    std::string said() const { return ended_.get(), *said_; }

  private:
    Awaited<std::string> url_;
    Awaited<Exit> ended_;
    std::shared_ptr<std::string> said_ = std::make_shared<std::string>();
    std::unique_ptr<Process> process_;
};

Json refund_of(std::string const& payment, int amount, std::string const& reference) {
    return {{"payment_id", payment},
            {"amount", amount},
            {"currency", "EUR"},
            {"reason", "damaged"},
            {"reference", reference}};
}

struct World {
    TemporaryDirectory directory;
    Runtime runtime{2};
    HttpClient client{runtime};
    std::optional<Service> service;

    World() {
        runtime.start();
        restart();
    }
    void try_to_start() {
        service.reset();
        service.emplace(runtime, directory);
    }
    void restart() {
        try_to_start();
        INFO("the service " << (service->url().empty() ? service->how_it_ended() : "listens"));
        REQUIRE(!service->url().empty());
    }

    ClientRequest request(std::string method, std::string const& target,
                          Json const& body = {}) const {
        ClientRequest request;
        request.method = std::move(method);
        request.url = parse_url(service->url() + target).value();
        if (!body.is_null()) request.body = to_text(body);
        return request;
    }
    Reply send(ClientRequest request) {
        Awaited<Reply> reply;
        client.send(std::move(request), [reply](Reply got) { reply.set(std::move(got)); });
        return reply.get();
    }
    Reply try_refund(std::string const& key, Json const& body) {
        auto asked = request("POST", "/refunds", body);
        asked.headers.push_back({"Idempotency-Key", key});
        return send(asked);
    }
    Response refund(std::string const& key, Json const& body) {
        auto const reply = try_refund(key, body);
        REQUIRE(std::holds_alternative<Response>(reply));
        return std::get<Response>(reply);
    }
    Json get(std::string const& target) {
        auto const reply = send(request("GET", target));
        REQUIRE(std::holds_alternative<Response>(reply));
        return Json::parse(std::get<Response>(reply).body);
    }
    std::string ledger() const { return directory.file("ledger.jsonl"); }
};

bool is_replayed(Response const& response) {
    return find_header(response.headers, "Idempotent-Replayed") == "true";
}

}  // namespace

TEST_CASE("a refund is answered, found by its key, and taken off the payment") {
    World world;
    auto const response = world.refund("k1", refund_of("pay_1", 1850, "R-1"));
    CHECK(response.status == 201);
    auto const answer = Json::parse(response.body);
    CHECK(answer["status"] == "succeeded");
    CHECK(answer["amount"] == 1850);
    auto const found = world.get("/refunds?key=k1");
    CHECK(found["status"] == "succeeded");
    CHECK(found["id"] == answer["id"]);
    CHECK(world.get("/refunds?key=other")["status"] == "not_found");
    CHECK(world.get("/payments/pay_1")["refundable"] == 3150);
    CHECK(world.get("/customers/C-1/payments")["payments"].size() == 2);
    auto const ledger = world.get("/ledger");
    CHECK(ledger["refunds"] == 1);
    CHECK(ledger["amount"] == 1850);
    CHECK(ledger["by_payment"] == Json({{"pay_1", 1850}}));
    CHECK(ledger["duplicate_effects"] == 0);
}

TEST_CASE("what was answered survives kill -9") {
    World world;
    auto const before = world.refund("k1", refund_of("pay_1", 1850, "R-1"));
    CHECK(world.service->kill_hard().signal == SIGKILL);
    world.restart();
    auto const after = world.refund("k1", refund_of("pay_1", 1850, "R-1"));
    CHECK(is_replayed(after));
    CHECK(after.body == before.body);
    CHECK(world.get("/ledger")["amount"] == 1850);
}

TEST_CASE("the same key and body is the same answer, however the body is written") {
    World world;
    auto const first = world.refund("k1", refund_of("pay_1", 100, "R-1"));
    CHECK_FALSE(is_replayed(first));
    auto again = world.request("POST", "/refunds");
    again.headers.push_back({"Idempotency-Key", "k1"});
    again.body = R"({ "reference":"R-1", "reason":"damaged", "payment_id":"pay_1",)"
                 R"("currency":"EUR", "amount": 1e2 })";
    auto const second = std::get<Response>(world.send(again));
    CHECK(second.status == 201);
    CHECK(is_replayed(second));
    CHECK(second.body == first.body);
    CHECK(world.get("/ledger")["refunds"] == 1);
}

TEST_CASE("the same key and another body is refused and does nothing") {
    World world;
    world.refund("k1", refund_of("pay_1", 100, "R-1"));
    auto const response = world.refund("k1", refund_of("pay_1", 101, "R-1"));
    CHECK(response.status == 422);
    CHECK(Json::parse(response.body)["code"] == "key_reused");
    CHECK(world.get("/ledger")["amount"] == 100);
}

TEST_CASE("without a key nothing is refunded") {
    World world;
    auto const reply =
        world.send(world.request("POST", "/refunds", refund_of("pay_1", 100, "R-1")));
    CHECK(std::get<Response>(reply).status == 400);
    CHECK(world.get("/ledger")["refunds"] == 0);
}

TEST_CASE("refunds that cannot be are refused with a reason, and the refusal stays") {
    struct Bad {
        Json body;
        int status;
        std::string code;
    };
    auto without = [](char const* member) {
        auto body = refund_of("pay_1", 100, "R-1");
        body.erase(member);
        return body;
    };
    auto with = [](char const* member, Json value) {
        auto body = refund_of("pay_1", 100, "R-1");
        body[member] = std::move(value);
        return body;
    };
    auto const bad = GENERATE_COPY(values<Bad>({
        {with("payment_id", "pay_9"), 404, "unknown_payment"},
        {with("amount", 5001), 409, "exceeds_payment"},
        {with("amount", 0), 422, "malformed_refund"},
        {with("amount", -1), 422, "malformed_refund"},
        {with("amount", 1.5), 422, "malformed_refund"},
        {with("amount", "100"), 422, "malformed_refund"},
        {with("currency", "USD"), 422, "wrong_currency"},
        {without("reference"), 422, "malformed_refund"},
        {with("amount", 1ULL << 63), 400, "malformed_body"},
    }));
    World world;
    auto const response = world.refund("k1", bad.body);
    CHECK(response.status == bad.status);
    CHECK(Json::parse(response.body)["code"] == bad.code);
    CHECK(find_header(response.headers, "Content-Type") == "application/problem+json");
    CHECK(world.refund("k1", bad.body).body == response.body);
    CHECK(world.get("/refunds?key=k1")["status"] == "not_found");
    CHECK(world.get("/ledger")["refunds"] == 0);
}

TEST_CASE("racing refunds never take more than was paid, nor a key twice") {
    World world;
    constexpr int count = 60;
    std::atomic<int> created = 0;
    std::atomic<int> answered = 0;
    Awaited<bool> done;
    for (int i = 0; i < count; ++i) {
        auto const key = "k" + std::to_string(i / 2);  // each key twice
        auto asked = world.request("POST", "/refunds", refund_of("pay_1", 400, key));
        asked.headers.push_back({"Idempotency-Key", key});
        world.client.send(asked, [&](Reply reply) {
            auto const* response = std::get_if<Response>(&reply);
            if (response && response->status == 201 && !is_replayed(*response)) ++created;
            if (++answered == count) done.set(true);
        });
    }
    done.get();
    CHECK(created == 12);  // of 5000, each 400
    auto const ledger = world.get("/ledger");
    CHECK(ledger["amount"] == 4800);
    CHECK(ledger["duplicate_effects"] == 0);
}

TEST_CASE(
    "every fault leaves what its name says, and the same key mends it without a second effect") {
    enum class Seen { nothing, error, refusal, success };
    struct Row {
        std::string fault;
        Seen seen;
        bool is_committed;
        bool is_dead;
    };
    auto const row = GENERATE(values<Row>({
        {"lost_before_commit", Seen::nothing, false, false},
        {"lost_after_commit", Seen::nothing, true, false},
        {"error_before_commit", Seen::error, false, false},
        {"error_after_commit", Seen::error, true, false},
        {"crash_before_commit", Seen::nothing, false, true},
        {"crash_after_commit", Seen::nothing, true, true},
        {"slow", Seen::success, true, false},
        {"refuse", Seen::refusal, false, false},
    }));
    CAPTURE(row.fault);
    World world;
    auto const armed = world.send(world.request("POST", "/faults",
                                                {{"match", {{"payment_id", "pay_1"}}},
                                                 {"fault", row.fault},
                                                 {"times", 1},
                                                 {"delay_ms", 20}}));
    REQUIRE(std::get<Response>(armed).status == 201);
    CHECK(world.refund("other", refund_of("pay_2", 1, "R-0")).status == 201);  // not matched

    auto const body = refund_of("pay_1", 700, "R-1");
    auto const reply = world.try_refund("k1", body);
    if (row.seen == Seen::nothing)
        CHECK(std::holds_alternative<SentNoAnswer>(reply));
    else
        CHECK(std::get<Response>(reply).status == (row.seen == Seen::error     ? 500
                                                   : row.seen == Seen::refusal ? 422
                                                                               : 201));
    if (row.is_dead) {
        CHECK(world.service->ended().code == 70);
        world.restart();
    } else {
        CHECK(world.get("/faults")["faults"][0]["fired"] == 1);
    }
    CHECK(world.get("/refunds?key=k1")["status"] == (row.is_committed ? "succeeded" : "not_found"));
    auto const again = world.refund("k1", body);
    CHECK(again.status == (row.seen == Seen::refusal ? 422 : 201));
    CHECK(is_replayed(again) == (row.is_committed || row.seen == Seen::refusal));
    auto const ledger = world.get("/ledger");
    CHECK(ledger["by_payment"].value("pay_1", 0) == (row.seen == Seen::refusal ? 0 : 700));
    CHECK(ledger["duplicate_effects"] == 0);
}

TEST_CASE("two refunds of one payment for one reference are a duplicate, whatever their keys") {
    World world;
    world.refund("k1", refund_of("pay_1", 100, "R-1"));
    world.refund("k2", refund_of("pay_1", 100, "R-1"));
    world.refund("k3", refund_of("pay_1", 100, "R-2"));
    CHECK(world.get("/ledger")["duplicate_effects"] == 1);
}

TEST_CASE("a torn last line is cut off and reported; it was never answered") {
    World world;
    world.refund("k1", refund_of("pay_1", 100, "R-1"));
    world.service->kill_hard();
    auto const whole = read_file(world.ledger());
    write_file(world.ledger(), whole.substr(0, whole.size() / 2), std::ios::app);
    world.restart();
    CHECK(world.get("/ledger")["refunds"] == 1);
    CHECK(world.refund("k2", refund_of("pay_1", 50, "R-2")).status == 201);
    world.service->kill_hard();
    CHECK_THAT(world.service->said(), ContainsSubstring("middle of a line"));
    world.restart();
    CHECK(world.get("/ledger")["amount"] == 150);
}

TEST_CASE("a ledger with a line that cannot be read is refused, with the number of the line") {
    World world;
    world.refund("k1", refund_of("pay_1", 100, "R-1"));
    world.service->kill_hard();
    write_file(world.ledger(), "{\"type\":\n" + read_file(world.ledger()));
    world.try_to_start();
    CHECK(world.service->ended().code == 1);
    CHECK_THAT(world.service->said(), ContainsSubstring("line 1 of the ledger"));
}

TEST_CASE("two services never share a ledger or a port") {
    World world;
    Service const second(world.runtime, world.directory);
    CHECK(second.ended().code == 1);
    CHECK_THAT(second.said(), ContainsSubstring("in use by another"));
    TemporaryDirectory const elsewhere;
    auto const port = std::to_string(parse_url(world.service->url()).value().port);
    Service const third(world.runtime, elsewhere, {"--port", port});
    CHECK(third.ended().code == 1);
    CHECK_THAT(third.said(), ContainsSubstring("port " + port));
}

TEST_CASE("SIGTERM ends the service in good order") {
    World world;
    world.refund("k1", refund_of("pay_1", 100, "R-1"));
    CHECK(world.service->terminate().code == 0);
    world.restart();
    CHECK(world.get("/ledger")["refunds"] == 1);
}

TEST_CASE("faults come from a file as well, and a wrong one is named") {
    World world;
    TemporaryDirectory const directory;
    write_file(directory.file("faults.json"),
               R"([{"match": {"payment_id": "pay_1"}, "fault": "lost_after_commit"}])");
    Service const armed(world.runtime, directory, {"--faults", directory.file("faults.json")});
    CHECK_FALSE(armed.url().empty());
    auto const wrong = GENERATE(
        R"([{"match": {"payment_id": "pay_1"}, "fault": "lost"}])", R"([{"fault": "slow"}])",
        R"([{"match": {"a": 1}, "fault": "slow", "times": "2"}])", "[", "{}");
    TemporaryDirectory const other;
    write_file(other.file("faults.json"), wrong);
    Service const refused(world.runtime, other, {"--faults", other.file("faults.json")});
    CHECK(refused.ended().code == 1);
    CHECK_THAT(refused.said(), ContainsSubstring("faults.json"));
}
