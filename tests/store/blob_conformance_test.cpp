// Large values of events, on both stores: kept once for their run, given back byte for byte, and
// missed when they are gone.
#include "base/limits.h"
#include "engine/chain.h"
#include "engine/corrupt_history.h"
#include "engine/verified_fold.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

Json letter(char filling, std::size_t bytes = 3 * limits::blob_bytes) {
    return {{"document", "größer \"" + std::string(bytes, filling)}, {"pages", 3}};
}

// Two payloads: the one is used five times, the other as what came of it.
struct LongLetter {
    Append start(Payload const& payload) {
        return run.start(
            std::vector<Fact>{RunStarted{.workflow = {"demo/letter", "1", sha256("definition")},
                                         .tenant = "default",
                                         .input = payload,
                                         .salt = "salt"},
                              WorkStarted{.input = payload, .context = payload}});
    }
    Append go_on(Payload const& payload) {
        return run.more(
            std::vector<Fact>{StepCompleted{.step = {"/do/0/keep"}, .output = payload}});
    }
    Append end(Payload const& payload) {
        return run.more(std::vector<Fact>{RunCompleted{payload}});
    }

    SampleRun run;
};

template <class Twin>
std::vector<EncodedEvent> write_five(Twin& twin, EventStore& store, LongLetter& letters) {
    Payload const payload(letter('x'));
    std::vector<EncodedEvent> given;
    for (auto const& append :
         {letters.start(payload), letters.go_on(payload), letters.end(payload)}) {
        REQUIRE(is<Committed>(store.append({append}).front()));
        given.insert(given.end(), append.events.begin(), append.events.end());
    }
    REQUIRE(twin.blobs(letters.run.id) == 1);
    return given;
}

template <class Reading>
std::string complaint(Reading reading) {
    try {
        reading();
    } catch (CorruptHistory const& error) {
        return error.what();
    }
    return "none";
}

// Folds a history as the loader does.
void prove(StoredRun const& stored) {
    VerifiedFold fold(stored.row.run);
    for (auto const& event : stored.events) fold.add(event);
}

}  // namespace

TEST_CASE("events are packed beforehand where all of their bodies is stored with them") {
    store::PostgresStore const store({.url = "", .member = {}});
    auto small = SampleRun().start();
    store.prepare(small);
    REQUIRE(small.rows.size() == 1);
    CHECK(store::unpacked(small.run, small.rows.front()) == small.events);
    auto large = LongLetter().start(Payload(letter('x')));
    store.prepare(large);
    CHECK(large.rows.empty());
}

ON_BOTH_STORES("a large value that five events hold is stored once, and comes back in each") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter letters;
    auto const given = write_five(twin, *store, letters);
    auto const stored = store->load(letters.run.id);
    REQUIRE(stored);
    CHECK(stored->events == given);
    CHECK_NOTHROW(prove(*stored));
    CHECK(store->resume({letters.run.id}).front()->events == given);
    auto const history = twin.history(letters.run.id);
    CHECK(history == given);
    CHECK_FALSE(verify_chain(letters.run.id, history));
    CHECK(store->load(letters.run.id, 2)->events.front() == given[2]);
}

ON_BOTH_STORES("what is small stays in its event") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter letters;
    auto const start = letters.start(letter('x', limits::blob_bytes / 2));
    store->append({start});
    CHECK(twin.blobs(letters.run.id) == 0);
    CHECK(store->load(letters.run.id)->events == start.events);
}

ON_BOTH_STORES("runs keep their large values apart, also within one batch") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter one, other;
    Payload const payload(letter('x'));
    auto const starts =
        std::vector{one.start(payload), other.start(payload), one.go_on(letter('y'))};
    for (auto const& verdict : store->append(starts)) CHECK(is<Committed>(verdict));
    CHECK(twin.blobs(one.run.id) == 2);
    CHECK(twin.blobs(other.run.id) == 1);
    CHECK(store->load(other.run.id)->events == starts[1].events);
    auto const both = store->resume({other.run.id, one.run.id});
    CHECK(both[0]->events == starts[1].events);
    CHECK(both[1]->events.back() == starts[2].events.back());
}

ON_BOTH_STORES("an append that is refused leaves no large value behind") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter letters;
    store->append({letters.start(letter('x'))});
    auto stale = letters.go_on(letter('y'));
    stale.after->chain.bytes[0] ^= 1;
    CHECK(is<Stale>(store->append({stale}).front()));
    CHECK(twin.blobs(letters.run.id) == 1);
    auto again = letters.run;  // what was refused was not taken for stored
    stale.after->chain.bytes[0] ^= 1;
    CHECK(is<Committed>(store->append({stale}).front()));
    CHECK(twin.blobs(letters.run.id) == 2);
    CHECK(store->load(letters.run.id)->events.back() == stale.events.back());
}

ON_BOTH_STORES("a large value that was altered or lost is missed, and its event named") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter letters;
    auto const small = letters.run.start(std::vector<Fact>{
        RunStarted{.workflow = {"demo/letter", "1", {}}, .tenant = "default", .salt = "salt"}});
    auto const large = letters.go_on(letter('x'));
    store->append({small, large});
    auto const id = letters.run.id;
    auto expect = [&](std::string const& what) {
        for (auto const& said :
             {complaint([&] { store->load(id); }), complaint([&] { store->resume({id}); }),
              complaint([&] { twin.history(id); })}) {
            CHECK_THAT(said, ContainsSubstring("event 2: its value of "));
            CHECK_THAT(said, ContainsSubstring(what));
        }
        CHECK(store->load(id, 0, 1)->events == small.events);
    };
    SECTION("altered") {
        twin.alter_blobs(id);
        expect("is not what was stored");
    }
    SECTION("lost") {
        twin.lose_blobs(id);
        expect("is missing");
    }
}

ON_BOTH_STORES("what is read at a time is bounded by whole bodies") {
    TestType twin;
    auto const store = open_writer(twin);
    LongLetter letters;
    Payload const payload(letter('x', limits::load_bytes / 3));
    auto const start = letters.start(payload);  // one of a third, one of two thirds
    REQUIRE(is<Committed>(store->append({start, letters.go_on(payload)}).front()));
    auto const id = letters.run.id;
    CHECK(twin.blobs(id) == 1);
    CHECK(store->load(id)->events.size() == 3);
    CHECK(store->load(id, 0, 10)->events.size() == 2);
    CHECK(store->load(id, 2, 10)->events.size() == 1);
    CHECK(store->resume({id}).front()->events.size() == 2);
}
