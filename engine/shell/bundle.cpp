#include "engine/shell/bundle.h"

#include <deque>
#include <limits>

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

// Page by page what can be read of a history: the last events, and as much of a fold as it gives.
struct Reading {
    explicit Reading(RunId run) : fold(run) {}

    void read(EventStore& store) {
        auto const run = fold.run().id;
        std::vector<EncodedEvent> page;
        do {
            auto stored = store.load(run, events, limits::events_per_load);
            page = stored ? std::move(stored->events) : std::vector<EncodedEvent>();
            for (auto const& event : page) add(event);
        } while (!page.empty());
    }

    void add(EncodedEvent const& event) {
        ++events;
        last.push_back(event_json(event));
        if (last.size() > limits::bundle_events) last.pop_front();
        if (!fault.empty()) return;
        try {
            fold.add(event);
        } catch (CorruptHistory const& error) {
            fault = error.what();
        }
    }

    VerifiedFold fold;
    std::size_t events = 0;
    std::deque<Json> last;
    std::string fault;
};

}  // namespace

std::string diagnostic_bundle(EventStore& store, RunId run, std::string const& reason,
                              Timestamp at) {
    Json bundle{{"run", to_string(run)}, {"reason", reason}, {"at", to_string(at)}};
    constexpr std::uint64_t behind_all = std::numeric_limits<std::int64_t>::max();
    auto const stored = store.load(run, behind_all, 1);
    if (!stored) return to_text(bundle);
    bundle["workflow"] = {{"name", stored->row.workflow.name},
                          {"version", stored->row.workflow.version},
                          {"digest", to_string(stored->row.workflow.digest)}};
    Reading reading(run);
    try {
        reading.read(store);
    } catch (CorruptHistory const& error) {
        if (reading.fault.empty()) reading.fault = error.what();
    }
    bundle["events"] = reading.events;
    bundle["lastEvents"] = reading.last;
    if (!reading.fault.empty()) bundle["history"] = reading.fault;
    auto const& fold = reading.fold.run();
    bundle["foldedTo"] = fold.sequence;
    bundle["openCalls"] = open_calls(fold);
    bundle["waits"] = waits(fold);
    return to_text(bundle);
}

}  // namespace resolute::shell
