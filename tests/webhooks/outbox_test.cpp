// The outbox: each event once for each webhook, whoever looks, and what becomes of what was taken.
#include "engine/store/inbox.h"
#include "engine/store/schema.h"
#include "engine/store/upkeep.h"
#include "engine/store/webhooks.h"
#include "tests/catch.h"
#include "tests/postgres/test_database.h"

using namespace resolute;
using namespace resolute::store;
using namespace std::chrono_literals;

namespace {

struct Outbox {
    testing::TestDatabase database{"migrated", [](std::string const& url) { migrate(url); }};
    Webhooks store{database.connection_string()};
    Inbox inbox{database.connection_string()};

    Outbox() { store.subscribe({"shop"}); }
    void emit(std::string const& id, std::string const& type = "paid") {
        inbox.post_event("default", {{"id", id}, {"source", "test"}, {"type", type}});
    }
    // All that is new is wanted; answers how many that was.
    std::size_t sort() {
        std::size_t count = 0;
        for (auto const& heard : store.unheard({"shop"}, 100)) {
            std::vector<std::int64_t> wanted;
            for (auto const& event : heard.events) wanted.push_back(event.mark.position);
            if (store.fan_out(heard, wanted)) count += wanted.size();
        }
        return count;
    }
    std::vector<ClaimedDelivery> claim(std::size_t room = 10) {
        return store.claim({{"shop", room, 1h}});
    }
    void end(ClaimedDelivery const& one, std::string why = "",
             std::optional<Duration> again = std::nullopt) {
        store.settle({{one.delivery, one.webhook, one.attempt, std::move(why), again}});
    }
    void let_leases_end() {
        database.run(
            "update resolute.webhook_delivery set next_at = now() - interval '1 second'"
            " where next_at is not null");
    }
    WebhookState state() { return store.all().at(0); }
};

}  // namespace

TEST_CASE("a webhook is sent what comes after it became known, each event once") {
    Outbox outbox;
    outbox.emit("one");
    outbox.emit("two");
    CHECK(outbox.sort() == 2);
    CHECK(outbox.sort() == 0);
    outbox.store.subscribe({"shop", "late"});  // again: it goes on where it was
    CHECK(outbox.sort() == 0);
    CHECK(outbox.store.unheard({"late"}, 100).empty());
    outbox.emit("three");
    CHECK(outbox.sort() == 1);
    CHECK(outbox.store.all().at(1).waiting == 3);  // after "late"
}

TEST_CASE("of two who look at the same events one puts them into the outbox") {
    Outbox outbox;
    outbox.emit("one");
    auto const seen = outbox.store.unheard({"shop"}, 100);
    REQUIRE(seen.size() == 1);
    auto const position = seen[0].events[0].mark.position;
    CHECK(outbox.store.fan_out(seen[0], {position}));
    CHECK_FALSE(outbox.store.fan_out(seen[0], {position}));
    CHECK(outbox.state().waiting == 1);
}

TEST_CASE("an event of a transaction that is not over is not jumped over") {
    Outbox outbox;
    Connection slow({.url = outbox.database.connection_string()});
    {
        Transaction transaction(slow);
        slow.run_script(
            "insert into resolute.event_in (tenant, source, event_id, type, content)"
            " values ('default', 'test', 'slow', 'paid', '{}')");
        outbox.emit("quick");
        CHECK(outbox.sort() == 0);
        CHECK(outbox.store.next({"shop"}).is_unsettled);
        transaction.commit();
    }
    CHECK(outbox.sort() == 2);
    CHECK_FALSE(outbox.store.next({"shop"}).is_unsettled);
}

TEST_CASE("what was taken is nobody else's, until its time is over") {
    Outbox outbox;
    outbox.emit("one");
    outbox.sort();
    auto const first = outbox.claim();
    REQUIRE(first.size() == 1);
    CHECK(parse_json(*first[0].event, "event").value()["id"] == "one");
    CHECK(outbox.claim().empty());
    CHECK(outbox.store.deliveries("shop", 10).at(0).is_being_sent);
    outbox.let_leases_end();  // whoever had it died
    auto const second = outbox.claim();
    REQUIRE(second.size() == 1);
    CHECK(second[0].delivery == first[0].delivery);
    CHECK(second[0].attempt == 2);
    // Who was only slow fails late: it is the second one's now.
    outbox.end(first[0], "timed out");
    CHECK(outbox.state().given_up == 0);
    outbox.end(first[0]);  // but it was taken after all
    CHECK(outbox.store.deliveries("shop", 10).empty());
    outbox.end(second[0]);
    CHECK(outbox.state().delivered == 1);
}

TEST_CASE("a failure waits for its next attempt, or for a person") {
    Outbox outbox;
    outbox.emit("one");
    outbox.emit("two");
    outbox.sort();
    auto const taken = outbox.claim();
    REQUIRE(taken.size() == 2);
    outbox.end(taken[0], "answered 500", 1h);
    outbox.end(taken[1], "answered 410");
    auto state = outbox.state();
    CHECK(state.waiting == 1);
    CHECK(state.given_up == 1);
    CHECK(state.last_failure == "answered 410");
    CHECK(state.failures == 2);
    CHECK(outbox.claim().empty());
    CHECK(*outbox.store.next({"shop"}).due > 59min);
    auto const shown = outbox.store.deliveries("shop", 10);
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].event == "two");
    CHECK_FALSE(shown[0].next_at);
    CHECK(shown[0].why == "answered 410");

    SECTION("who may try all again") {
        CHECK(outbox.store.retry("shop", std::nullopt) == 2);
        auto const again = outbox.claim();
        REQUIRE(again.size() == 2);
        CHECK(again[0].attempt == 2);
        CHECK(again[1].attempt == 1);  // anew
    }
    SECTION("or one") {
        CHECK(outbox.store.retry("shop", shown[0].delivery) == 1);
        CHECK(outbox.claim().size() == 1);
    }
    SECTION("or let it be, without what still waits") {
        CHECK(outbox.store.forget("shop", shown[1].delivery) == 0);
        CHECK(outbox.store.forget("shop", std::nullopt) == 1);
        CHECK(outbox.state().waiting == 1);
    }
    SECTION("or forget the webhook") {
        CHECK(outbox.store.forget_webhook("shop") == 2);
        CHECK(outbox.store.all().empty());
    }
}

TEST_CASE("a receiver that is away is asked by one event at a time, after a pause") {
    Outbox outbox;
    for (int i = 0; i < 10; ++i) outbox.emit(std::to_string(i));
    outbox.sort();
    for (auto const& one : outbox.claim(5)) outbox.end(one, "away", 1s);
    REQUIRE(outbox.state().held_until);
    CHECK(outbox.claim().empty());
    outbox.database.run("update resolute.webhook set held_until = now()");
    auto const probe = outbox.claim();
    REQUIRE(probe.size() == 1);
    outbox.end(probe[0]);
    CHECK_FALSE(outbox.state().held_until);
    CHECK(outbox.state().failures == 0);
    CHECK(outbox.claim().size() >= 4);
}

TEST_CASE("an event is kept for whoever it is to be sent to") {
    Outbox outbox;
    outbox.emit("one");
    outbox.emit("unwanted");
    auto const heard = outbox.store.unheard({"shop"}, 100);
    outbox.store.fan_out(heard[0], {heard[0].events[0].mark.position});
    outbox.database.run("update resolute.event_in set posted_at = now() - interval '31 days'");
    upkeep(outbox.database.connection_string());
    CHECK(outbox.database.run("select string_agg(event_id, ' ') from resolute.event_in") == "one");
    outbox.end(outbox.claim().at(0));
    upkeep(outbox.database.connection_string());
    CHECK(outbox.database.run("select count(*) from resolute.event_in") == "0");
}
