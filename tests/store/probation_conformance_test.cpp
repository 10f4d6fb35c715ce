// What every event store promises about runs that are resumed after their process died.
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

using Trial = EventStore::Trial;

namespace {

// Members that die one after the other, each taking everything over from the one before.
template <class Twin>
class Line {
  public:
    Line() { next(); }

    EventStore& store() { return *store_; }
    void dies() {
        twin.let_leases_end();
        next();
    }
    void releases() { twin.membership().release(member_, owned_); }
    void leaves() {
        twin.membership().leave(member_);
        next();
    }
    std::vector<Suspect> suspects(Timestamp now = noon) { return store_->suspects(owned_, now); }

    Twin twin;

  private:
    void next() {
        member_ = twin.membership().join("line", 1, 30s);
        owned_ = twin.membership().claim(member_);
        store_ = twin.open(member_);
    }

    MemberId member_;
    std::vector<int> owned_;
    std::unique_ptr<EventStore> store_;
};

}  // namespace

ON_BOTH_STORES("a run that was alone when its process died is blamed, once for each death") {
    Line<TestType> line;
    SampleRun poison(3), innocent(4);
    line.store().append({poison.start(), innocent.start()});
    CHECK(line.suspects().empty());
    line.store().put_on_probation({poison.id, innocent.id}, Trial::together, noon);
    CHECK(line.store().acquit(noon).awake.size() == 2);

    line.dies();
    auto suspects = line.suspects();
    REQUIRE(suspects.size() == 2);
    CHECK(suspects[0].deaths + suspects[1].deaths == 0);
    CHECK(line.suspects().empty());  // asked again: nobody died since

    line.store().put_on_probation({innocent.id}, Trial::alone, noon);
    line.store().put_on_probation({poison.id}, Trial::alone, noon + 1s);
    line.dies();
    suspects = line.suspects();
    REQUIRE(suspects.size() == 2);
    CHECK(suspects[0].run == poison.id);
    CHECK(suspects[0].deaths == 1);
    CHECK(suspects[1].deaths == 0);

    line.store().put_on_probation({poison.id}, Trial::alone, noon + 2s);
    line.dies();
    CHECK(line.suspects().front().deaths == 2);
    line.store().quarantine(poison.id, "it brings its process down", noon, "{}");
    line.dies();
    for (auto const& suspect : line.suspects()) CHECK(suspect.run != poison.id);
}

ON_BOTH_STORES("a run that was over when the process died is not blamed") {
    Line<TestType> line;
    SampleRun run(3);
    line.store().append({run.start()});
    line.store().put_on_probation({run.id}, Trial::alone, noon);
    auto last = run.more();
    last.row = run.row(RunRow::Status::completed);
    line.store().append({last});
    line.dies();
    CHECK(line.suspects().empty());
}

ON_BOTH_STORES("a run whose shard the process had given up when it died is not blamed") {
    Line<TestType> line;
    SampleRun run(3);
    line.store().append({run.start()});
    line.store().put_on_probation({run.id}, Trial::alone, noon);
    line.releases();
    line.dies();
    CHECK(line.suspects().empty());
}

ON_BOTH_STORES("a run that sleeps when the process dies is not suspected") {
    Line<TestType> line;
    SampleRun asleep(3), due(4);
    auto park = [](SampleRun& run, Timestamp wake_at) {
        auto append = run.start();
        append.row = run.waiting("timer", wake_at);
        return append;
    };
    auto const long_ago = noon - std::chrono::hours(24 * 365 * 30);  // before any lease was over
    line.store().append({park(asleep, noon + 1h), park(due, long_ago)});
    line.store().put_on_probation({asleep.id, due.id}, Trial::alone, noon);
    auto const probation = line.store().acquit(noon);
    CHECK(probation.awake == std::vector{due.id});
    CHECK(probation.left == 2);
    line.dies();
    auto const suspects = line.suspects();
    REQUIRE(suspects.size() == 1);
    CHECK(suspects.front().run == due.id);
    CHECK(suspects.front().deaths == 1);
}

// It is resumed for the message, again and again, and would never be found.
ON_BOTH_STORES("a run that waits and has a message to take is suspected") {
    Line<TestType> line;
    SampleRun called(3), asleep(4);
    auto park = [](SampleRun& run) {
        auto append = run.start();
        append.row = run.waiting("approval", {});
        return append;
    };
    line.store().append({park(called), park(asleep)});
    auto const message = signal_for(called.id, "go");
    line.twin.post(message);
    line.store().put_on_probation({called.id, asleep.id}, Trial::alone, noon);
    CHECK(line.store().acquit(noon).awake == std::vector{called.id});
    line.dies();
    auto const suspects = line.suspects();
    REQUIRE(suspects.size() == 1);
    CHECK(suspects.front().run == called.id);
    CHECK(suspects.front().deaths == 1);
    line.store().refuse(message.id, "nobody can read it");
    line.store().put_on_probation({called.id}, Trial::alone, noon);
    CHECK(line.store().acquit(noon).awake.empty());
}

ON_BOTH_STORES("a run that slept when the process died is not suspected, however late it is now") {
    Line<TestType> line;
    SampleRun run(3);
    auto start = run.start();
    start.row = run.waiting("verification", noon + 1min);
    line.store().append({start});
    line.store().put_on_probation({run.id}, Trial::alone, noon);
    line.dies();
    CHECK(line.suspects(noon + 2h).empty());
}

ON_BOTH_STORES("an attempt that ended in the process that began it acquits, however it ended") {
    Line<TestType> line;
    SampleRun run(3);
    auto with = [&](std::vector<Fact> const& facts) {
        auto append = run.more(static_cast<int>(facts.size()));
        for (std::size_t i = 0; i < facts.size(); ++i)
            append.events[i].kind = kind_number(facts[i]);
        return append;
    };
    line.store().append({run.start(), with({ActivityStarted{}})});
    line.store().put_on_probation({run.id}, Trial::alone, noon);
    line.store().append({with({ActivityUnknown{}, ActivityVerified{}, ActivityStarted{}})});
    CHECK(line.store().acquit(noon).left == 1);  // that may all be the work of resuming
    line.store().append({with({ActivityUnknown{}})});
    CHECK(line.store().acquit(noon).left == 0);
}

ON_BOTH_STORES("a run is acquitted when it is over, and when it did no harm for long") {
    Line<TestType> line;
    SampleRun closed(3), open(4);
    auto over = closed.start();
    over.row = closed.row(RunRow::Status::completed);
    line.store().append({over, open.start()});
    line.store().put_on_probation({closed.id, open.id}, Trial::together, noon);
    CHECK(line.store().acquit(noon).awake == std::vector{open.id});
    CHECK(line.store().acquit(noon + 1h).left == 0);
    line.dies();
    CHECK(line.suspects().empty());
}

ON_BOTH_STORES("a member that leaves in good order leaves no suspects") {
    Line<TestType> line;
    SampleRun run(3);
    line.store().append({run.start()});
    line.store().put_on_probation({run.id}, Trial::alone, noon);
    line.leaves();
    CHECK(line.suspects().empty());
    line.dies();
    CHECK(line.suspects().empty());
}

ON_BOTH_STORES("a message whose run does not exist yet can be suspected too") {
    Line<TestType> line;
    SampleRun const never(3);
    line.store().put_on_probation({never.id}, Trial::alone, noon);
    CHECK(line.store().acquit(noon).awake.size() == 1);
    line.dies();
    REQUIRE(line.suspects().size() == 1);
}

ON_BOTH_STORES("runs in progress are read page by page") {
    Line<TestType> line;
    SampleRun first(3), second(3), third(3);
    line.store().append({first.start(), second.start(), third.start()});
    auto const page = line.store().due({3}, {}, EventStore::Scope::everything, 2);
    REQUIRE(page.size() == 2);
    auto const rest = line.store().due({3}, {}, EventStore::Scope::everything, 2, page.back().run);
    REQUIRE(rest.size() == 1);
    CHECK(rest.front().run != page.front().run);
}
