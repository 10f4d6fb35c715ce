// What would undo a call, computed as soon as it is known that the call had its effect.
#include "workflow/deciding.h"

namespace resolute::workflow {

std::optional<CompensationPlanned> Deciding::compensation(StepId const& id,
                                                          Payload const& output) const {
    auto const* call = std::get_if<Call>(&step_at(id).what);
    if (!call || !call->compensate) return std::nullopt;
    auto const& how = *call->compensate;
    CompensationPlanned plan{.step = id, .kind = "tool", .request = {}};
    Json request{{"tool", how.tool}};
    try {
        auto arguments = arguments_inside(spot_of(id));
        arguments.set_output(output);
        request["arguments"] = how.arguments.evaluate(arguments).json();
    } catch (Fault& fault) {
        plan.error = std::move(fault.error);
    }
    plan.request = Payload(std::move(request));
    return plan;
}

}  // namespace resolute::workflow
