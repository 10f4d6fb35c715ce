#include "workflow/interpreter.h"

#include "workflow/deciding.h"

namespace resolute::workflow {

Commands Interpreter::decide(Run const& run, Event const& event) const {
    return Deciding(*definition_, run, event.at).on(event);
}

Commands Interpreter::resume(Run const& run, Timestamp now) const {
    return Deciding(*definition_, run, now).resume();
}

std::optional<CompensationPlanned> Interpreter::compensation(Run const& run, StepId const& step,
                                                             Payload const& output) const {
    return Deciding(*definition_, run, {}).compensation(step, output);
}

int Interpreter::slot_for(Run const& run, OfferEvent const& offer) const {
    return Deciding(*definition_, run, {}).slot_for(offer);
}

}  // namespace resolute::workflow
