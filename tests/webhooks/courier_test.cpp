// Events on their way to a real receiver, from a real outbox.
#include "webhooks/courier.h"

#include <map>
#include <set>

#include "engine/store/inbox.h"
#include "engine/store/schema.h"
#include "net/http_server.h"
#include "tests/catch.h"
#include "tests/postgres/test_database.h"

using namespace resolute;
using namespace resolute::webhooks;
using namespace std::chrono_literals;

namespace {

// Answers each request with what the test says, and remembers it.
class Receiver {
  public:
    explicit Receiver(net::Runtime& runtime)
        : server_(runtime, {}, [this](net::ServerRequest const& request, net::Responder answer) {
              std::lock_guard const lock(mutex_);
              auto const event = parse_json(request.body, "event").value();
              requests_.push_back({event["id"], std::string(*request.header("webhook-id"))});
              changed_.notify_all();
              if (status_ > 0)
                  answer.respond({status_, {}, {}});
              else
                  unanswered_.push_back(std::move(answer));
          }) {}

    net::Url url() const { return net::parse_url(server_.url() + "/events").value(); }
    void answers(int status) {  // 0: not at all
        std::lock_guard const lock(mutex_);
        status_ = status;
    }
    // Waits until there were so many requests.
    std::vector<std::pair<std::string, std::string>> requests(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 20s, [&] { return requests_.size() >= count; });
        return requests_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int status_ = 200;
    std::vector<net::Responder> unanswered_;
    std::vector<std::pair<std::string, std::string>> requests_;  // event, webhook-id
    net::HttpServer server_;
};

struct Post {
    testing::TestDatabase database{"migrated", [](std::string const& url) { store::migrate(url); }};
    store::Inbox inbox{database.connection_string()};
    store::Webhooks store{database.connection_string()};
    SystemClock clock;
    net::Runtime runtime;
    Receiver receiver{runtime};
    net::HttpClient http{runtime};

    Post() {
        store.subscribe({"shop"});
        runtime.start();
    }
    ~Post() { runtime.stop(); }
    std::unique_ptr<Courier> courier(int attempts = 20) {
        return std::make_unique<Courier>(Courier::Surroundings{
            .store = std::make_unique<store::Webhooks>(database.connection_string()),
            .http = http,
            .clock = clock,
            .subscriptions = {{.name = "shop",
                               .url = receiver.url(),
                               .types = {"paid"},
                               .key = {},
                               .attempts = attempts}}});
    }
    void emit(std::string const& id, std::string const& type = "paid") {
        inbox.post_event("default", {{"id", id}, {"source", "test"}, {"type", type}});
    }
    // Until the outbox says so.
    bool comes_true(std::function<bool(store::WebhookState const&)> const& is_so) {
        auto const end = clock.monotonic() + 20s;
        while (clock.monotonic() < end)
            if (is_so(store.all().at(0))) return true;
        return false;
    }
};

}  // namespace

TEST_CASE("an event is sent once to whoever wants it, and the others are not") {
    Post post;
    post.emit("before");  // also what nobody was there to send
    auto courier = post.courier();
    post.emit("other", "refused");
    post.emit("after");
    courier->poke();
    CHECK(post.comes_true([](auto const& state) { return state.delivered == 2; }));
    courier.reset();
    auto const requests = post.receiver.requests(2);
    REQUIRE(requests.size() == 2);
    CHECK(std::set<std::string>{requests[0].first, requests[1].first} ==
          std::set<std::string>{"before", "after"});
    CHECK(post.store.deliveries("shop", 10).empty());
}

TEST_CASE("an event that the receiver fails to take is sent again, as the same message") {
    Post post;
    post.receiver.answers(500);
    auto courier = post.courier();
    post.emit("one");
    courier->poke();
    CHECK(post.comes_true([](auto const& state) { return state.failures == 1; }));
    CHECK(post.store.deliveries("shop", 10).at(0).why == "the receiver answered 500");
    post.receiver.answers(202);
    auto const requests = post.receiver.requests(2);
    REQUIRE(requests.size() == 2);
    CHECK(requests[0] == requests[1]);
    CHECK(post.comes_true([](auto const& state) { return state.delivered == 1; }));
}

TEST_CASE("an event that fails too often is given up, and sent when a person says so") {
    Post post;
    post.receiver.answers(500);
    auto courier = post.courier(1);
    post.emit("one");
    courier->poke();
    CHECK(post.comes_true([](auto const& state) { return state.given_up == 1; }));
    post.receiver.answers(200);
    CHECK(post.store.retry("shop", std::nullopt) == 1);
    courier->poke();  // in a process, the notification does
    CHECK(post.comes_true([](auto const& state) { return state.delivered == 1; }));
    CHECK(post.receiver.requests(2).size() == 2);
}

TEST_CASE("two processes send each event once") {
    Post post;
    auto one = post.courier(), other = post.courier();
    for (int i = 0; i < 100; ++i) post.emit(std::to_string(i));
    one->poke();
    other->poke();
    CHECK(post.comes_true([](auto const& state) { return state.delivered == 100; }));
    std::map<std::string, int> times;
    for (auto const& [event, id] : post.receiver.requests(100)) ++times[event];
    CHECK(times.size() == 100);
    CHECK(post.receiver.requests(100).size() == 100);
}

TEST_CASE("a receiver that does not answer takes no more than its places") {
    Post post;
    post.receiver.answers(0);
    auto courier = post.courier();
    for (int i = 0; i < 50; ++i) post.emit(std::to_string(i));
    courier->poke();
    CHECK(post.comes_true([](auto const& state) { return state.waiting == 50; }));
    post.receiver.requests(limits::webhook_places);
    courier.reset();  // after which nothing more can come
    CHECK(post.receiver.requests(limits::webhook_places).size() == limits::webhook_places);
    CHECK(post.store.all().at(0).waiting == 50);
}
