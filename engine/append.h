// One run's share of a group commit: its new events and the rows that must change with them (I9).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/approval.h"
#include "engine/codec.h"
#include "engine/ids.h"
#include "engine/message.h"

namespace resolute {

// The row by which a run is found and woken; written at start, park, wake and close only.
struct RunRow {
    enum class Status { running, waiting, completed, faulted, cancelled, quarantined };

    RunId run;
    std::string tenant;
    int shard = 0;
    WorkflowRef workflow;
    std::string case_id;                    // "" = none
    std::optional<RunId> parent = {};       // whose step started it
    std::optional<RunId> forked_from = {};  // whose beginning it shares
    Status status = Status::running;
    // "" unless waiting: approval, timer, signal, retry, verification, person
    std::string waits_code;
    std::string waits_sentence;
    std::optional<Timestamp> wake_at;
    std::uint64_t sequence = 0;
    Timestamp started_at;
    Timestamp updated_at;
};

struct ApprovalRow {
    ApprovalId approval;
    RunId run;
    std::string tenant;
    std::string case_id;
    std::string workflow;                   // name
    StepId step;
    ApprovalKind kind = ApprovalKind::tool;
    ApprovalStatus status = ApprovalStatus::pending;
    Digest digest;
    std::uint64_t asked_in = 0;             // sequence of the event that asks; 0 in updates
    Payload card = {};                      // as a reader finds it in that event; never written
    Timestamp requested_at;
    std::optional<Timestamp> expires_at;
    Timestamp changed_at;
};

struct ApprovalDecisionRow {
    ApprovalId approval;
    RunId run;
    std::string tenant;
    std::string decision_id;
    std::string decision;
    std::string by;
    std::string comment;
    std::string refused;                    // "" = taken; else why it was not
    Timestamp at;
};

// Exists only while the outcome of an attempt is unknown.
struct UnresolvedRow {
    RunId run;
    std::string tenant;
    StepId step;
    std::string target;
    std::string key;
    int attempt = 1;
    int verifications = 0;
    std::optional<Timestamp> verify_at;     // none: a person was asked
    Timestamp since;
    bool resolved = false;                  // true: the row goes
};

// What changes in the store of events.
struct EventChange {
    enum class Kind { emitted, awaited, ended, returned };
    Kind kind = Kind::emitted;
    StepId step;
    // the event; {filters, declined}; nothing; {position, message}: with a message, only when that
    // is not consumed yet, as an append that is in doubt is given again
    Payload content;
};

// Where a history ends.
struct Head {
    std::uint64_t sequence = 0;  // of the last event; 0: there is none
    Digest chain = {};  // its chain value
    bool operator==(Head const&) const = default;
};

// A row of the table of histories: events that were stored together (engine/store/history_row.h).
struct HistoryRow {
    std::uint64_t sequence = 0;  // of the first event
    Timestamp at;                // of the first event
    std::string kinds;           // a byte for each event
    std::string body;
    Digest chain;                // after the last event

    std::uint64_t last() const { return sequence + kinds.size() - 1; }
};

struct Append {
    RunId run;
    std::string tenant;
    int shard = 0;
    std::vector<EncodedEvent> events;
    // What all of it was built on: the stored history must end here. Without events it may be none:
    // then it is taken however the history ends.
    std::optional<Head> after = {};
    std::optional<RunRow> row;              // inserted with sequence 1, updated otherwise
    std::vector<ApprovalRow> approvals;     // pending ones are inserted, others updated
    std::vector<ApprovalDecisionRow> decisions;
    std::vector<UnresolvedRow> unresolved;
    std::vector<MessageId> consumed;        // inbox rows that these events answer
    std::vector<Message> posted = {};  // to other runs, into the inbox
    std::vector<EventChange> events_changed = {};
    // What its events come to, once somebody made it (EventStore::prepare).
    std::vector<HistoryRow> rows = {};
};

// What became of one append of a batch.
struct Committed {};
// Another run has this tenant, workflow name and case id.
struct CaseTaken { RunId existing; };
// The history in the store does not end where the append begins.
struct Stale {};
// It breaks a constraint of the tables: the run is to be set aside.
struct Unstorable { std::string why; };
using AppendVerdict = std::variant<Committed, CaseTaken, Stale, Unstorable>;

}  // namespace resolute
