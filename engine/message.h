// What the outside may say to a run, and what it is answered once that is durable.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/fact.h"

namespace resolute {

struct StartRun {
    WorkflowRef workflow;
    std::string tenant;
    std::string case_id;      // makes the start idempotent per tenant and workflow name
    Payload input;
    std::string started_by;
    std::optional<ParentStep> parent = {};
    std::optional<ForkPoint> forked = {};
    std::vector<Event> shared = {};  // of a fork: the events up to there, as the new run begins
};
struct SendSignal { std::string name; Payload content; std::string by; };
struct CancelRun { std::string by; std::string reason; };
struct PauseRun {
    std::string by;
    std::string reason;
};
struct ResumeRun {
    std::string by;
    std::string reason;
};
struct MigrateRun {           // to another definition
    WorkflowRef workflow;
    std::uint64_t sequence = 0;  // up to which its history was checked against it
    std::string by;
    std::string reason;
};
struct EndChild {             // from a run to the one whose step started it
    RunId child;
    ChildEnd how = ChildEnd::completed;
    Payload output;
    std::optional<Failure> error;
};
struct OfferEvent {           // from the store of events to a step that listens
    StepId step;
    int slot = 0;
    std::string position;
    Payload event;
};
struct DecideApproval {
    ApprovalId approval;
    std::string decision_id;
    std::string decision;
    std::string by;
    Digest digest;
    std::string comment;
    Payload form;
    std::vector<std::string> groups = {};  // of the person, as far as the caller knows them
};

struct Message {
    MessageId id;             // makes delivery idempotent
    RunId run;
    std::variant<StartRun, SendSignal, CancelRun, DecideApproval, PauseRun, ResumeRun, EndChild,
                 OfferEvent, MigrateRun>
        content;
};

// JSON form, for the inbox table.
Json to_json(Message const& message);
Result<Message> message_from_json(Json const& json);

struct RunRow;

// Committed.
struct Accepted {
    RunId run;
    std::uint64_t sequence = 0;
    std::shared_ptr<RunRow const> row = nullptr;  // the run's, when that very commit wrote it
};
struct AlreadyExists { RunId run; };  // a start whose case id has a run
// nothing was changed, or the refusal was recorded
struct Refused { Failure why; };
using Reply = std::variant<Accepted, AlreadyExists, Refused>;

// Why a message was not taken although nothing is wrong with it: it may be sent again in a moment.
Failure not_taken(std::string detail, std::string code);

}  // namespace resolute
