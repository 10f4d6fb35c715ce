// The part of the Recorder that deals with events: those that a step emits, waits for and is
// given.
#include "engine/recorder.h"

namespace resolute {

// An event for a step that does not wait any more goes back to where it came from; nothing in the
// history says so, only that the message was taken.
std::optional<Failure> Recorder::event_offered(MessageId id, OfferEvent const& offer) {
    auto const found = run_.listening.find(offer.step);
    bool const wanted = found != run_.listening.end() && found->second.waits && !run_.is_closed();
    if (wanted)
        record(EventReceived{offer.step, around_.workflow.slot_for(run_, offer), offer.position,
                             offer.event});
    else
        live_.projection.events.push_back(
            {EventChange::Kind::returned, offer.step,
             Payload(Json{{"position", offer.position}, {"message", to_string(id)}})});
    return std::nullopt;
}

void Recorder::stop_listening(StepId const& step) {
    std::vector<StepId> open;
    for (auto const& [id, listening] : run_.listening)
        if (is_within(id, step) && listening.waits) open.push_back(id);
    for (auto const& id : open) record(ListeningEnded{id});
}

}  // namespace resolute
