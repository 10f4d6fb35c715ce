// What a schedule does now: the runs that it starts, and when it must be looked at again.
//
// Pure. Time goes on between two looks, as much as it likes: what was missed is decided here.
#pragma once

#include "engine/run.h"
#include "engine/schedule.h"
#include "workflow/schedule.h"

namespace resolute::workflow {

// `definition` is that of the row's workflow and has a schedule.
ScheduleStep fire(ScheduleRow const& row, Definition const& definition,
                  ScheduleSituation const& situation);

// What a person may change; the row's next look decides what follows.
ScheduleStep paused(ScheduleRow const& row, SchedulePause pause);
ScheduleStep resumed(ScheduleRow const& row, Timestamp now);  // what was due meanwhile is left out
ScheduleStep triggered(ScheduleRow const& row, Trigger trigger);
ScheduleStep backfilled(ScheduleRow const& row, Backfill backfill, Timestamp now);

// One look at a schedule, while it goes on.
class Firing {
  public:
    Firing(ScheduleRow const& row, Definition const& definition,
           ScheduleSituation const& situation);

    ScheduleStep decide();

  private:
    enum class Concern { end, none };  // whether the schedule waits for the end of the run

    // runs (firing.cpp)
    void plan_anew();
    void forget_ended();
    bool is_over(ScheduledRun const& run);
    ScheduledRun start(std::string const& key, Payload input, std::string const& by);
    void start_and_note(std::string const& key, Payload input, Concern concern);
    // The input is made for this time; nothing, and a note, when its expression fails.
    std::optional<ScheduledRun> start_for(std::string const& key, Timestamp time,
                                          std::string const& by, std::string const& why);
    void cancel_open();
    void note(std::string const& key, std::string what, std::string why,
              std::optional<RunId> run = {});
    void note_no_run(RunId run);
    void look_again(Timestamp at);
    void recheck();
    void take_triggers();
    void take_backfill();

    // moments (firing_times.cpp)
    void at_times();
    void fire_at(Timestamp time);
    void leave_out_missed(Timestamp time);
    void start_buffered();
    void after_the_last(Duration pause);
    Duration delay_of(Timestamp time) const;
    Payload input_at(Timestamp time);
    void start_at(Timestamp time, Concern concern);

    // events (firing_events.cpp)
    void on_events(Listen const& wanted);
    bool hear(Listen const& wanted, ScheduleSituation::Heard const& heard);  // false: not yet
    std::optional<int> slot_for(Listen const& wanted, Json const& event);
    bool is_enough(Listen const& wanted);
    Json collected() const;

    Definition const& definition_;
    Schedule const& schedule_;
    ScheduleRow const& row_;
    ScheduleSituation const& situation_;
    ScheduleStep step_;
    Run const nobody_;  // that expressions look at
};

}  // namespace resolute::workflow
