#include "engine/schedule.h"

#include <algorithm>

#include "engine/corrupt_history.h"

namespace resolute {
namespace {

Json to_json(std::optional<Timestamp> const& at) { return at ? Json(to_string(*at)) : Json(); }

std::optional<Timestamp> time_of(Json const& value) {
    if (value.is_null()) return std::nullopt;
    return parse_timestamp(value.get<std::string>()).value();
}

RunId run_of(Json const& value) {
    auto const run = RunId::parse(value.get<std::string>());
    if (!run) throw CorruptHistory("a schedule names the run `" + value.get<std::string>() + "`");
    return *run;
}

Json to_json(ScheduledRun const& run) {
    return {{"run", to_string(run.run)}, {"key", run.key}, {"cancelled", run.is_cancelled}};
}

ScheduledRun scheduled_run(Json const& json) {
    return {run_of(json.at("run")), json.at("key"), json.at("cancelled")};
}

Json to_json(Fired const& fired) {
    return {{"key", fired.key},
            {"what", fired.what},
            {"why", fired.why},
            {"run", fired.run ? Json(to_string(*fired.run)) : Json()},
            {"at", to_string(fired.at)}};
}

Fired fired_from(Json const& json) {
    Fired fired{json.at("key"), json.at("what"), json.at("why"), {}, *time_of(json.at("at"))};
    if (!json.at("run").is_null()) fired.run = run_of(json.at("run"));
    return fired;
}

Json to_json(Backfill const& backfill) {
    return {{"after", to_string(backfill.after)},
            {"until", to_string(backfill.until)},
            {"sideBySide", backfill.side_by_side},
            {"by", backfill.by},
            {"reason", backfill.reason},
            {"run", backfill.run ? to_json(*backfill.run) : Json()}};
}

Backfill backfill_from(Json const& json) {
    Backfill backfill{*time_of(json.at("after")), *time_of(json.at("until")), json.at("sideBySide"),
                      json.at("by"), json.value("reason", std::string())};
    if (!json.at("run").is_null()) backfill.run = scheduled_run(json.at("run"));
    return backfill;
}

template <class Item, class Write>
Json list_of(std::vector<Item> const& items, Write write) {
    auto list = Json::array();
    for (auto const& item : items) list.push_back(write(item));
    return list;
}

template <class Item, class Read>
void read_list(Json const& list, std::vector<Item>& into, Read read) {
    for (auto const& item : list) into.push_back(read(item));
}

}  // namespace

ScheduleId schedule_of(std::string_view tenant, std::string_view workflow) {
    auto const digest = sha256({"schedule|", tenant, "|", workflow});
    ScheduleId id;
    std::copy_n(digest.bytes.begin(), id.value.size(), id.value.begin());
    id.value[6] = static_cast<std::uint8_t>((id.value[6] & 0x0fu) | 0x80u);
    id.value[8] = static_cast<std::uint8_t>((id.value[8] & 0x3fu) | 0x80u);
    return id;
}

Json to_json(ScheduleState const& state) {
    Json json{{"planned", to_string(state.planned)},
              {"last", to_json(state.last)},
              {"open", list_of(state.open, [](auto const& run) { return to_json(run); })},
              {"endedAt", to_json(state.ended_at)},
              {"buffered", to_json(state.buffered)},
              {"recent", list_of(state.recent, [](auto const& one) { return to_json(one); })}};
    json["collected"] = list_of(state.collected, [](HeardEvent const& heard) {
        return Json{{"slot", heard.slot}, {"event", heard.event}};
    });
    json["triggers"] = list_of(state.triggers, [](Trigger const& trigger) {
        return Json{{"by", trigger.by}, {"at", to_string(trigger.at)}};
    });
    if (state.pause)
        json["pause"] = {{"by", state.pause->by},
                         {"reason", state.pause->reason},
                         {"at", to_string(state.pause->at)}};
    if (state.backfill) json["backfill"] = to_json(*state.backfill);
    return json;
}

ScheduleState schedule_state_from_json(Json const& json) {
    ScheduleState state;
    if (json.empty()) return state;  // of a schedule that nobody has looked at yet
    try {
        state.planned = parse_digest(json.at("planned").get<std::string>()).value_or(Digest{});
        state.last = time_of(json.at("last"));
        state.ended_at = time_of(json.at("endedAt"));
        state.buffered = time_of(json.at("buffered"));
        read_list(json.at("open"), state.open, scheduled_run);
        read_list(json.at("recent"), state.recent, fired_from);
        read_list(json.at("collected"), state.collected, [](Json const& heard) {
            return HeardEvent{heard.at("slot"), heard.at("event")};
        });
        read_list(json.at("triggers"), state.triggers, [](Json const& trigger) {
            return Trigger{trigger.at("by"), *time_of(trigger.at("at"))};
        });
        if (json.contains("pause")) {
            auto const& pause = json.at("pause");
            state.pause = {pause.at("by"), pause.at("reason"), *time_of(pause.at("at"))};
        }
        if (json.contains("backfill")) state.backfill = backfill_from(json.at("backfill"));
    } catch (CorruptHistory const&) {
        throw;
    } catch (std::exception const& error) {
        throw CorruptHistory(std::string("the state of a schedule cannot be read: ") +
                             error.what());
    }
    return state;
}

}  // namespace resolute
