// One decision of the interpreter: from what just happened to the commands of one step.
//
// Internal to the interpreter; made for one call and thrown away. Steps (deciding_steps.cpp) start
// and end; frames (deciding_frames.cpp) give the data on to the next step; errors
// (deciding_errors.cpp) look for a `catch`.
#pragma once

#include "engine/orchestrator.h"
#include "workflow/arguments.h"
#include "workflow/position.h"

namespace resolute::workflow {

// One step at one occurrence.
struct Spot {
    Step const* step = nullptr;
    StepId id;
};

class Deciding {
  public:
    Deciding(Definition const& definition, Run const& run, Timestamp now)
        : definition_(definition), run_(run), now_(now) {}

    Commands on(Event const& event);
    Commands resume();
    std::optional<CompensationPlanned> compensation(StepId const& id, Payload const& output) const;
    int slot_for(OfferEvent const& offer) const;

  private:
    struct Routing;

    // ---- the run (deciding.cpp)
    void on_start();
    void begin_work();
    bool waits_for_places();  // this and the next: deciding_places.cpp
    void on_place();
    void end_work(Payload const& output);
    void on_activity(StepId const& id);
    void on_approval(ApprovalId id, Timestamp at);
    void on_timer(StepId const& id);
    void on_child(StepId const& id);
    void on_map(StepId const& id);
    void on_event(StepId const& id);
    void on_answer(Spot const& spot, Approval const& approval, Timestamp at);

    // ---- steps (deciding_steps.cpp)
    void start(Spot const& spot);
    void run_step(Spot const& spot, Arguments& arguments, Do const& what);
    void run_step(Spot const& spot, Arguments& arguments, Set const& what);
    void run_step(Spot const& spot, Arguments& arguments, Switch const& what);
    void run_step(Spot const& spot, Arguments& arguments, For const& what);
    void run_step(Spot const& spot, Arguments& arguments, Fork const& what);
    void run_step(Spot const& spot, Arguments& arguments, Try const& what);
    void run_step(Spot const& spot, Arguments& arguments, Raise const& what);
    void run_step(Spot const& spot, Arguments& arguments, Wait const& what);
    void run_step(Spot const& spot, Arguments& arguments, Call const& what);
    void run_step(Spot const& spot, Arguments& arguments, Ask const& what);
    void run_step(Spot const& spot, Arguments& arguments, RunWorkflow const& what);
    void run_step(Spot const& spot, Arguments& arguments, Map const& what);
    // events (deciding_events.cpp)
    void run_step(Spot const& spot, Arguments& arguments, Emit const& what);
    void run_step(Spot const& spot, Arguments& arguments, Listen const& what);
    void hear_more(Spot const& spot, Listen const& what, Listening const& listening,
                   Arguments& arguments);
    // each event for itself (deciding_foreach.cpp)
    Payload gathered(StepId const& frame) const;
    void go_on_listening(Spot const& spot);
    void begin_item(Spot const& spot, Listen const& what, Listening::Heard const& heard);
    void end_item(Spot const& spot, Payload const& output);
    // The step's own work is done with this result; what is left is shaping.
    void finish(Spot const& spot, Payload const& result, Directive const& next);
    void finish(Spot const& spot, Arguments& arguments, Payload const& result,
                Directive const& next);
    void fail(Spot const& spot, Failure error);

    // ---- frames (deciding_frames.cpp)
    struct Ending {
        Directive next = {};
        bool skipped = false;
    };
    void enter(Spot const& spot, FrameKind kind, Payload const& input, Payload state);
    void go_into(StepId const& frame);
    void go_on_after(StepId const& child, Ending ending);
    void go_on(StepId const& frame, Step const& ended, Directive const& next);
    void start_child(StepId const& frame, Step const* owner, Position const& position,
                     std::size_t index);
    void limit_attempt(StepId const& frame, Step const* owner, Position const& position);
    void start_branches(StepId const& frame, Step const& owner);
    void join(StepId const& frame, Step const& owner, StepId const& ended, Ending ending);
    void end_block(StepId const& frame, Step const* owner, Position const& position);
    Block const& block_of(Step const* owner, Position const& position) const;
    void resume_sequence(StepId const& frame);
    void resume_branches(StepId const& frame);

    // ---- errors (deciding_errors.cpp)
    void on_failure(StepId const& id, Failure error);
    void offer(Spot const& guard, Failure error);  // to a frame around the step that failed
    std::optional<Spot> guard_of_attempt(StepId const& id) const;
    bool handle(Spot const& guard, Try const& what, Position const& position, Failure const& error);
    bool try_again(Spot const& guard, Retry const& retry, Position const& position,
                   Arguments& arguments);

    Arguments arguments_of(Spot const& spot) const;        // with the step's raw input
    Arguments arguments_inside(
        Spot const& spot) const;    // with its transformed input, once it has started
    Payload input_of(Spot const& spot) const;              // raw
    // Throws CorruptHistory for a step that the definition does not have: the run is pinned to
    // another one.
    Step const& step_at(StepId const& id) const;
    Spot spot_of(StepId const& id) const { return {&step_at(id), id}; }
    bool is_gone(StepId const& id) const;                  // something around it ended meanwhile

    Definition const& definition_;
    Run const& run_;
    Timestamp now_;
    Commands commands_;
};

// Where the document has a step. What functions and extensions put into a step is that step's.
std::string const& written_at(Step const& step);

// Throws Fault.
Duration duration_of(Template const& value, Arguments& arguments);

// `input{schema,from}` and the like: validates, then transforms, or the other way round. Throw
// Fault.
Payload shape_input(Shaping const& shaping, Arguments& arguments, std::string const& what);
Payload shape_output(Shaping const& shaping, Arguments& arguments, std::string const& what);

}  // namespace resolute::workflow
