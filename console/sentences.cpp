#include "console/sentences.h"

#include "engine/names.h"

namespace resolute::console {
namespace {

std::string quoted(std::string const& text) { return "`" + text + "`"; }

std::string by(std::string const& who) { return who.empty() ? std::string() : " by " + who; }

std::string because(std::string const& why) { return why.empty() ? std::string() : ": " + why; }

std::string tokens(Payload const& evidence) {
    auto const& json = evidence.json();
    if (!json.is_object() || !json.contains("tokens")) return {};
    auto const total = json["tokens"].value("input", 0) + json["tokens"].value("output", 0);
    return " (" + std::to_string(total) + " tokens" +
           (json.value("scripted", false) ? ", scripted" : "") + ")";
}

struct Telling {
    std::string operator()(RunStarted const& f) {
        std::string how = "Started";
        if (f.forked)
            how = "Forked from run " + to_string(f.forked->run) + " after event " +
                  std::to_string(f.forked->sequence);
        return how + by(f.started_by) + " with " + f.workflow.name + " " + f.workflow.version + ".";
    }
    std::string operator()(RunCompleted const&) { return "Completed."; }
    std::string operator()(RunFaulted const& f) {
        return "Faulted" + because(f.error.detail.empty() ? f.error.title : f.error.detail);
    }
    std::string operator()(CancelRequested const& f) {
        return "Cancel was asked for" + by(f.by) + because(f.reason);
    }
    std::string operator()(RunCancelled const&) {
        return "Cancelled; everything under way was settled first.";
    }
    std::string operator()(RunPaused const& f) { return "Paused" + by(f.by) + because(f.reason); }
    std::string operator()(RunResumed const& f) { return "Resumed" + by(f.by) + because(f.reason); }
    std::string operator()(RunMigrated const& f) {
        return "From here on it follows " + f.workflow.name + " " + f.workflow.version +
               ", digest " + short_form(f.workflow.digest) + by(f.by) + because(f.reason);
    }
    std::string operator()(WorkStarted const&) { return "The input was accepted."; }
    std::string operator()(StepEntered const&) { return "Began."; }
    std::string operator()(StepAdvanced const&) { return "Went on."; }
    std::string operator()(StepCompleted const& f) {
        return f.next.empty() ? "Completed." : "Completed; next is " + quoted(f.next) + ".";
    }
    std::string operator()(StepSkipped const&) { return "Skipped: its condition was false."; }
    std::string operator()(StepFailed const& f) {
        return "Failed" + because(f.error.detail.empty() ? f.error.title : f.error.detail);
    }
    std::string operator()(EndDecided const& f) {
        return std::string(f.error ? "Is failing" : "Is over") +
               "; effects that are under way inside are settled first.";
    }
    std::string operator()(ActivityProposed const& f) {
        return quoted(f.intent.target) + " was proposed and needs an approval.";
    }
    std::string operator()(ActivityDenied const& f) { return "Denied" + because(f.sentence); }
    std::string operator()(ActivityStarted const& f) {
        auto const what = f.intent ? quoted(f.intent->target) : std::string("The call");
        if (f.attempt > 1)
            return what + " is tried again, attempt " + std::to_string(f.attempt) +
                   ", with the same bytes and key.";
        return what + (f.approval ? " runs as approved." : " runs.");
    }
    std::string operator()(ActivitySucceeded const& f) {
        auto const what = f.intent ? quoted(f.intent->target) : std::string("The call");
        return what + " succeeded" + tokens(f.evidence) + ".";
    }
    std::string operator()(ActivityFailed const& f) {
        if (f.postponed) return "It waits for its turn; nothing was sent" + because(f.error.detail);
        auto text = "Attempt " + std::to_string(f.attempt) + " failed, surely without an effect" +
                    because(f.error.detail) + tokens(f.evidence);
        return f.retry_at ? text + " It is tried again." : text;
    }
    std::string operator()(ActivityUnknown const& f) {
        return "Nobody knows whether attempt " + std::to_string(f.attempt) + " happened" +
               because(f.why.detail) +
               (f.verify_at ? " The system of record will be asked." : " A person is asked.");
    }
    std::string operator()(ActivityVerified const& f) {
        switch (f.verdict) {
            case Verdict::applied: return "The system of record says that it happened.";
            case Verdict::absent: return "The system of record says that it did not happen.";
            case Verdict::resend:
                return "The system answers a repeated key as the first time, so it is sent again.";
            case Verdict::undecided: break;
        }
        return f.next_at ? "The system of record could not say yet; it is asked again."
                         : "The system of record could not say; a person is asked.";
    }
    std::string operator()(ActivityResolved const& f) {
        return "Settled" + by(f.by) + ": " +
               (f.verdict == Verdict::applied ? "it happened." : "it did not happen.");
    }
    std::string operator()(ActivityCancelled const& f) { return "Cancelled" + because(f.reason); }
    std::string operator()(ApprovalRequested const& f) {
        auto const& card = f.card.json();
        auto const sentence =
            card.is_object() ? card.value("sentence", std::string()) : std::string();
        return "A person is asked" + because(sentence.empty() ? name_of(f.step) : sentence);
    }
    std::string operator()(ApprovalDecided const& f) {
        return "Decided" + by(f.by) + ": " + f.decision + because(f.comment);
    }
    std::string operator()(ApprovalAnswerRefused const& f) {
        return "An answer" + by(f.by) + " was refused" + because(f.reason);
    }
    std::string operator()(ApprovalExpired const&) { return "Nobody decided in time."; }
    std::string operator()(ApprovalRevoked const& f) {
        return "The question was withdrawn" + because(f.reason);
    }
    std::string operator()(TimerStarted const& f) {
        return "Waits until " + to_string(f.due) + ".";
    }
    std::string operator()(TimerFired const&) { return "The wait is over."; }
    std::string operator()(TimerCancelled const&) { return "The wait was cancelled."; }
    std::string operator()(EventEmitted const& f) {
        return "Emitted an event of type " + quoted(f.event.json().value("type", "")) + ".";
    }
    std::string operator()(EventsAwaited const& f) {
        if (!f.step.path.empty()) return "Listens for an event.";
        auto const& place = f.filters.json().at(0).at("place");
        return "Waits for a place under the key " + quoted(place.value("key", "")) + ".";
    }
    std::string operator()(EventReceived const& f) {
        if (f.step.path.empty())
            return "Has a place under the key " + quoted(f.event.json().value("key", "")) + ".";
        return "An event of type " + quoted(f.event.json().value("type", "")) + " came.";
    }
    std::string operator()(EventDeclined const&) {
        return "It is not one that the step listens for, and goes to the next listener.";
    }
    std::string operator()(ListeningEnded const&) { return "Listens no more."; }
    std::string operator()(ChildStarted const& f) {
        return "Started the run " + to_string(f.run) + " of " + quoted(f.workflow) +
               (f.detached ? " and does not wait for it." : ".");
    }
    std::string operator()(ChildWithdrawn const& f) {
        return "Its run was asked to stop" + because(f.reason);
    }
    std::string operator()(ChildEnded const& f) { return ended("Its run", f.how, f.error); }
    static std::string ended(std::string const& what, ChildEnd how,
                             std::optional<Failure> const& error) {
        switch (how) {
            case ChildEnd::completed: return what + " completed.";
            case ChildEnd::faulted: return what + " faulted" + because(error ? error->detail : "");
            case ChildEnd::cancelled: break;
        }
        return what + " was cancelled.";
    }
    std::string operator()(MapStarted const& f) {
        return "Runs " + quoted(f.workflow) + " for each of " + std::to_string(f.count) +
               " items, " + std::to_string(f.concurrency) + " at a time.";
    }
    std::string operator()(MapItemsStarted const& f) {
        auto const first = std::to_string(f.first);
        if (f.count == 1) return "Started the run of item " + first + ".";
        return "Started the runs of the items " + first + " to " +
               std::to_string(f.first + f.count - 1) + ".";
    }
    std::string operator()(MapItemEnded const& f) {
        return ended("The run " + to_string(f.run) + " of item " + std::to_string(f.index), f.how,
                     f.error);
    }
    std::string operator()(MapWithdrawn const& f) {
        return "The runs of its items were asked to stop" + because(f.reason);
    }
    std::string operator()(CompensationPlanned const& f) {
        if (f.error) return "It could not be told how to undo this" + because(f.error->detail);
        return "Should the run fail or be cancelled, this is undone by " +
               quoted(f.request.json().value("tool", f.kind)) + ".";
    }
    std::string operator()(CompensationEnded const& f) {
        if (f.error) return "What was done could not be undone" + because(f.error->detail);
        return "What was done was undone.";
    }
    std::string operator()(DeadlineSet const& f) {
        return "It must be over by " + to_string(f.due) + ".";
    }
    std::string operator()(DeadlinePassed const&) { return "Its time is over."; }
    std::string operator()(SignalReceived const& f) {
        return "The signal " + quoted(f.name) + " came" + by(f.by) + ".";
    }
    std::string operator()(SignalConsumed const&) { return "The signal was used."; }
    std::string operator()(SignalAwaited const& f) {
        return "Waits for the signal " + quoted(f.name) + ".";
    }
};

}  // namespace

std::string sentence_of(Fact const& fact) { return std::visit(Telling{}, fact); }

StepId step_of(Fact const& fact) {
    return std::visit([](auto const& f) -> StepId {
        if constexpr (requires { f.step; }) return f.step;
        else return {};
    }, fact);
}

}  // namespace resolute::console
