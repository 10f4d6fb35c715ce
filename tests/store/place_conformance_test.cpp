// What every store promises about places: never more under a key than it allows, in fair turns.
#include <deque>
#include <set>

#include "engine/shard_of.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

struct Terms {
    std::string key = "k";
    int priority = 0;
    Json limits = {{"most", 2}};
};

// A run of a tenant that is stored and waits for a place.
struct Waiting {
    SampleRun run;
    std::string tenant;

    Append change(EventChange::Kind kind, Json content) {
        auto append = run.more();
        append.tenant = tenant;
        append.events_changed.push_back({kind, StepId{}, Payload(std::move(content))});
        return append;
    }
    Append waits(Terms const& terms) {
        auto place = terms.limits;
        place["key"] = terms.key;
        place["priority"] = terms.priority;
        Json filter{{"slot", 0}, {"type", ""}, {"place", place}};
        return change(EventChange::Kind::awaited,
                      {{"filters", Json::array({filter})}, {"declined", Json::array()}});
    }
    Append ends() { return change(EventChange::Kind::ended, {}); }
};

template <class Twin>
class Queue {
  public:
    Waiting& add(std::string const& tenant, Terms const& terms = {}) {
        auto& one = runs_.emplace_back(Waiting{SampleRun(), tenant});
        auto start = one.run.start();
        start.tenant = start.row->tenant = tenant;
        store->append({start});
        store->append({one.waits(terms)});
        return one;
    }
    // Which runs are given places now, by their number in order of arrival.
    std::vector<std::size_t> give() {
        store->match_events();
        std::vector<std::size_t> given;
        for (auto const& message : store->inbox({7}, 1000))
            if (told_.insert(message.id).second) given.push_back(number_of(message.run));
        std::ranges::sort(given);
        return given;
    }
    void end(std::size_t number) { store->append({runs_.at(number).ends()}); }
    Waiting& at(std::size_t number) { return runs_.at(number); }

    Twin twin;
    std::unique_ptr<EventStore> store = open_writer(twin);

  private:
    std::size_t number_of(RunId run) const {
        for (std::size_t i = 0; i < runs_.size(); ++i)
            if (runs_[i].run.id == run) return i;
        return runs_.size();
    }

    std::deque<Waiting> runs_;
    std::set<MessageId> told_;
};

using Numbers = std::vector<std::size_t>;

}  // namespace

ON_BOTH_STORES("no more runs have a place under a key than it allows, and others get theirs") {
    Queue<TestType> queue;
    for (int i = 0; i < 5; ++i) queue.add("a");
    queue.add("a", {.key = "other"});
    CHECK(queue.give() == Numbers{0, 1, 5});
    CHECK(queue.give().empty());
    queue.end(1);
    CHECK(queue.give() == Numbers{2});
    queue.end(0);
    queue.end(2);
    CHECK(queue.give() == Numbers{3, 4});
}

ON_BOTH_STORES("a run that is cancelled leaves the queue, and its place") {
    Queue<TestType> queue;
    for (int i = 0; i < 4; ++i) queue.add("a", {.limits = {{"most", 1}}});
    CHECK(queue.give() == Numbers{0});
    queue.end(1);
    queue.end(0);
    CHECK(queue.give() == Numbers{2});
    // A place that came too late goes back.
    queue.store->append({queue.at(2).change(EventChange::Kind::returned, {{"position", "0"}})});
    CHECK(queue.give() == Numbers{3});
}

ON_BOTH_STORES("within a tenant the more urgent go first, then those who came first") {
    Queue<TestType> queue;
    Json const one{{"most", 1}};
    queue.add("a", {.limits = one});
    queue.add("a", {.limits = one});
    queue.add("a", {.priority = 5, .limits = one});
    queue.add("a", {.priority = -1, .limits = one});
    Numbers order;
    while (true) {
        auto const given = queue.give();
        if (given.empty()) break;
        order.push_back(given.front());
        queue.end(given.front());
    }
    CHECK(order == Numbers{2, 0, 1, 3});
}

ON_BOTH_STORES("tenants take turns, however many runs of one of them wait") {
    Queue<TestType> queue;
    for (int i = 0; i < 20; ++i) queue.add("busy", {.priority = 9});
    CHECK(queue.give() == Numbers{0, 1});
    for (int i = 0; i < 3; ++i) queue.add("quiet");  // 20, 21, 22
    queue.end(0);
    CHECK(queue.give() == Numbers{20});  // it holds fewer
    queue.end(20);
    CHECK(queue.give() == Numbers{21});
    queue.end(1);
    CHECK(queue.give() == Numbers{2});
    queue.end(21);
    queue.end(2);
    CHECK(queue.give() == Numbers{3, 22});
}

ON_BOTH_STORES("a limit that a new version of the workflow changes holds at once") {
    Queue<TestType> queue;
    for (int i = 0; i < 3; ++i) queue.add("a", {.limits = {{"most", 1}}});
    CHECK(queue.give() == Numbers{0});
    queue.add("a", {.limits = {{"most", 3}}});
    CHECK(queue.give() == Numbers{1, 2});
}

ON_BOTH_STORES("a rate lets so many runs begin in a time") {
    Queue<TestType> queue;
    for (int i = 0; i < 5; ++i) queue.add("a", {.limits = {{"many", 2}, {"perMs", 3'600'000}}});
    CHECK(queue.give() == Numbers{0, 1});
    queue.end(0);
    queue.end(1);
    CHECK(queue.give().empty());
    queue.twin.let_begun_age();
    CHECK(queue.give() == Numbers{2, 3});
}

// Counted, not timed: how many places are given until a tenant's ten runs are through, beside
// a tenant with 100,000 and alone.
TEST_CASE("a tenant with 100,000 queued runs delays another's by at most 2x", "[store]") {
    auto const places_until_through = [](bool beside) {
        MigratedDatabase database;
        if (beside)
            database.run(
                "insert into resolute.place_wait (run_id, tenant, shard, slot, key, priority, most,"
                " since) select gen_random_uuid(), 'busy', 7, 0, 'k', 9, 4, now() - interval '1"
                " hour' from generate_series(1, 100000)");
        database.run(
            "insert into resolute.place_wait (run_id, tenant, shard, slot, key, priority, most)"
            " select gen_random_uuid(), 'quiet', 7, 0, 'k', 0, 4 from generate_series(1, 40)");
        store::PostgresStore store({.url = database.url(), .member = {}, .writer = -1});
        std::size_t given = 0;
        auto const began = SystemClock().monotonic();
        int rounds = 0;
        for (;
             database.run("select count(*) from resolute.place_wait where tenant = 'quiet'") != "0";
             ++rounds) {
            database.run("insert into resolute.place_look (key) values ('k')");
            given += store.match_events();
            database.run("delete from resolute.place");  // all of them are over
        }
        auto const each = (SystemClock().monotonic() - began) / rounds;
        WARN((beside ? "beside 100,000: " : "alone: ")
             << given << " places in " << rounds << " rounds, "
             << std::chrono::duration_cast<std::chrono::microseconds>(each).count()
             << " us for a round with its checks");
        return rounds;
    };
    auto const alone = places_until_through(false);
    auto const beside = places_until_through(true);
    CHECK(alone == 10);
    CHECK(beside <= 2 * alone);
}

TEST_CASE("who holds the place that a run waits for is told, of its own tenant only", "[store]") {
    Queue<PostgresTwin> queue;
    auto& waiting = [&]() -> Waiting& {
        queue.add("a", {.limits = {{"most", 2}}});
        queue.add("b", {.limits = {{"most", 2}}});
        return queue.add("b", {.limits = {{"most", 2}}});
    }();
    REQUIRE(queue.give() == Numbers{0, 1});
    auto const found = queue.twin.reads().place_queue(waiting.run.id);
    REQUIRE(found);
    CHECK(found->holder == queue.at(1).run.id);
    CHECK(found->held == 2);
    CHECK_FALSE(found->opens_at);
    CHECK_FALSE(queue.twin.reads().place_queue(queue.at(0).run.id));
}

// A queue that does not move costs whoever looks for it nothing.
TEST_CASE("keys under which nothing changed are not looked at again", "[store]") {
    Queue<PostgresTwin> queue;
    for (int i = 0; i < 3; ++i) queue.add("a", {.limits = {{"most", 1}}});
    CHECK(queue.give() == Numbers{0});
    CHECK(queue.twin.database().run("select count(*) from resolute.place_look") == "0");
    queue.end(0);
    CHECK(queue.twin.database().run("select count(*) from resolute.place_look") == "1");
    CHECK(queue.give() == Numbers{1});
}
