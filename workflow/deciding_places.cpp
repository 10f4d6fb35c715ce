// The places that a run must have before its work begins, asked for one after the other.
#include "workflow/admission.h"
#include "workflow/deciding.h"

namespace resolute::workflow {

// Evaluated once: what is still to be waited for stands in the facts from then on.
bool Deciding::waits_for_places() {
    if (!definition_.admission) return false;
    Arguments arguments({definition_, run_, now_}, run_.started.input);
    auto filters = Json::array();
    for (auto& place : places_of(*definition_.admission, run_.started, arguments))
        filters.push_back({{"slot", filters.size()}, {"type", ""}, {"place", std::move(place)}});
    if (filters.empty()) return false;
    commands_.push_back(AwaitEvents{StepId{}, Payload(std::move(filters))});
    return true;
}

// The first that was waited for is given; there may be others.
void Deciding::on_place() {
    auto const& listening = run_.listening.at(StepId{});
    if (listening.waits) return;
    auto rest = listening.filters.json();
    rest.erase(0);
    if (rest.empty()) return begin_work();
    commands_.push_back(AwaitEvents{StepId{}, Payload(std::move(rest))});
}

}  // namespace resolute::workflow
