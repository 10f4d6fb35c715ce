// Every point at which a test may kill, pause or cut off a process; `./dev crashpoints` visits all.
//
// One name a line, in the order in which a run meets them; the runner reads this file. Each point
// stands in the code exactly once.
#pragma once

#include <string_view>

namespace resolute::failpoint {

inline constexpr std::string_view names[] = {
    // a member and its shards
    "member.joined",
    "lease.renewing",
    "lease.renewed",
    "shards.claiming",
    "shards.fenced",
    "shards.claimed",
    "shards.owned",
    "shards.given_away",
    "shards.drained",
    "shards.releasing",
    "shards.released",
    "member.leaving",
    // a start, a message, a wake-up
    "start.taken",
    "start.answering",
    "start.answered",
    "inbox.found",
    "inbox.taken",
    "message.forwarded",
    "wake.found",
    "wake.taken",
    "timer.fired",
    // a commit
    "commit.sending",
    "commit.answered",
    "verdicts.delivering",
    "verdicts.delivered",
    "approval.requested",
    "approval.decided",
    "approval.consumed",
    // an effect
    "effect.dispatching",
    "effect.sending",
    "effect.sent",
    "effect.answered",
    "outcome.received",
    "outcome.recorded",
    "verification.asking",
    "verification.answered",
    // a parked run comes back
    "load.reading",
    "load.read",
    "load.folded",
    "snapshot.keeping",
    "snapshot.kept",
    // what a dead process left is resumed
    "probation.marked",
    "probation.trying",
    "probation.cleared",
    // an event goes to a webhook
    "webhook.sorting",
    "webhook.sorted",
    "webhook.claimed",
    "webhook.sending",
    "webhook.answered",
    "webhook.settling",
    "webhook.settled",
};

}  // namespace resolute::failpoint
