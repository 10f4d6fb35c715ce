// What every event store promises about the rows that an append brings along.
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

std::vector<RunId> ids(std::vector<DueRun> const& due) {
    std::vector<RunId> found;
    for (auto const& run : due) found.push_back(run.run);
    return found;
}

}  // namespace

ON_BOTH_STORES("a run's row says what it waits for, and then that it goes on") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    auto park = run.more();
    park.row = run.waiting("timer", noon + 1h);
    store->append({park});
    auto const parked = *twin.row(run.id);
    CHECK(parked.status == RunRow::Status::waiting);
    CHECK(parked.waits_code == "timer");
    CHECK(parked.waits_sentence == "for timer");
    CHECK(parked.wake_at == noon + 1h);
    CHECK(parked.sequence == 2);

    auto wake = run.more();
    wake.row = run.row();
    store->append({wake});
    CHECK(twin.row(run.id)->status == RunRow::Status::running);
    CHECK(twin.row(run.id)->waits_code.empty());
    CHECK_FALSE(twin.row(run.id)->wake_at);
}

ON_BOTH_STORES("a refused append changes no row") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    run.more();
    auto gap = run.more();
    auto const approval = fresh_id<ApprovalId>();
    auto const message = signal_for(run.id, "late");
    twin.post(message);
    gap.row = run.row(RunRow::Status::completed);
    gap.approvals = {run.approval(approval, ApprovalStatus::pending)};
    gap.unresolved = {run.unresolved("/do/0")};
    gap.consumed = {message.id};
    REQUIRE(is<Stale>(store->append({gap}).front()));
    CHECK(twin.row(run.id)->status == RunRow::Status::running);
    CHECK_FALSE(twin.approval(approval));
    CHECK(twin.unresolved().empty());
    CHECK(store->inbox({7}, 10).size() == 1);
}

ON_BOTH_STORES("due runs come by their time, runs in progress only on demand and first") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun late(3), early(3), future(3), busy(4), foreign(9), forever(3), done(3);
    auto park = [&](SampleRun& run, std::optional<Timestamp> wake_at) {
        auto append = run.start();
        append.row = run.waiting(wake_at ? "timer" : "signal", wake_at);
        return append;
    };
    auto closed = done.start();
    closed.row = done.row(RunRow::Status::completed);
    store->append({park(late, noon + 2min), park(early, noon + 1min), park(future, noon + 1h),
                   busy.start(), park(foreign, noon), park(forever, {}), closed});

    using Scope = EventStore::Scope;
    CHECK(ids(store->due({3, 4}, noon + 5min, Scope::waiting, 10)) ==
          std::vector{early.id, late.id});
    CHECK(ids(store->due({3, 4}, noon + 5min, Scope::everything, 10)) ==
          std::vector{busy.id, early.id, late.id});
    CHECK(ids(store->due({3, 4}, noon + 5min, Scope::everything, 2)) ==
          std::vector{busy.id, early.id});
    CHECK(ids(store->due({3}, noon + 5min, Scope::waiting, 1)) == std::vector{early.id});
    CHECK(store->due({5}, noon + 5min, Scope::everything, 10).empty());
    auto const first = store->due({3}, noon + 5min, Scope::waiting, 1).front();
    CHECK(first.shard == 3);
    CHECK(first.status == RunRow::Status::waiting);
    CHECK(first.wake_at == noon + 1min);
}

ON_BOTH_STORES("messages come oldest first, once per id, until an append consumes them") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run(3), other(4);
    store->append({run.start(), other.start()});
    auto const first = signal_for(run.id, "first");
    auto const second = signal_for(run.id, "second");
    twin.post(first);
    twin.post(second);
    twin.post(first);
    twin.post(signal_for(other.id, "elsewhere"));

    auto waiting = store->inbox({3}, 10);
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].id == first.id);
    CHECK(waiting[0].run == run.id);
    CHECK(std::get<SendSignal>(waiting[0].content).name == "first");
    CHECK(waiting[1].id == second.id);
    CHECK(store->inbox({3}, 1).size() == 1);
    CHECK(store->inbox({3, 4}, 10).size() == 3);

    auto append = run.more();
    append.consumed = {first.id};
    store->append({append});
    waiting = store->inbox({3}, 10);
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].id == second.id);
    twin.post(first);  // a late duplicate of a consumed message
    CHECK(store->inbox({3}, 10).size() == 1);
}

ON_BOTH_STORES("a message for a run that does not exist is consumed without events") {
    TestType twin;
    auto const store = open_writer(twin);
    auto const message = signal_for(SampleRun(3).id, "lost");
    twin.post(message);
    Append const drop{
        .run = message.run, .tenant = "default", .shard = 3, .consumed = {message.id}};
    CHECK(is<Committed>(store->append({drop}).front()));
    CHECK(store->inbox({3}, 10).empty());
}

ON_BOTH_STORES("an approval is asked, decided and consumed once") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start("case-1")});
    auto const id = fresh_id<ApprovalId>();
    auto const ask = run.ask(id);
    REQUIRE(is<Committed>(store->append({ask}).front()));
    CHECK(twin.approval(id)->status == ApprovalStatus::pending);
    CHECK(twin.approval(id)->card.json()["sentence"] == "Refund EUR 480.00");
    CHECK(twin.approval(id)->card.json()["quorum"] == 2);
    CHECK(twin.approval(id)->asked_in == 2);
    CHECK(twin.approval(id)->case_id == "case-1");

    auto refuse = run.more();
    refuse.decisions = {
        {id, run.id, "default", "", "approve", "initiator", "", "separation of duties", run.now},
        {id, run.id, "default", "", "approve", "initiator", "", "separation of duties", run.now}};
    auto approve = run.more();
    approve.decisions = {
        {id, run.id, "default", "click-1", "approve", "anna", "fine", "", run.now}};
    approve.approvals = {run.approval(id, ApprovalStatus::approved)};
    REQUIRE(is<Committed>(store->append({refuse, approve}).front()));
    CHECK(twin.approval(id)->status == ApprovalStatus::approved);
    CHECK(twin.approval(id)->card.json()["sentence"] == "Refund EUR 480.00");
    auto const decisions = twin.decisions(id);
    REQUIRE(decisions.size() == 3);
    CHECK(decisions[0].refused == "separation of duties");
    CHECK(decisions[2].by == "anna");
    CHECK(decisions[2].decision_id == "click-1");
    CHECK(decisions[2].refused.empty());

    auto consume = run.more();
    consume.approvals = {run.approval(id, ApprovalStatus::consumed)};
    REQUIRE(is<Committed>(store->append({consume}).front()));
    CHECK(twin.approval(id)->status == ApprovalStatus::consumed);

    auto again = run.more();
    again.approvals = {run.approval(id, ApprovalStatus::consumed)};
    CHECK(is<Stale>(store->append({again}).front()));
    CHECK(store->load(run.id)->events.back().sequence == consume.events.back().sequence);
}

ON_BOTH_STORES(
    "an approval is not consumed before it is approved, nor for other bytes than were approved") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run, neighbour;
    store->append({run.start(), neighbour.start()});
    auto const id = fresh_id<ApprovalId>();
    auto const ask = run.ask(id);
    store->append({ask});

    auto early = run;
    auto consume = early.more();
    consume.approvals = {run.approval(id, ApprovalStatus::consumed)};
    auto const verdicts = store->append({consume, neighbour.more()});
    CHECK(is<Stale>(verdicts[0]));
    CHECK(is<Committed>(verdicts[1]));

    auto other = run;
    auto approve = other.more();
    approve.approvals = {run.approval(id, ApprovalStatus::approved)};
    approve.approvals[0].digest = sha256("other bytes");
    CHECK(is<Stale>(store->append({approve}).front()));
    CHECK(twin.approval(id)->status == ApprovalStatus::pending);
}

ON_BOTH_STORES("an approval may be asked, approved and consumed in one batch") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    auto const start = run.start();
    auto const id = fresh_id<ApprovalId>();
    auto const ask = run.ask(id);
    auto go = run.more(2);
    go.approvals = {run.approval(id, ApprovalStatus::approved),
                    run.approval(id, ApprovalStatus::consumed)};
    REQUIRE(is<Committed>(store->append({start, ask, go}).back()));
    CHECK(twin.approval(id)->status == ApprovalStatus::consumed);
    CHECK(twin.approval(id)->card.json()["sentence"] == "Refund EUR 480.00");
}

ON_BOTH_STORES("an approved request may still expire or be revoked") {
    TestType twin;
    auto const store = open_writer(twin);
    for (auto const end : {ApprovalStatus::expired, ApprovalStatus::revoked}) {
        SampleRun run;
        auto const id = fresh_id<ApprovalId>();
        auto start = run.start();
        start.approvals = {run.approval(id, ApprovalStatus::pending)};
        auto approve = run.more();
        approve.approvals = {run.approval(id, ApprovalStatus::approved)};
        store->append({start, approve});
        auto over = run.more();
        over.approvals = {run.approval(id, end)};
        CHECK(is<Committed>(store->append({over}).front()));
        CHECK(twin.approval(id)->status == end);
    }
}

ON_BOTH_STORES("an unknown outcome has a row until it is resolved") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    auto unknown = run.more();
    unknown.unresolved = {run.unresolved("/do/0"), run.unresolved("/do/1")};
    store->append({unknown});
    auto rows = twin.unresolved();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].step.path == "/do/0");
    CHECK(rows[0].target == "payments.refund@1.0.0");
    CHECK(rows[0].verifications == 2);
    CHECK(rows[0].verify_at);

    auto verified = run.more();
    verified.unresolved = {run.unresolved("/do/0"), run.unresolved("/do/1", true)};
    verified.unresolved[0].verifications = 3;
    verified.unresolved[0].verify_at.reset();
    store->append({verified});
    rows = twin.unresolved();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].verifications == 3);
    CHECK_FALSE(rows[0].verify_at);

    auto settled = run.more();
    settled.unresolved = {run.unresolved("/do/0"),
                          run.unresolved("/do/0", true)};  // the last one counts
    store->append({settled});
    CHECK(twin.unresolved().empty());
}

ON_BOTH_STORES("a run's row says which definition it follows from this append on") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    auto migrated = run.more();
    migrated.row = run.row();
    migrated.row->workflow.version = "2.0.0";
    migrated.row->workflow.digest = sha256(std::string("another"));
    store->append({migrated});
    CHECK(twin.row(run.id)->workflow == migrated.row->workflow);
}

ON_BOTH_STORES("a quarantined run is neither due nor moved") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run(3);
    auto start = run.start();
    start.row = run.waiting("timer", noon);
    store->append({start});
    store->quarantine(run.id, "its history cannot have happened", noon + 1min);
    CHECK(twin.row(run.id)->status == RunRow::Status::quarantined);
    CHECK(twin.row(run.id)->waits_sentence == "its history cannot have happened");
    CHECK(store->due({3}, noon + 1h, EventStore::Scope::everything, 10).empty());
    store->quarantine(run.id, "again", noon + 2min);
    store->quarantine(fresh_id<RunId>(), "no such run", noon);

    auto more = run.more();
    more.row = run.row();
    store->append({more});
    CHECK(twin.row(run.id)->status == RunRow::Status::quarantined);
}

ON_BOTH_STORES("what was sent to a run that is set aside waits until it is released") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run(3), neighbour(3);
    store->append({run.start(), neighbour.start()});
    auto const first = signal_for(run.id, "before");
    auto const other = signal_for(neighbour.id, "to somebody else");
    twin.post(first);
    store->quarantine(run.id, "it brings its process down", noon);
    twin.post(signal_for(run.id, "after"));
    twin.post(other);
    auto waiting = store->inbox({3}, 1);  // they take no place of others
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].id == other.id);

    REQUIRE(twin.release(run.id));
    CHECK_FALSE(twin.release(run.id));
    waiting = store->inbox({3}, 10);
    REQUIRE(waiting.size() == 3);
    CHECK(waiting[0].id == first.id);
    auto const due = store->due({3}, SystemClock().now() + 1h, EventStore::Scope::waiting, 10);
    REQUIRE(due.size() == 1);
    CHECK(due[0].run == run.id);
}

ON_BOTH_STORES("a message that is refused is given to nobody any more; the next ones are") {
    TestType twin;
    auto const store = open_writer(twin);
    auto const poison = signal_for(SampleRun(3).id, "poison");
    twin.post(poison);
    twin.post(signal_for(SampleRun(3).id, "fine"));
    store->refuse(poison.id, "its workflow cannot be loaded");
    auto const waiting = store->inbox({3}, 1);
    REQUIRE(waiting.size() == 1);
    CHECK(std::get<SendSignal>(waiting[0].content).name == "fine");
}
