// What starts runs by itself: the row of a schedule, what is known around it when it is looked at,
// and the seam to where it is kept.
//
// A schedule is decided on as runs are: `(row, situation) -> step` is pure (workflow/firing.h), and
// the step is stored in one transaction with the starts that it posts, only if nobody else changed
// the row. So each fire starts one run, whoever looks, however often.
#pragma once

#include <map>
#include <vector>

#include "engine/message.h"

namespace resolute {

using ScheduleId = Id<struct ScheduleTag>;

// The schedule of a workflow, always the same one.
ScheduleId schedule_of(std::string_view tenant, std::string_view workflow);
inline int shard_of(ScheduleId schedule) { return schedule.value[15]; }

// The place of an event in the order in which all of them can be read without missing any.
struct EventMark {
    std::uint64_t transaction = 0;
    std::int64_t position = 0;

    auto operator<=>(EventMark const&) const = default;
};

// A run that was started and whose end matters.
struct ScheduledRun {
    RunId run;
    std::string key;  // of the fire
    bool is_cancelled = false;  // it was asked to stop

    bool operator==(ScheduledRun const&) const = default;
};

// What became of one fire, for people.
struct Fired {
    std::string key;
    std::string what;  // started, skipped, missed, failed
    std::string why;
    std::optional<RunId> run;
    Timestamp at;

    bool operator==(Fired const&) const = default;
};

struct SchedulePause {
    std::string by;
    std::string reason;
    Timestamp at;

    bool operator==(SchedulePause const&) const = default;
};

// Fires of a time that is over, one after the other or all at once.
struct Backfill {
    Timestamp after;  // the latest that was decided
    Timestamp until;
    bool side_by_side = false;
    std::string by;
    std::string reason = {};
    std::optional<ScheduledRun> run = {};  // that the next one waits for

    bool operator==(Backfill const&) const = default;
};

struct Trigger {
    std::string by;
    Timestamp at;

    bool operator==(Trigger const&) const = default;
};

struct HeardEvent {
    int slot = 0;  // of the filter that it passed
    Json event;

    bool operator==(HeardEvent const&) const = default;
};

struct ScheduleState {
    Digest planned;  // the definition that the rest follows
    std::optional<Timestamp> last;  // the latest moment that was decided
    std::vector<ScheduledRun> open;
    std::optional<Timestamp> ended_at;  // of the latest run whose end mattered
    std::optional<Timestamp> buffered;  // a fire that waits for the open runs
    std::vector<HeardEvent> collected;  // until there are enough of them
    std::optional<SchedulePause> pause;
    std::vector<Trigger> triggers;
    std::optional<Backfill> backfill;
    std::vector<Fired> recent;  // oldest first

    bool operator==(ScheduleState const&) const = default;
};

Json to_json(ScheduleState const& state);
ScheduleState schedule_state_from_json(Json const& json);  // of our own: throws CorruptHistory

struct ScheduleRow {
    ScheduleId schedule;
    std::string tenant;
    WorkflowRef workflow;
    std::vector<std::string> event_types;  // that it starts runs on
    Timestamp published_at;
    std::uint64_t revision = 0;
    std::optional<Timestamp> next_at;  // when somebody must look at it; none: only events move it
    EventMark heard;  // the latest event that was decided
    ScheduleState state;
};

struct ScheduleSituation {
    struct RunEnd {
        bool is_over = false;
        std::optional<Timestamp> at;  // none: there will be no such run
    };
    struct Heard {
        EventMark mark;
        Json event;
    };
    Timestamp now;
    std::map<RunId, RunEnd> runs;  // those that the state names
    std::vector<Heard> events;  // after the row's mark, of its types, in order
};

// How a row goes on, and what is posted with it.
struct ScheduleStep {
    ScheduleState state;
    EventMark heard;
    std::optional<Timestamp> next_at;
    std::vector<Message> posted = {};
};

// What a workflow's publication means for its schedule.
struct SchedulePlan {
    ScheduleId schedule;
    bool is_scheduled = false;  // false: it ends
    std::vector<std::string> event_types = {};
};

// Used by one thread at a time, blocking; throws StoreUnavailable.
class ScheduleStore {
  public:
    virtual ~ScheduleStore() = default;

    // Schedules of these shards that must be looked at by `until`, or that have events to look at,
    // the earliest first.
    virtual std::vector<ScheduleRow> due(std::vector<int> const& shards, Timestamp until,
                                         std::size_t limit) = 0;
    // What must be known to decide on it.
    virtual ScheduleSituation around(ScheduleRow const& row, Timestamp now) = 0;
    // Stores the step, and what it posts, when the row is still at this revision and the member is
    // not fenced. A nil member is a person's change. False: nothing was stored.
    virtual bool advance(MemberId member, ScheduleRow const& row, ScheduleStep const& step) = 0;

    virtual std::optional<ScheduleRow> find(ScheduleId schedule) = 0;
    virtual std::vector<ScheduleRow> all(std::string const& tenant) = 0;  // by workflow
};

}  // namespace resolute
