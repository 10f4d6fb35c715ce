// The two stores behind one face, so that one suite holds for both.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/store/inbox.h"
#include "engine/store/memory_database.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "engine/store/read_model.h"
#include "tests/catch.h"
#include "tests/postgres/test_database.h"

// A test that runs once on each of them.
#define ON_BOTH_STORES(title) TEMPLATE_TEST_CASE(title, "[store]", MemoryTwin, PostgresTwin)

namespace resolute::testing {

template <class Verdict>
bool is(AppendVerdict const& verdict) {
    return std::holds_alternative<Verdict>(verdict);
}

// A fresh database with the schema.
class MigratedDatabase : public TestDatabase {
  public:
    MigratedDatabase();
    std::string const& url() const { return connection_string(); }
};

class MemoryTwin {
  public:
    MemoryTwin() : database_([this] { return now_; }) {}

    Membership& membership() { return database_.membership(); }
    std::unique_ptr<EventStore> open(MemberId member, int writer = 0) {
        return database_.open(member, writer);
    }
    void post(Message const& message) { database_.post(message); }
    bool post_event(Json const& event) { return database_.post_event("default", event); }
    void let_leases_end() { now_ = now_ + std::chrono::hours(1); }
    bool release(RunId run) { return database_.release(run); }
    void let_begun_age() { now_ = now_ + std::chrono::hours(2); }  // what rates count

    std::optional<RunRow> row(RunId run) { return database_.row(run); }
    std::optional<ApprovalRow> approval(ApprovalId approval);
    std::vector<ApprovalDecisionRow> decisions(ApprovalId approval);
    std::vector<UnresolvedRow> unresolved();
    void damage_last_body(RunId run);
    std::size_t blobs(RunId run) { return database_.tables.blobs[run].size(); }
    void alter_blobs(RunId run);
    void lose_blobs(RunId run) { database_.tables.blobs.erase(run); }
    std::vector<EncodedEvent> history(RunId run) { return database_.history(run); }

  private:
    Timestamp now_{1'772'366'400'000'000};
    store::MemoryDatabase database_;
};

class PostgresTwin {
  public:
    PostgresTwin()
        : membership_(database_.url()), inbox_(database_.url()), reads_(database_.url()) {}

    Membership& membership() { return membership_; }
    std::unique_ptr<EventStore> open(MemberId member, int writer = 0);
    void post(Message const& message) { inbox_.post(message); }
    bool post_event(Json const& event) { return inbox_.post_event("default", event); }
    bool release(RunId run);
    void let_leases_end() { database_.run("update resolute.member set expires_at = '2000-01-01'"); }
    void let_begun_age() {
        database_.run("update resolute.place_begun set at = '2000-01-01'");
        database_.run("update resolute.place_look set due = '2000-01-01'");
    }

    std::optional<RunRow> row(RunId run) { return reads_.run(run); }
    std::optional<ApprovalRow> approval(ApprovalId approval);
    std::vector<ApprovalDecisionRow> decisions(ApprovalId approval);
    std::vector<UnresolvedRow> unresolved() { return reads_.unresolved("default", 100); }
    void damage_last_body(RunId run);
    std::size_t blobs(RunId run);
    void alter_blobs(RunId run);
    void lose_blobs(RunId run);
    std::vector<EncodedEvent> history(RunId run) { return reads_.history(run, 0, 100); }
    store::ReadModel& reads() { return reads_; }
    MigratedDatabase& database() { return database_; }

  private:
    MigratedDatabase database_;
    store::PostgresMembership membership_;
    store::Inbox inbox_;
    store::ReadModel reads_;
};

// A member with one writer.
template <class Twin>
std::unique_ptr<EventStore> open_writer(Twin& twin) {
    return twin.open(twin.membership().join("tester", 1, std::chrono::minutes(1)));
}

}  // namespace resolute::testing
