// The members of every fact by name: one list that writing and reading share.
#pragma once

#include <tuple>
#include <type_traits>

#include "engine/fact.h"

namespace resolute {

template <class T, class M>
struct Field {
    char const* name;
    M T::* member;
};
template <class T, class M>
Field(char const*, M T::*) -> Field<T, M>;

template <class T>
inline constexpr int fields = 0;  // a type without a list of its own is a plain value

#define RESOLUTE_FIELDS(T, ...) \
    template <>                 \
    inline constexpr auto fields<T> = std::tuple { __VA_ARGS__ }

RESOLUTE_FIELDS(Failure, Field{"type", &Failure::type}, Field{"status", &Failure::status},
                Field{"title", &Failure::title}, Field{"detail", &Failure::detail},
                Field{"instance", &Failure::instance}, Field{"code", &Failure::code});
RESOLUTE_FIELDS(WorkflowRef, Field{"name", &WorkflowRef::name},
                Field{"version", &WorkflowRef::version}, Field{"digest", &WorkflowRef::digest});
RESOLUTE_FIELDS(ParentStep, Field{"run", &ParentStep::run}, Field{"step", &ParentStep::step},
                Field{"depth", &ParentStep::depth}, Field{"detached", &ParentStep::detached});
RESOLUTE_FIELDS(Takeover, Field{"sequence", &Takeover::sequence}, Field{"at", &Takeover::at});
RESOLUTE_FIELDS(ForkPoint, Field{"run", &ForkPoint::run}, Field{"sequence", &ForkPoint::sequence},
                Field{"takeovers", &ForkPoint::takeovers}, Field{"edited", &ForkPoint::edited});
RESOLUTE_FIELDS(RunStarted, Field{"workflow", &RunStarted::workflow},
                Field{"tenant", &RunStarted::tenant}, Field{"case", &RunStarted::case_id},
                Field{"input", &RunStarted::input}, Field{"startedBy", &RunStarted::started_by},
                Field{"salt", &RunStarted::salt}, Field{"parent", &RunStarted::parent},
                Field{"forked", &RunStarted::forked});
RESOLUTE_FIELDS(RunCompleted, Field{"output", &RunCompleted::output});
RESOLUTE_FIELDS(RunFaulted, Field{"error", &RunFaulted::error});
RESOLUTE_FIELDS(CancelRequested, Field{"by", &CancelRequested::by},
                Field{"reason", &CancelRequested::reason});
RESOLUTE_FIELDS(RunCancelled, Field{"by", &RunCancelled::by},
                Field{"reason", &RunCancelled::reason});

RESOLUTE_FIELDS(RunPaused, Field{"by", &RunPaused::by}, Field{"reason", &RunPaused::reason});
RESOLUTE_FIELDS(RunResumed, Field{"by", &RunResumed::by}, Field{"reason", &RunResumed::reason});
RESOLUTE_FIELDS(RunMigrated, Field{"workflow", &RunMigrated::workflow},
                Field{"by", &RunMigrated::by}, Field{"reason", &RunMigrated::reason});

RESOLUTE_FIELDS(WorkStarted, Field{"input", &WorkStarted::input},
                Field{"context", &WorkStarted::context}, Field{"kind", &WorkStarted::kind});
RESOLUTE_FIELDS(StepEntered, Field{"step", &StepEntered::step}, Field{"kind", &StepEntered::kind},
                Field{"input", &StepEntered::input}, Field{"state", &StepEntered::state});
RESOLUTE_FIELDS(StepAdvanced, Field{"step", &StepAdvanced::step},
                Field{"restarts", &StepAdvanced::restarts}, Field{"state", &StepAdvanced::state},
                Field{"gathered", &StepAdvanced::gathered},
                Field{"context", &StepAdvanced::context}, Field{"flow", &StepAdvanced::flow});
RESOLUTE_FIELDS(StepCompleted, Field{"step", &StepCompleted::step},
                Field{"next", &StepCompleted::next}, Field{"context", &StepCompleted::context},
                Field{"output", &StepCompleted::output});
RESOLUTE_FIELDS(StepSkipped, Field{"step", &StepSkipped::step}, Field{"next", &StepSkipped::next});
RESOLUTE_FIELDS(StepFailed, Field{"step", &StepFailed::step}, Field{"error", &StepFailed::error});
RESOLUTE_FIELDS(EndDecided, Field{"step", &EndDecided::step}, Field{"next", &EndDecided::next},
                Field{"error", &EndDecided::error}, Field{"context", &EndDecided::context},
                Field{"output", &EndDecided::output});

RESOLUTE_FIELDS(ActivityIntent, Field{"kind", &ActivityIntent::kind},
                Field{"target", &ActivityIntent::target}, Field{"effect", &ActivityIntent::effect},
                Field{"key", &ActivityIntent::key}, Field{"contract", &ActivityIntent::contract},
                Field{"binding", &ActivityIntent::binding},
                Field{"timeoutMs", &ActivityIntent::timeout_ms},
                Field{"decision", &ActivityIntent::decision},
                Field{"request", &ActivityIntent::request});
RESOLUTE_FIELDS(ActivityProposed, Field{"step", &ActivityProposed::step},
                Field{"intent", &ActivityProposed::intent});
RESOLUTE_FIELDS(ActivityDenied, Field{"step", &ActivityDenied::step},
                Field{"code", &ActivityDenied::code}, Field{"sentence", &ActivityDenied::sentence},
                Field{"intent", &ActivityDenied::intent});
RESOLUTE_FIELDS(ActivityStarted, Field{"step", &ActivityStarted::step},
                Field{"attempt", &ActivityStarted::attempt},
                Field{"deadline", &ActivityStarted::deadline},
                Field{"approval", &ActivityStarted::approval},
                Field{"intent", &ActivityStarted::intent});
RESOLUTE_FIELDS(ActivitySucceeded, Field{"step", &ActivitySucceeded::step},
                Field{"attempt", &ActivitySucceeded::attempt},
                Field{"completesStep", &ActivitySucceeded::completes_step},
                Field{"evidence", &ActivitySucceeded::evidence},
                Field{"intent", &ActivitySucceeded::intent},
                Field{"output", &ActivitySucceeded::output});
RESOLUTE_FIELDS(ActivityFailed, Field{"step", &ActivityFailed::step},
                Field{"attempt", &ActivityFailed::attempt}, Field{"error", &ActivityFailed::error},
                Field{"retryAt", &ActivityFailed::retry_at},
                Field{"postponed", &ActivityFailed::postponed},
                Field{"evidence", &ActivityFailed::evidence},
                Field{"intent", &ActivityFailed::intent});
RESOLUTE_FIELDS(ActivityUnknown, Field{"step", &ActivityUnknown::step},
                Field{"attempt", &ActivityUnknown::attempt}, Field{"why", &ActivityUnknown::why},
                Field{"verifyAt", &ActivityUnknown::verify_at},
                Field{"refused", &ActivityUnknown::refused});
RESOLUTE_FIELDS(ActivityVerified, Field{"step", &ActivityVerified::step},
                Field{"attempt", &ActivityVerified::attempt},
                Field{"verdict", &ActivityVerified::verdict},
                Field{"nextAt", &ActivityVerified::next_at},
                Field{"evidence", &ActivityVerified::evidence},
                Field{"output", &ActivityVerified::output});
RESOLUTE_FIELDS(ActivityResolved, Field{"step", &ActivityResolved::step},
                Field{"verdict", &ActivityResolved::verdict}, Field{"by", &ActivityResolved::by},
                Field{"approval", &ActivityResolved::approval},
                Field{"retryAt", &ActivityResolved::retry_at},
                Field{"output", &ActivityResolved::output});
RESOLUTE_FIELDS(ActivityCancelled, Field{"step", &ActivityCancelled::step},
                Field{"reason", &ActivityCancelled::reason});

RESOLUTE_FIELDS(ApprovalRequested, Field{"approval", &ApprovalRequested::approval},
                Field{"step", &ApprovalRequested::step}, Field{"kind", &ApprovalRequested::kind},
                Field{"digest", &ApprovalRequested::digest},
                Field{"choices", &ApprovalRequested::choices},
                Field{"notBy", &ApprovalRequested::not_by},
                Field{"quorum", &ApprovalRequested::quorum},
                Field{"expiresAt", &ApprovalRequested::expires_at},
                Field{"card", &ApprovalRequested::card});
RESOLUTE_FIELDS(ApprovalDecided, Field{"approval", &ApprovalDecided::approval},
                Field{"decisionId", &ApprovalDecided::decision_id},
                Field{"decision", &ApprovalDecided::decision}, Field{"by", &ApprovalDecided::by},
                Field{"digest", &ApprovalDecided::digest},
                Field{"groups", &ApprovalDecided::groups},
                Field{"comment", &ApprovalDecided::comment}, Field{"form", &ApprovalDecided::form});
RESOLUTE_FIELDS(ApprovalAnswerRefused, Field{"approval", &ApprovalAnswerRefused::approval},
                Field{"decision", &ApprovalAnswerRefused::decision},
                Field{"by", &ApprovalAnswerRefused::by},
                Field{"reason", &ApprovalAnswerRefused::reason});
RESOLUTE_FIELDS(ApprovalExpired, Field{"approval", &ApprovalExpired::approval});
RESOLUTE_FIELDS(ApprovalRevoked, Field{"approval", &ApprovalRevoked::approval},
                Field{"reason", &ApprovalRevoked::reason});

RESOLUTE_FIELDS(TimerStarted, Field{"step", &TimerStarted::step}, Field{"due", &TimerStarted::due},
                Field{"fixed", &TimerStarted::fixed});
RESOLUTE_FIELDS(TimerFired, Field{"step", &TimerFired::step});
RESOLUTE_FIELDS(TimerCancelled, Field{"step", &TimerCancelled::step});
RESOLUTE_FIELDS(DeadlineSet, Field{"step", &DeadlineSet::step}, Field{"due", &DeadlineSet::due});
RESOLUTE_FIELDS(DeadlinePassed, Field{"step", &DeadlinePassed::step});
RESOLUTE_FIELDS(SignalReceived, Field{"signal", &SignalReceived::signal},
                Field{"name", &SignalReceived::name}, Field{"by", &SignalReceived::by},
                Field{"content", &SignalReceived::content});
RESOLUTE_FIELDS(SignalConsumed, Field{"signal", &SignalConsumed::signal},
                Field{"step", &SignalConsumed::step});
RESOLUTE_FIELDS(SignalAwaited, Field{"step", &SignalAwaited::step},
                Field{"name", &SignalAwaited::name});

RESOLUTE_FIELDS(ChildStarted, Field{"step", &ChildStarted::step}, Field{"run", &ChildStarted::run},
                Field{"workflow", &ChildStarted::workflow},
                Field{"version", &ChildStarted::version},
                Field{"detached", &ChildStarted::detached}, Field{"input", &ChildStarted::input});
RESOLUTE_FIELDS(ChildWithdrawn, Field{"step", &ChildWithdrawn::step},
                Field{"reason", &ChildWithdrawn::reason});
RESOLUTE_FIELDS(ChildEnded, Field{"step", &ChildEnded::step}, Field{"how", &ChildEnded::how},
                Field{"error", &ChildEnded::error}, Field{"output", &ChildEnded::output});

RESOLUTE_FIELDS(MapStarted, Field{"step", &MapStarted::step},
                Field{"workflow", &MapStarted::workflow}, Field{"version", &MapStarted::version},
                Field{"count", &MapStarted::count}, Field{"concurrency", &MapStarted::concurrency},
                Field{"stopAfter", &MapStarted::stop_after}, Field{"items", &MapStarted::items},
                Field{"parent", &MapStarted::parent});
RESOLUTE_FIELDS(MapItemsStarted, Field{"step", &MapItemsStarted::step},
                Field{"first", &MapItemsStarted::first}, Field{"count", &MapItemsStarted::count});
RESOLUTE_FIELDS(MapItemEnded, Field{"step", &MapItemEnded::step},
                Field{"index", &MapItemEnded::index}, Field{"run", &MapItemEnded::run},
                Field{"how", &MapItemEnded::how}, Field{"error", &MapItemEnded::error},
                Field{"output", &MapItemEnded::output});
RESOLUTE_FIELDS(MapWithdrawn, Field{"step", &MapWithdrawn::step},
                Field{"reason", &MapWithdrawn::reason});
RESOLUTE_FIELDS(CompensationPlanned, Field{"step", &CompensationPlanned::step},
                Field{"kind", &CompensationPlanned::kind},
                Field{"error", &CompensationPlanned::error},
                Field{"request", &CompensationPlanned::request});
RESOLUTE_FIELDS(CompensationEnded, Field{"step", &CompensationEnded::step},
                Field{"error", &CompensationEnded::error});

RESOLUTE_FIELDS(EventEmitted, Field{"step", &EventEmitted::step},
                Field{"event", &EventEmitted::event});
RESOLUTE_FIELDS(EventsAwaited, Field{"step", &EventsAwaited::step},
                Field{"filters", &EventsAwaited::filters});
RESOLUTE_FIELDS(EventReceived, Field{"step", &EventReceived::step},
                Field{"slot", &EventReceived::slot}, Field{"position", &EventReceived::position},
                Field{"event", &EventReceived::event});
RESOLUTE_FIELDS(EventDeclined, Field{"step", &EventDeclined::step});
RESOLUTE_FIELDS(ListeningEnded, Field{"step", &ListeningEnded::step});

#undef RESOLUTE_FIELDS

template <class T>
inline constexpr bool has_fields = !std::is_same_v<std::remove_cvref_t<decltype(fields<T>)>, int>;

}  // namespace resolute
