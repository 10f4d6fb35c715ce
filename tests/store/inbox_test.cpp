// Messages between processes, and the wake-ups that go with them.
#include <poll.h>

#include "engine/store/definitions.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::vector<store::Notification> wait_for_some(store::Listener& listener) {
    std::vector<store::Notification> arrived;
    while (arrived.empty()) {
        pollfd watched{listener.socket(), POLLIN, 0};
        REQUIRE(::poll(&watched, 1, 10'000) == 1);
        arrived = listener.drain();
    }
    return arrived;
}

}  // namespace

TEST_CASE("a posted message wakes whoever listens, with its shard", "[inbox]") {
    MigratedDatabase database;
    store::Listener listener(database.url(), {store::inbox_channel});
    store::Inbox inbox(database.url());
    inbox.post(signal_for(SampleRun(42).id, "hello"));
    auto const arrived = wait_for_some(listener);
    CHECK(arrived[0].channel == "resolute_inbox");
    CHECK(arrived[0].payload == "42");
    CHECK(listener.drain().empty());
}

TEST_CASE("a definition that comes into force is told, one that is in force already is not",
          "[inbox]") {
    MigratedDatabase database;
    store::Listener listener(database.url(), {store::inbox_channel, store::changes_channel});
    store::Definitions definitions(database.url());
    definitions.publish({"policy", "refunds", "1", sha256("x"), "rules: []", noon, "anna"});
    definitions.deploy({"policy", "refunds", sha256("x"), noon, "anna"});
    definitions.deploy({"policy", "refunds", sha256("x"), noon, "anna"});
    definitions.withdraw("policy", "nothing");
    definitions.withdraw("policy", "refunds");
    std::vector<store::Notification> arrived;
    while (arrived.size() < 2)
        for (auto const& now : wait_for_some(listener)) arrived.push_back(now);
    CHECK(arrived.size() == 2);
    CHECK(arrived[0].channel == "resolute_changes");
    CHECK(arrived[0].payload == "definition policy refunds");
}

TEST_CASE("a message survives the trip with all that it holds", "[inbox]") {
    PostgresTwin twin;
    auto const reader = twin.open(twin.membership().join("reader", 1, std::chrono::minutes(1)), -1);
    Message const start{fresh_id<MessageId>(), SampleRun(3).id,
                        StartRun{{"demo/refund", "1.0.0", sha256("d")},
                                 "acme",
                                 "case-1",
                                 Json{{"text", "größer \0 \"\\"}},
                                 "anna"}};
    twin.post(start);
    auto const found = reader->inbox({3}, 10);
    REQUIRE(found.size() == 1);
    CHECK(to_json(found[0]) == to_json(start));
}

TEST_CASE("messages that cannot be read do not stand before the others", "[inbox]") {
    MigratedDatabase database;
    store::Inbox inbox(database.url());
    for (int i = 0; i < 3; ++i) inbox.post(signal_for(SampleRun(3).id, "broken"));
    database.run("update resolute.inbox set content = 'no json'");
    inbox.post(signal_for(SampleRun(3).id, "fine"));
    store::PostgresStore reader({.url = database.url(), .member = {}, .writer = -1});
    CHECK(reader.inbox({3}, 3).empty());  // the first page is all poison …
    auto const found = reader.inbox({3}, 3);  // … and is put aside by having been read
    REQUIRE(found.size() == 1);
    CHECK(std::get<SendSignal>(found[0].content).name == "fine");
    CHECK(store::ReadModel(database.url()).counts("default").refused_messages == 3);
    // A person may mend one and try it again.
    database.run("update resolute.inbox set refused = null where content = 'no json'");
    CHECK(store::ReadModel(database.url()).counts("default").refused_messages == 0);
}

TEST_CASE("an inbox takes so many messages and then says that it is full", "[inbox]") {
    MigratedDatabase database;
    store::Inbox inbox(database.url(), 2);
    auto const first = signal_for(SampleRun(3).id, "first");
    inbox.post(first);
    inbox.post(signal_for(SampleRun(4).id, "second"));
    CHECK_THROWS_AS(inbox.post(signal_for(SampleRun(3).id, "third")), store::InboxFull);
    CHECK_NOTHROW(inbox.post(first));  // what was taken is taken, however often it is sent
    database.run("update resolute.inbox set consumed_at = now() where shard = 3");
    CHECK_NOTHROW(inbox.post(signal_for(SampleRun(3).id, "third")));
}

// They may wait for ever, and must neither be lost nor stand before the others.
TEST_CASE(
    "messages for a run that was set aside wait beside the others, up to a bound of their own",
    "[inbox]") {
    MigratedDatabase database;
    store::Inbox inbox(database.url(), 2);
    SampleRun aside(3), other(3);
    auto const first = signal_for(aside.id, "first");
    database.run("insert into resolute.quarantine values ('" + to_string(aside.id) +
                 "', 'default', 'it killed its process', now())");
    inbox.post(first);
    for (std::size_t i = 1; i < limits::run_signals; ++i) inbox.post(signal_for(aside.id, "more"));
    CHECK_THROWS_WITH(inbox.post(signal_for(aside.id, "too many")),
                      ContainsSubstring("resolute release"));
    CHECK_NOTHROW(inbox.post(first));
    inbox.post(signal_for(other.id, "one"));
    inbox.post(signal_for(other.id, "two"));
    CHECK_THROWS_AS(inbox.post(signal_for(other.id, "three")), store::InboxFull);
    // Released, it has them all, and they count as everybody's do.
    database.run("delete from resolute.quarantine");
    CHECK(database.run(
              "select count(*) from resolute.inbox where consumed_at is null and run_id = '" +
              to_string(aside.id) + "'") == std::to_string(limits::run_signals));
    CHECK_THROWS_AS(inbox.post(signal_for(SampleRun(4).id, "full")), store::InboxFull);
}

TEST_CASE("a listener whose session ended says so", "[inbox]") {
    MigratedDatabase database;
    store::Listener listener(database.url(), {store::inbox_channel});
    database.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'resolute "
        "listener'");
    auto drain_until_told = [&] {
        while (true) wait_for_some(listener);
    };
    CHECK_THROWS_AS(drain_until_told(), StoreUnavailable);
}
