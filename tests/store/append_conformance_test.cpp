// What every event store promises about appends, on the one in memory and the one on PostgreSQL.
#include "base/limits.h"
#include "engine/chain.h"
#include "engine/shard_of.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

bool all_committed(std::vector<AppendVerdict> const& verdicts) {
    return std::ranges::all_of(verdicts,
                               [](auto const& verdict) { return is<Committed>(verdict); });
}

}  // namespace

ON_BOTH_STORES("what was appended is loaded again, byte for byte and in order") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    auto const first = run.start("case-1");
    auto const second = run.more(3);
    REQUIRE(all_committed(store->append({first})));
    REQUIRE(all_committed(store->append({second})));

    auto const stored = store->load(run.id);
    REQUIRE(stored);
    REQUIRE(stored->events.size() == 4);
    CHECK(stored->events[0] == first.events[0]);
    CHECK(std::vector(stored->events.begin() + 1, stored->events.end()) == second.events);
    CHECK(stored->row.case_id == "case-1");
    CHECK(stored->row.workflow == first.row->workflow);
    CHECK(stored->row.started_at == noon);
    CHECK(stored->row.status == RunRow::Status::running);
    CHECK(store->load(run.id, 2)->events.front().sequence == 3);
    CHECK_FALSE(store->load(fresh_id<RunId>()));
}

ON_BOTH_STORES("what is read at a time is bounded by its bytes, and one event always comes") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start()})));
    auto append = run.more(3);
    for (auto& event : append.events) event.body.append(limits::load_bytes / 2 + 1, ' ');
    append.events[2].body.append(limits::load_bytes, ' ');
    REQUIRE(all_committed(store->append({append})));
    CHECK(store->load(run.id)->events.size() == 4);
    CHECK(store->load(run.id, 0, 10)->events.size() == 3);
    CHECK(store->load(run.id, 3, 10)->events.size() == 1);
    CHECK(store->load(run.id, 0, 2)->events.size() == 2);
    CHECK(store->resume({run.id}).front()->events.size() == 3);
}

ON_BOTH_STORES("a message to another run is posted with the events that it belongs to, once") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start()})));
    auto const other = fresh_id<RunId>();
    auto letter = run.more();
    letter.posted.push_back(signal_for(other, "hello"));
    letter.posted.push_back(signal_for(other, "again"));
    REQUIRE(all_committed(store->append({letter})));
    REQUIRE(all_committed(store->append({letter})));  // in doubt, and given again
    auto const waiting = store->inbox({shard_of(other)}, 10);
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].id == letter.posted[0].id);
    CHECK(waiting[0].run == other);
    CHECK(std::get<SendSignal>(waiting[1].content).name == "again");

    auto stale = letter;
    stale.events[0].chain.bytes[0] ^= 1;
    stale.posted = {signal_for(other, "never")};
    CHECK(is<Stale>(store->append({stale})[0]));
    CHECK(store->inbox({shard_of(other)}, 10).size() == 2);
}

ON_BOTH_STORES("a stale append fails alone") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun fine, behind, ahead;
    REQUIRE(all_committed(store->append({fine.start(), behind.start(), ahead.start()})));
    auto rival = behind;
    rival.now =
        rival.now + std::chrono::seconds(5);  // another engine's events at the same sequence
    REQUIRE(all_committed(store->append({rival.more()})));
    ahead.more();  // never stored: leaves a gap

    auto const verdicts = store->append({fine.more(), behind.more(), ahead.more(), fine.more(2)});
    CHECK(is<Committed>(verdicts[0]));
    CHECK(is<Stale>(verdicts[1]));
    CHECK(is<Stale>(verdicts[2]));
    CHECK(is<Committed>(verdicts[3]));
    CHECK(store->load(fine.id)->events.size() == 4);
    CHECK(store->load(behind.id)->events.size() == 2);
    CHECK(store->load(ahead.id)->events.size() == 1);
}

ON_BOTH_STORES("an append that fits by its sequence, but was built on another history, is stale") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start()})));
    auto rival = run;
    rival.now = rival.now + std::chrono::seconds(5);
    run.more();  // never stored: the rival's event is
    REQUIRE(all_committed(store->append({rival.more()})));

    auto const message = signal_for(run.id, "never taken");
    twin.post(message);
    Append takes{.run = run.id, .tenant = "default", .shard = shard_of(run.id)};
    takes.consumed = {message.id};
    takes.after = run.more().after;
    CHECK(is<Stale>(store->append({takes}).front()));
    auto const narrow = run.more();
    auto wide = narrow;
    wide.row = run.row();
    CHECK(is<Stale>(store->append({narrow}).front()));
    CHECK(is<Stale>(store->append({wide}).front()));
    CHECK(store->load(run.id)->events.size() == 2);
    CHECK(store->inbox({shard_of(run.id)}, 10).size() == 1);
    takes.after = rival.more().after;
    CHECK(is<Committed>(store->append({takes}).front()));
    CHECK(store->inbox({shard_of(run.id)}, 10).empty());
}

ON_BOTH_STORES("events of a run that was never started are stale") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun unknown;
    unknown.start();
    CHECK(is<Stale>(store->append({unknown.more()}).front()));
    CHECK_FALSE(store->load(unknown.id));
}

ON_BOTH_STORES("appends of one run follow each other in one batch") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    auto const start = run.start();
    auto const middle = run.more(2);
    auto end = run.more();
    end.row = run.row(RunRow::Status::completed);
    REQUIRE(all_committed(store->append({start, middle, end})));
    CHECK(store->load(run.id)->events.size() == 4);
    CHECK(twin.row(run.id)->status == RunRow::Status::completed);
    CHECK(twin.row(run.id)->sequence == 4);
}

ON_BOTH_STORES("once an append of a run is refused, its later ones in the batch are stale") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start()})));
    auto rival = run;
    rival.now = rival.now + std::chrono::seconds(5);
    auto const lost = run.more();
    auto const later = run.more();
    REQUIRE(all_committed(store->append({rival.more(), SampleRun().start()})));

    auto const verdicts = store->append({lost, later});
    CHECK(is<Stale>(verdicts[0]));
    CHECK(is<Stale>(verdicts[1]));

    SampleRun gap;
    auto const begin = gap.start();
    gap.more();
    auto const beyond = gap.more();
    auto const mixed = store->append({begin, beyond});
    CHECK(is<Committed>(mixed[0]));
    CHECK(is<Stale>(mixed[1]));
}

ON_BOTH_STORES("what was stored together with more is known when it is sent again by itself") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    auto const start = run.start();
    auto const second = run.more(2);
    auto altered = run;
    altered.now = altered.now + std::chrono::seconds(1);
    auto const third = run.more(3);
    REQUIRE(all_committed(store->append({start, second, third})));
    CHECK(is<Committed>(store->append({start}).front()));
    CHECK(is<Committed>(store->append({second}).front()));
    CHECK(is<Committed>(store->append({third}).front()));
    CHECK(is<Stale>(store->append({altered.more()}).front()));
    CHECK(is<Committed>(store->append({run.more()}).front()));
    CHECK(store->load(run.id)->events.size() == 7);
}

ON_BOTH_STORES("what was prepared is stored as it would have been") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    std::vector<Append> appends{run.start(), run.more(2), run.more(3), run.more(), run.append()};
    std::vector<EncodedEvent> given;
    for (auto const& append : appends)
        given.insert(given.end(), append.events.begin(), append.events.end());
    for (auto i : {0, 1, 3}) store->prepare(appends[static_cast<std::size_t>(i)]);
    REQUIRE(all_committed(store->append({appends[0]})));
    REQUIRE(all_committed(store->append({appends[1], appends[2]})));  // in one row
    REQUIRE(all_committed(store->append({appends[3], appends[4]})));  // the last adds nothing
    CHECK(store->load(run.id)->events == given);
}

ON_BOTH_STORES("a history is read from anywhere, however it was stored") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start(), run.more(4)})));
    REQUIRE(all_committed(store->append({run.more()})));
    REQUIRE(all_committed(store->append({run.more(2), run.more(3)})));
    auto const whole = store->load(run.id)->events;
    REQUIRE(whole.size() == 11);
    for (std::uint64_t after = 0; after <= 12; ++after) {
        for (std::size_t const limit : {std::size_t{1}, std::size_t{3}, EventStore::all}) {
            auto const from =
                whole.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(after, 11));
            auto const left = static_cast<std::size_t>(whole.end() - from);
            auto const count = static_cast<std::ptrdiff_t>(std::min(limit, left));
            CHECK(store->load(run.id, after, limit)->events == std::vector(from, from + count));
        }
    }
}

ON_BOTH_STORES("the same batch again is committed already, and nothing is doubled") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run, other;
    std::vector<Append> const starts{run.start("case-1"), other.start()};
    std::vector<Append> const grown{run.more(2)};
    REQUIRE(all_committed(store->append(starts)));
    CHECK(all_committed(store->append(starts)));
    REQUIRE(all_committed(store->append(grown)));
    CHECK(all_committed(store->append(grown)));
    CHECK(all_committed(store->append(starts)));  // even after the run went on
    CHECK(store->load(run.id)->events.size() == 3);
    CHECK(store->load(other.id)->events.size() == 1);
}

ON_BOTH_STORES("a second start for a case answers with the run that has it") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun first, second, neighbour, elsewhere;
    REQUIRE(all_committed(store->append({first.start("case-1")})));

    auto const verdicts = store->append({second.start("case-1"), neighbour.start("case-2"),
                                         elsewhere.start("case-1", "demo/other")});
    REQUIRE(is<CaseTaken>(verdicts[0]));
    CHECK(std::get<CaseTaken>(verdicts[0]).existing == first.id);
    CHECK(is<Committed>(verdicts[1]));
    CHECK(is<Committed>(verdicts[2]));  // another workflow may serve the same case
    CHECK_FALSE(store->load(second.id));
}

ON_BOTH_STORES("of two starts for one case in one batch the first wins") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun first, second;
    auto const verdicts = store->append({first.start("case-1"), second.start("case-1")});
    CHECK(is<Committed>(verdicts[0]));
    REQUIRE(is<CaseTaken>(verdicts[1]));
    CHECK(std::get<CaseTaken>(verdicts[1]).existing == first.id);
}

ON_BOTH_STORES("a run without a case conflicts with nobody") {
    TestType twin;
    auto const store = open_writer(twin);
    CHECK(all_committed(store->append({SampleRun().start(), SampleRun().start()})));
}

ON_BOTH_STORES("a value that the tables refuse takes no neighbour with it") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun fine, nameless, later;
    auto const good = fine.start();
    auto bad = nameless.start();
    bad.row = nameless.waiting("", {});  // a waiting run must name what it waits for
    auto const verdicts = store->append({good, bad, later.start()});
    CHECK(is<Committed>(verdicts[0]));
    CHECK(is<Unstorable>(verdicts[1]));
    CHECK(is<Committed>(verdicts[2]));
    CHECK_FALSE(store->load(nameless.id));
}

ON_BOTH_STORES("a fenced member writes nothing") {
    TestType twin;
    auto& membership = twin.membership();
    auto const old = membership.join("old", 1, std::chrono::seconds(10));
    auto const zombie = twin.open(old);
    SampleRun run;
    REQUIRE(all_committed(zombie->append({run.start()})));

    twin.let_leases_end();
    auto const heir = membership.join("heir", 1, std::chrono::hours(2));
    membership.claim(heir);
    CHECK_THROWS_AS(zombie->append({run.more()}), Fenced);
    CHECK_THROWS_AS(zombie->append({SampleRun().start()}), Fenced);
    CHECK_THROWS_AS(zombie->quarantine(run.id, "a zombie says so", noon), Fenced);
    CHECK(zombie->load(run.id)->events.size() == 1);
    CHECK_THROWS_AS(twin.open(old)->append({SampleRun().start()}), Fenced);
    CHECK(twin.row(run.id)->status == RunRow::Status::running);
}

ON_BOTH_STORES("a member that left writes nothing") {
    TestType twin;
    auto const member = twin.membership().join("short", 1, std::chrono::minutes(1));
    auto const store = twin.open(member);
    REQUIRE(all_committed(store->append({SampleRun().start()})));
    twin.membership().leave(member);
    CHECK_THROWS_AS(store->append({SampleRun().start()}), Fenced);
}

ON_BOTH_STORES("a damaged body is handed out as it is, so that the chain gives it away") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    REQUIRE(all_committed(store->append({run.start(), run.more(2)})));
    auto chain = chain_start(run.id);
    auto follow = [&](EncodedEvent const& event) { return chain = chain_next(chain, event, ""); };
    auto const intact = store->load(run.id)->events;
    for (auto const& event : intact) CHECK(follow(event) == event.chain);
    twin.damage_last_body(run.id);
    chain = chain_start(run.id);
    auto const events = store->load(run.id)->events;
    CHECK(follow(events[0]) == events[0].chain);
    CHECK(follow(events[1]) == events[1].chain);
    CHECK(follow(events[2]) != events[2].chain);
}

ON_BOTH_STORES("events with a gap inside, or a start without a row, are the caller's error") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    auto start = run.start();
    start.row.reset();
    CHECK_THROWS_AS(store->append({start}), std::invalid_argument);
    auto gap = run.more(3);
    gap.events.erase(gap.events.begin() + 1);
    CHECK_THROWS_AS(store->append({gap}), std::invalid_argument);
    auto adrift = run.more();
    adrift.after.reset();
    CHECK_THROWS_AS(store->append({adrift}), std::invalid_argument);
    CHECK(store->append({}).empty());
}

ON_BOTH_STORES("a store that only reads refuses to append") {
    TestType twin;
    auto const reader = twin.open(twin.membership().join("reader", 1, std::chrono::minutes(1)), -1);
    CHECK_THROWS_AS(reader->append({SampleRun().start()}), std::logic_error);
}
