#include "console/causes.h"

#include "base/error_codes.h"
#include "base/limits.h"
#include "console/cause_codes.h"

namespace resolute::console {
namespace {

constexpr Duration patience = std::chrono::seconds(10);  // for an owner to take up what is due

Cause quarantine_cause(RunRow const& row) {
    bool const undefined = row.waits_sentence.starts_with("its definition");
    if (row.waits_sentence.find("is code that") != std::string::npos && undefined)
        return {.code = causes::code_missing,
                .sentence = "The run was set aside: " + row.waits_sentence,
                .remedy =
                    "Start a program that has this workflow on this database; the run goes "
                    "on then."};
    return {.code = undefined ? causes::definition_missing : causes::quarantined,
            .sentence = "The run was set aside: " + row.waits_sentence,
            .remedy = (undefined ? "Deploy its workflow to this database, then `resolute release "
                                 : "Mend the cause, then `resolute release ") +
                      to_string(row.run) + "`."};
}

std::optional<Cause> ownership_cause(RunRow const& row, std::optional<ShardOwner> const& owner,
                                     Timestamp now) {
    auto const shard = "shard " + std::to_string(row.shard);
    if (!owner)
        return Cause{.code = causes::shard_unowned,
                     .sentence = "No process serves its " + shard + ".",
                     .remedy = "Start one: `resolute serve`."};
    if (!owner->fenced && owner->expires_at >= now) return std::nullopt;
    return Cause{.code = causes::owner_lease_lost,
                 .sentence = "The process `" + owner->name + "` that serves its " + shard +
                             " has not been heard of since its lease ended at " +
                             to_string(owner->expires_at) + ".",
                 .remedy = "Another process takes the shard over; start one when none runs."};
}

// It should have moved by itself and did not.
std::optional<Cause> lateness_cause(Run const& run, Timestamp updated_at, Timestamp now) {
    auto since = next_due(run);
    if (!since && waits_of(run).empty()) since = updated_at;
    if (!since || *since + patience > now) return std::nullopt;
    return Cause{.code = causes::owner_behind,
                 .sentence = "It could have moved on since " + to_string(*since) +
                             " and its owner did not take it up.",
                 .remedy =
                     "The database is slow or the process has more to do than it can; see "
                     "its log for `commit delayed` and `looking at the store failed`."};
}

// A call that failed and is tried again: what kept it?
Cause retry_cause(Activity const& activity, Failure const& why) {
    if (why.code == codes::tool_paused)
        return {.code = causes::breaker_open,
                .remedy =
                    "Its tool failed several times in a row and is left alone for a while; "
                    "see whether the system behind it is up."};
    if (why.code == codes::tool_busy)
        return {.code = causes::tool_limit,
                .remedy = "Raise the tool's `concurrency`, or wait for other calls to end."};
    if (activity.intent.kind == "model" && why.type.ends_with("communication"))
        return {.code = causes::model_unreachable,
                .remedy = "See whether the model's backend is up; `resolute config` has its URL."};
    return {.code = causes::retrying, .remedy = {}};
}

// Of the runs that a step started over a list, any one.
std::optional<RunId> run_waited_for(Run const& run, StepId const& step) {
    if (auto const child = run.children.find(step); child != run.children.end())
        return child->second.run;
    auto const mapping = run.mappings.find(step);
    if (mapping == run.mappings.end() || mapping->second.under_way.empty()) return std::nullopt;
    return mapping->second.under_way.begin()->first;
}

// Runs of other tenants are counted, and not named.
Cause place_cause(std::optional<store::PlaceQueue> const& place) {
    Cause cause{.code = causes::waits_for_place,
                .remedy = "It is given one when another of these runs is over."};
    if (!place) return cause;
    if (place->opens_at) cause.remedy = "It is given one when the time has come.";
    if (!place->holder) return cause;
    cause.remedy = std::to_string(place->held) + (place->held == 1 ? " run has" : " runs have") +
                   " one; `resolute show " + to_string(*place->holder) + "` says what " +
                   (place->held == 1 ? "it" : "the first") + " waits for.";
    return cause;
}

Cause cause_of(RunReading const& reading, WaitsFor const& wait) {
    auto const& run = *reading.state;
    Cause cause;
    switch (wait.cause) {
        case WaitsFor::Cause::activity: cause.code = causes::waits_for_answer; break;
        case WaitsFor::Cause::approval:
            cause.code = causes::waits_for_approval;
            cause.remedy = "`resolute approvals` lists what waits for a person.";
            break;
        case WaitsFor::Cause::timer: cause.code = causes::waits_for_timer; break;
        case WaitsFor::Cause::signal:
            cause.code = causes::waits_for_signal;
            cause.remedy = "`resolute signal " + to_string(run.id) + " NAME` sends one.";
            break;
        case WaitsFor::Cause::verification: cause.code = causes::settling; break;
        case WaitsFor::Cause::child:
            cause.code = causes::waits_for_run;
            if (auto const one = run_waited_for(run, wait.step))
                cause.remedy =
                    "`resolute show " + to_string(*one) + "` says what that run waits for.";
            break;
        case WaitsFor::Cause::event:
            cause.code = causes::waits_for_event;
            cause.remedy = "`resolute emit TYPE` sends one.";
            break;
        case WaitsFor::Cause::place: cause = place_cause(reading.place); break;
        case WaitsFor::Cause::paused:
            cause.code = causes::paused;
            cause.remedy = "`resolute resume " + to_string(run.id) + "` lets it go on.";
            break;
        case WaitsFor::Cause::person:
            cause.code = causes::waits_for_person;
            cause.remedy = "Find out in the system itself, then answer in `resolute approvals`.";
            break;
        case WaitsFor::Cause::retry: {
            auto const& activity = run.activities.at(wait.step);
            cause = retry_cause(activity, std::get<activity::BackingOff>(activity.state).why);
            break;
        }
    }
    cause.sentence = "It waits " + wait.sentence + ".";
    cause.step = wait.step;
    cause.until = wait.until;
    if (wait.cause == WaitsFor::Cause::place && reading.place)
        cause.until = reading.place->opens_at;
    return cause;
}

bool is_over(RunRow const& row) {
    return row.status == RunRow::Status::completed || row.status == RunRow::Status::faulted ||
           row.status == RunRow::Status::cancelled;
}

}  // namespace

std::vector<Cause> causes_of(RunReading const& reading, std::optional<ShardOwner> const& owner,
                             Timestamp now) {
    if (is_over(reading.row)) return {};
    std::vector<Cause> causes;
    bool const aside = reading.row.status == RunRow::Status::quarantined;
    if (aside)
        causes.push_back(quarantine_cause(reading.row));
    else if (auto cause = ownership_cause(reading.row, owner, now))
        causes.push_back(*cause);
    // Without a state the run is set aside for that, or will be when it is resumed.
    if (!reading.state) return causes;
    auto const& run = *reading.state;
    if (run.is_closed()) return {};
    if (causes.empty())
        if (auto cause = lateness_cause(run, reading.updated_at, now)) causes.push_back(*cause);
    for (auto const& wait : waits_of(run)) {
        if (causes.size() == limits::page_longest) break;  // of thousands of branches
        causes.push_back(cause_of(reading, wait));
    }
    return causes;
}

Json causes_json(std::vector<Cause> const& causes) {
    auto list = Json::array();
    for (auto const& cause : causes)
        list.push_back({{"code", cause.code},
                        {"sentence", cause.sentence},
                        {"step", cause.step.path.empty() ? Json() : Json(cause.step.path)},
                        {"until", cause.until ? Json(to_string(*cause.until)) : Json()},
                        {"remedy", cause.remedy.empty() ? Json() : Json(cause.remedy)}});
    return list;
}

}  // namespace resolute::console
