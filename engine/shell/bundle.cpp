#include "engine/shell/bundle.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/corrupt_history.h"
#include "engine/names.h"
#include "engine/verified_fold.h"

namespace resolute::shell {
namespace {

Json event_json(EncodedEvent const& event) {
    return {{"sequence", event.sequence},
            {"at", to_string(event.at)},
            {"kind", kind_name(event.kind)},
            {"bytes", event.body.size()},
            {"chain", to_string(event.chain)}};
}

Json open_calls(Run const& run) {
    auto calls = Json::array();
    for (auto const& [step, activity] : run.activities)
        calls.push_back({{"step", step.path},
                         {"kind", activity.intent.kind},
                         {"target", activity.intent.target},
                         {"effect", name(activity.intent.effect)},
                         {"key", activity.intent.key},
                         {"settled", activity.is_settled()}});
    return calls;
}

Json waits(Run const& run) {
    auto list = Json::array();
    for (auto const& wait : waits_of(run))
        list.push_back({{"code", to_string(wait.cause)},
                        {"step", wait.step.path},
                        {"sentence", wait.sentence}});
    return list;
}

}  // namespace

std::string diagnostic_bundle(EventStore& store, RunId run, std::string const& reason,
                              Timestamp at) {
    Json bundle{{"run", to_string(run)}, {"reason", reason}, {"at", to_string(at)}};
    auto const stored = store.load(run);
    if (!stored) return to_text(bundle);
    bundle["workflow"] = {{"name", stored->row.workflow.name},
                          {"version", stored->row.workflow.version},
                          {"digest", to_string(stored->row.workflow.digest)}};
    bundle["events"] = stored->events.size();
    bundle["lastEvents"] = Json::array();
    auto const shown = std::min(stored->events.size(), limits::bundle_events);
    for (auto i = stored->events.size() - shown; i < stored->events.size(); ++i)
        bundle["lastEvents"].push_back(event_json(stored->events[i]));
    VerifiedFold fold(run);
    try {
        for (auto const& event : stored->events) fold.add(event);
    } catch (CorruptHistory const& error) {
        bundle["history"] = error.what();
    }
    bundle["foldedTo"] = fold.run().sequence;
    bundle["openCalls"] = open_calls(fold.run());
    bundle["waits"] = waits(fold.run());
    return to_text(bundle);
}

}  // namespace resolute::shell
