// What every store promises about events: kept until one listener has each, whoever came first.
#include "engine/shard_of.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

Json event(std::string const& id, Json data = {}, std::string const& type = "paid") {
    return {{"specversion", "1.0"},
            {"id", id},
            {"source", "shop"},
            {"type", type},
            {"data", std::move(data)}};
}

using Kind = EventChange::Kind;

Json filter(int slot, std::string const& type, Json equals = Json::array()) {
    return {{"slot", slot}, {"type", type}, {"equals", std::move(equals)}};
}

// A run that is stored, and what it may want to change.
struct Listener {
    SampleRun run;

    Append change(Kind kind, Json content) {
        auto append = run.more();
        append.events_changed.push_back({kind, {"/do/0/hear"}, Payload(std::move(content))});
        return append;
    }
    Append listens(Json filters, Json declined = Json::array()) {
        return change(Kind::awaited,
                      {{"filters", std::move(filters)}, {"declined", std::move(declined)}});
    }
    Append listens() { return listens(Json::array({filter(0, "paid")})); }
    // What was offered to it, in order.
    std::vector<OfferEvent> offers(EventStore& store) const {
        std::vector<OfferEvent> found;
        for (auto const& message : store.inbox({shard_of(run.id)}, 100))
            if (message.run == run.id) found.push_back(std::get<OfferEvent>(message.content));
        return found;
    }
};

}  // namespace

ON_BOTH_STORES("an event goes to a step that listens for it, whichever came first") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one;
    store->append({one.run.start()});
    SECTION("the event") {
        CHECK(twin.post_event(event("e1", 5)));
        CHECK(store->match_events() == 0);
        store->append({one.listens()});
    }
    SECTION("the listener") {
        store->append({one.listens()});
        CHECK(store->match_events() == 0);
        CHECK(twin.post_event(event("e1", 5)));
    }
    CHECK(store->match_events() == 1);
    auto const offers = one.offers(*store);
    REQUIRE(offers.size() == 1);
    CHECK(offers[0].step == StepId{"/do/0/hear"});
    CHECK(offers[0].slot == 0);
    CHECK(offers[0].event.json() == event("e1", 5));
    CHECK(store->match_events() == 0);
    CHECK_FALSE(twin.post_event(event("e1", 6)));  // the same source and id
    store->append({one.listens()});
    CHECK(store->match_events() == 0);
}

ON_BOTH_STORES("each event goes to one step, and each step gets one event at a time") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener first, second;
    store->append({first.run.start(), second.run.start()});
    store->append({first.listens(), second.listens()});
    for (auto const* id : {"e1", "e2", "e3"}) twin.post_event(event(id));
    CHECK(store->match_events() == 2);
    CHECK(first.offers(*store).size() == 1);
    CHECK(second.offers(*store).size() == 1);
    CHECK(first.offers(*store)[0].event != second.offers(*store)[0].event);
    store->append({first.listens()});
    CHECK(store->match_events() == 1);
    CHECK(first.offers(*store)[1].event.json()["id"] == "e3");
}

ON_BOTH_STORES("an event that runs emit is stored with the events of its run") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener emitting, hearing;
    store->append({emitting.run.start(), hearing.run.start()});
    auto const emits = emitting.change(Kind::emitted, event("e1", 7));
    store->append({emits, hearing.listens()});
    store->append({emits});  // in doubt, and given again
    CHECK(store->match_events() == 1);
    CHECK(hearing.offers(*store)[0].event.json()["data"] == 7);
    auto stale = emits;
    stale.events[0].chain.bytes[0] ^= 1;
    stale.events_changed[0].content = Payload(event("e2"));
    store->append({stale, hearing.listens()});
    CHECK(store->match_events() == 0);
}

// Nothing in the history stands against an append that only consumes, and the event may have been
// given again meanwhile.
ON_BOTH_STORES("an event that nobody listens for any more goes back once") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one, other;
    store->append({one.run.start(), other.run.start()});
    twin.post_event(event("e1"));
    store->append({one.listens()});
    REQUIRE(store->match_events() == 1);
    auto const letters = store->inbox({shard_of(one.run.id)}, 100);
    REQUIRE(letters.size() == 1);
    auto const position = std::get<OfferEvent>(letters[0].content).position;
    Append const gives_back{
        .run = one.run.id,
        .tenant = "default",
        .shard = shard_of(one.run.id),
        .consumed = {letters[0].id},
        .events_changed = {
            {Kind::returned,
             {"/do/0/hear"},
             Payload(Json{{"position", position}, {"message", to_string(letters[0].id)}})}}};
    store->append({gives_back});
    store->append({one.listens()});
    REQUIRE(store->match_events() == 1);
    store->append({gives_back});  // in doubt, and given again
    store->append({other.listens()});
    CHECK(store->match_events() == 0);
    CHECK(other.offers(*store).empty());
}

ON_BOTH_STORES("only events that have what a filter wants are offered, with its slot") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one;
    store->append({one.run.start()});
    auto const wanted = Json::parse(R"([[["data","order"],7],[["source"],"shop"]])");
    store->append({one.listens(Json::array({filter(0, "shipped"), filter(3, "paid", wanted)}))});
    twin.post_event(event("e1", {{"order", 8}}));
    twin.post_event(event("e2", 7));
    twin.post_event(event("e3", {{"order", 7}}, "refunded"));
    CHECK(store->match_events() == 0);
    twin.post_event(event("e4", {{"order", 7}}));
    CHECK(store->match_events() == 1);
    REQUIRE(one.offers(*store).size() == 1);
    CHECK(one.offers(*store)[0].slot == 3);
    CHECK(one.offers(*store)[0].event.json()["id"] == "e4");
}

ON_BOTH_STORES("an event that is given back goes to another step, not to the same again") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener choosy, other;
    store->append({choosy.run.start(), other.run.start()});
    store->append({choosy.listens()});
    twin.post_event(event("e1"));
    CHECK(store->match_events() == 1);
    auto const position = choosy.offers(*store)[0].position;
    auto back = choosy.change(Kind::returned, {{"position", position}});
    back.events_changed.push_back(
        {Kind::awaited,
         {"/do/0/hear"},
         Payload(Json{{"filters", Json::array({filter(0, "paid")})}, {"declined", {position}}})});
    store->append({back});
    CHECK(store->match_events() == 0);
    store->append({other.listens()});
    CHECK(store->match_events() == 1);
    CHECK(other.offers(*store)[0].position == position);
    // Whoever does not have it cannot give it back.
    store->append({choosy.change(Kind::returned, {{"position", position}})});
    CHECK(store->match_events() == 0);
    CHECK(choosy.offers(*store).size() == 1);
}

ON_BOTH_STORES("a step that listens no more is given nothing") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one;
    store->append({one.run.start()});
    store->append({one.listens()});
    store->append({one.change(Kind::ended, nullptr)});
    twin.post_event(event("e1"));
    CHECK(store->match_events() == 0);
    CHECK(one.offers(*store).empty());
}

ON_BOTH_STORES("of many that wait for many, each gets the event with its own value") {
    TestType twin;
    auto const store = open_writer(twin);
    std::vector<Listener> all(60);
    auto const begin = GENERATE(true, false);  // the listeners first, or the events
    auto listen = [&] {
        for (std::size_t i = 0; i < all.size(); ++i) {
            store->append({all[i].run.start()});
            auto const wanted = Json::array({Json::array({Json::array({"data", "order"}), i}),
                                             Json::array({Json::array({"source"}), "shop"})});
            store->append({all[i].listens(Json::array({filter(0, "paid", wanted)}))});
        }
    };
    auto post = [&] {
        for (std::size_t i = all.size(); i-- > 0;)
            twin.post_event(event("e" + std::to_string(i), {{"order", i}}));
    };
    begin ? listen() : post();
    CHECK(store->match_events() == 0);
    begin ? post() : listen();
    CHECK(store->match_events() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const offers = all[i].offers(*store);
        REQUIRE(offers.size() == 1);
        CHECK(offers[0].event.json()["data"]["order"] == i);
    }
}

ON_BOTH_STORES("an event without the member that a filter wants fits nobody, not even for null") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one;
    store->append({one.run.start()});
    auto const wanted = Json::parse(R"([[["data","order"],null]])");
    store->append({one.listens(Json::array({filter(0, "paid", wanted)}))});
    twin.post_event(event("e1"));
    twin.post_event(event("e2", {{"other", 1}}));
    CHECK(store->match_events() == 0);
    twin.post_event(event("e3", {{"order", nullptr}}));
    CHECK(store->match_events() == 1);
    CHECK(one.offers(*store)[0].event.json()["id"] == "e3");
}

ON_BOTH_STORES("a step that names no type is given events of every type") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener all, some;
    store->append({all.run.start(), some.run.start()});
    auto const wanted = Json::parse(R"([[["data","order"],7]])");
    auto const begin = GENERATE(true, false);  // the listeners first, or the events
    auto listen = [&] {
        store->append({some.listens(Json::array({filter(0, "paid", wanted)}))});
        store->append(
            {all.listens(Json::array({filter(0, "paid", wanted), filter(2, "", wanted)}))});
    };
    auto post = [&] {
        twin.post_event(event("e1", {{"order", 8}}, "shipped"));
        twin.post_event(event("e2", {{"order", 7}}, "shipped"));
        twin.post_event(event("e3", {{"order", 7}}));
    };
    begin ? listen() : post();
    CHECK(store->match_events() == 0);
    begin ? post() : listen();
    std::size_t given = 0;
    while (auto const now = store->match_events()) given += now;
    CHECK(given == 2);
    REQUIRE(all.offers(*store).size() == 1);
    REQUIRE(some.offers(*store).size() == 1);
    CHECK(all.offers(*store)[0].event.json()["id"] == "e2");
    CHECK(all.offers(*store)[0].slot == 2);
    CHECK(some.offers(*store)[0].event.json()["id"] == "e3");
    // An event that nobody wanted by its own type is found by whoever comes for every type.
    twin.post_event(event("e4", {{"order", 9}}, "returned"));
    CHECK(store->match_events() == 0);
    store->append({all.listens(Json::array({filter(0, "")}), Json::array())});
    CHECK(store->match_events() == 1);
    CHECK(all.offers(*store)[1].event.json()["id"] == "e1");
}

ON_BOTH_STORES("no character of an event keeps the others from being matched") {
    TestType twin;
    auto const store = open_writer(twin);
    Listener one;
    store->append({one.run.start()});
    auto const wanted = Json::parse(R"([[["data","order"],"a\\u0000b"]])");
    store->append({one.listens(Json::array({filter(0, "paid", wanted)}))});
    twin.post_event(event("e1", {{"order", std::string("a\0b", 3)}}));
    twin.post_event(event("e2", {{"order", "a\\u0000b"}}));
    CHECK(store->match_events() == 1);
    CHECK(one.offers(*store)[0].event.json()["id"] == "e2");
}
