// How a schedule goes on at moments: those of a clock, and those after the end of a run.
#include <algorithm>

#include "base/limits.h"
#include "workflow/arguments.h"
#include "workflow/firing.h"

namespace resolute::workflow {

// The same for the same fire, so that it does not move when it is looked at again.
Duration Firing::delay_of(Timestamp time) const {
    auto const most = static_cast<std::uint64_t>(schedule_.jitter.count());
    if (most == 0) return {};
    auto const digest = sha256({"jitter|", to_string(row_.schedule), "|", to_string(time)});
    std::uint64_t drawn = 0;
    for (std::size_t i = 0; i < 8; ++i) drawn = drawn << 8 | digest.bytes[i];
    return Duration(static_cast<std::int64_t>(drawn % most));
}

void Firing::start_at(Timestamp time, Concern concern) {
    auto run = start_for(to_string(time), time, "schedule " + row_.workflow.name, {});
    if (run && concern == Concern::end) step_.state.open.push_back(*std::move(run));
}

Payload Firing::input_at(Timestamp time) {
    if (std::holds_alternative<Schedule::On>(schedule_.when)) return Payload(Json::array());
    Json const about{{"scheduledAt", to_string(time)}};
    if (!schedule_.input) return Payload(about);
    Arguments arguments({definition_, nobody_, situation_.now}, Payload(about));
    return schedule_.input->evaluate(arguments);
}

void Firing::at_times() {
    if (step_.state.open.empty() && step_.state.buffered) start_buffered();
    for (std::size_t count = 0;; ++count) {
        auto const time = schedule_.next(*step_.state.last);
        if (!time) break;
        auto const due = *time + delay_of(*time);
        if (due > situation_.now || count == limits::schedule_fires_per_step) {
            look_again(std::max(due, situation_.now));
            break;
        }
        auto const window =
            std::max<Duration>(schedule_.catch_up, std::chrono::seconds(limits::schedule_late_s));
        step_.state.last = *time;
        if (due + window < situation_.now)
            leave_out_missed(*time);
        else
            fire_at(*time);
    }
    if (step_.state.buffered) recheck();
}

// All that were missed too long ago, at once, however many they are.
void Firing::leave_out_missed(Timestamp time) {
    auto const window =
        std::max<Duration>(schedule_.catch_up, std::chrono::seconds(limits::schedule_late_s));
    step_.state.last = std::max(time, situation_.now - window - schedule_.jitter);
    note(to_string(time), "missed",
         "from then until " + to_string(*step_.state.last) + " nobody was there to start runs");
}

void Firing::fire_at(Timestamp time) {
    auto& state = step_.state;
    bool const is_free = state.open.empty() && !state.buffered;
    auto const key = to_string(time);
    if (schedule_.overlap == Schedule::Overlap::allow) return start_at(time, Concern::none);
    if (is_free) return start_at(time, Concern::end);
    if (schedule_.overlap == Schedule::Overlap::skip)
        return note(key, "skipped", "an earlier run is open", state.open.front().run);
    if (schedule_.overlap == Schedule::Overlap::buffer) {
        if (state.buffered) return note(key, "skipped", "an earlier fire waits already");
        state.buffered = time;
        return;
    }
    cancel_open();
    if (state.buffered) note(to_string(*state.buffered), "skipped", "a later fire came");
    state.buffered = time;
}

void Firing::start_buffered() {
    auto const time = *std::exchange(step_.state.buffered, std::nullopt);
    start_at(time, Concern::end);
}

void Firing::after_the_last(Duration pause) {
    auto& state = step_.state;
    // Its end is known before half of the pause is over.
    Duration const patience =
        std::clamp<Duration>(pause / 2, std::chrono::milliseconds(limits::schedule_recheck_ms),
                             std::chrono::seconds(limits::schedule_late_s));
    if (!state.open.empty()) return look_again(situation_.now + patience);
    auto const time = state.ended_at ? std::max(*state.ended_at + pause, *state.last) : *state.last;
    auto const due = time + delay_of(time);
    if (due > situation_.now) return look_again(due);
    start_at(time, Concern::end);
    if (state.open.empty()) state.ended_at = situation_.now;  // its input could not be made
    look_again(situation_.now + patience);
}

}  // namespace resolute::workflow
