#include "workflow/interpreter.h"

#include "workflow/deciding.h"

namespace resolute::workflow {

Commands Interpreter::decide(Run const& run, Event const& event) const {
    return Deciding(*definition_, run, event.at).on(event);
}

Commands Interpreter::resume(Run const& run, Timestamp now) const {
    return Deciding(*definition_, run, now).resume();
}

}  // namespace resolute::workflow
