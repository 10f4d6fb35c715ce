// What one simulated world has shown: breaches of invariants, and how much was really tried.
//
// Values only. `Fault` is what went wrong on purpose, `Check` is what must be true all the same;
// both are counted, because a fault that never struck and a check that never looked prove nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"

namespace resolute::simulation {

enum class Fault {
    killed,
    killed_by_a_run,
    blamed_by_chance,
    paused,
    left,
    fenced,
    lease_held_back,
    shards_given_up,
    clock_ahead,
    store_refused,
    commit_slow,
    commit_answer_lost,
    commit_came_late,
    append_stale,
    load_refused,
    snapshot_lost,
    membership_refused,
    read_failed,
    refused_unsent,
    postponed,
    refused_by_tool,
    too_late_to_send,
    lost_before,
    lost_after,
    error_after_effect,
    arrived_late,
    delivered_twice,
    verification_lost,
    key_forgotten,
    reviewers_raced,
    decided_twice,
    decided_late,
    decided_by_initiator,
    decided_on_old_digest,
    policy_changed,
    signal_early,
    cancelled,
    run_paused,
    set_aside,
    start_repeated,
    count_
};

enum class Check {
    i1_intent_before_effect,
    i2_one_effect_per_key,
    i2_effect_iff_success,
    i3_approved_is_executed,
    i4_consumed_once_with_intent,
    i5_nothing_stale_consumed,
    i6_duties_and_quorum,
    i7_fenced_commits_nothing,
    i7_only_the_owner_commits,
    i7_fenced_sends_nothing,
    i8_no_retry_without_verdict,
    i9_rows_agree_with_history,
    i10_chain_verifies,
    i13_nothing_crosses_a_tenant,
    i14_denied_has_no_effect,
    i18_waiting_names_its_cause,
    acknowledged_is_kept,
    one_run_per_case,
    message_taken_once,
    event_heard_once,
    undone_in_reverse,
    one_run_per_item,
    inbox_is_emptied,
    snapshot_is_its_run,
    nothing_set_aside,
    poison_is_set_aside,
    blamed_by_two_deaths,
    everything_ends,
    over_asks_nobody,
    same_seed_same_bytes,
    count_
};

inline constexpr auto fault_count = static_cast<std::size_t>(Fault::count_);
inline constexpr auto check_count = static_cast<std::size_t>(Check::count_);

std::string_view to_string(Fault fault);
std::string_view to_string(Check check);

struct Breach {
    Check check;
    std::string what;
};

struct Report {
    std::vector<Breach> breaches;                // empty: the world is sound
    std::array<int, fault_count> faults{};       // how often each struck
    std::array<int, check_count> checks{};       // how often each had something to look at
    Digest digest;                               // of everything that was committed and done
    std::vector<std::string> trace;              // what happened, when it was asked for
    int runs = 0;
    int events = 0;
    int generated = 0;                           // runs of generated definitions

    void add(Report const& other);               // counts only
};

}  // namespace resolute::simulation
