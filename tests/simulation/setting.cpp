#include "tests/simulation/setting.h"

#include <algorithm>

namespace resolute::simulation {
namespace {

// The highest rate that a seed may draw. Zero: a consequence of others, or drawn elsewhere.
double highest_rate(Fault fault) {
    switch (fault) {
        case Fault::killed:
        case Fault::paused: return 0.25;
        case Fault::left: return 0.15;
        case Fault::clock_ahead: return 0.9;
        case Fault::store_refused:
        case Fault::commit_answer_lost:
        case Fault::commit_came_late: return 0.08;
        case Fault::commit_slow: return 0.06;
        case Fault::append_stale: return 0.04;
        case Fault::load_refused:
        case Fault::membership_refused: return 0.15;
        case Fault::read_failed: return 0.25;
        case Fault::postponed: return 0.1;
        case Fault::refused_unsent:
        case Fault::lost_before: return 0.2;
        case Fault::refused_by_tool: return 0.1;
        case Fault::lost_after:
        case Fault::error_after_effect:
        case Fault::arrived_late: return 0.3;
        case Fault::delivered_twice: return 0.4;
        case Fault::snapshot_lost:
        case Fault::verification_lost: return 0.5;
        case Fault::reviewers_raced:
        case Fault::decided_twice:
        case Fault::decided_late:
        case Fault::decided_by_initiator:
        case Fault::decided_on_old_digest: return 0.4;
        case Fault::policy_changed: return 0.3;
        case Fault::signal_early: return 0.2;
        case Fault::cancelled:
        case Fault::set_aside: return 0.03;
        case Fault::run_paused: return 0.06;
        case Fault::start_repeated: return 0.5;
        case Fault::killed_by_a_run:
        case Fault::blamed_by_chance:
        case Fault::fenced:
        case Fault::lease_held_back:
        case Fault::shards_given_up:
        case Fault::key_forgotten:
        case Fault::too_late_to_send:
        case Fault::count_: break;
    }
    return 0;
}

}  // namespace

Setting::Setting(std::uint64_t seed, bool is_traced)
    : random_(seeded_random(seed)), is_traced_(is_traced) {
    for (std::size_t i = 0; i < fault_count; ++i) {
        bool const is_absent = maybe(0.4);
        double const share = random_->unit();
        if (!is_absent) rates_[i] = share * highest_rate(static_cast<Fault>(i));
    }
}

Duration Setting::some(Duration most) {
    auto const bound = static_cast<std::uint64_t>(std::max<Duration::rep>(0, most.count())) + 1;
    return Duration(static_cast<Duration::rep>(random_->below(bound)));
}

void Setting::at(Duration delay, std::function<void()> action) {
    agenda_.push_back({now_ + std::max(Duration::zero(), delay), order_++, std::move(action)});
    std::ranges::push_heap(agenda_, is_later);
}

bool Setting::go_on(Timestamp end) {
    if (agenda_.empty() || agenda_.front().at > end) return false;
    std::ranges::pop_heap(agenda_, is_later);
    auto const next = std::move(agenda_.back());
    agenda_.pop_back();
    now_ = next.at;
    next.act();
    return true;
}

bool Setting::strikes(Fault fault) {
    if (is_calm_ || !maybe(rates_[static_cast<std::size_t>(fault)])) return false;
    count(fault);
    return true;
}

void Setting::breach(Check check, std::string what) {
    if (is_traced_) note("BREACH of " + std::string(to_string(check)) + ": " + what);
    report_.breaches.push_back({check, std::move(what)});
}

void Setting::require(bool holds, Check check, char const* otherwise) {
    looked(check);
    if (!holds) breach(check, otherwise);
}

void Setting::note(std::string const& line) {
    if (is_traced_) report_.trace.push_back(to_string(now_).substr(11, 12) + " " + line);
}

}  // namespace resolute::simulation
