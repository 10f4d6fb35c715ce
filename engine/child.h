// A run that a step of another run started, as its parent sees it.
//
// The parent's fact and the message that starts the child are one commit; so are the child's last
// fact and the message that tells its parent. Identities follow from the history, so neither
// happens twice. Pure.
#pragma once

#include "engine/fact.h"

namespace resolute {

// Of one that its step waits for.
struct Child {
    RunId run;
    std::string workflow;
    bool withdrawn = false;  // it was asked to stop; its end is still awaited
    std::optional<ChildEnded> end;
};

// The same for the same step of the same run at the same time.
RunId child_run_id(RunId parent, StepId const& step, Timestamp at);
// Of the message that goes with this event of that run.
MessageId message_id_of(RunId run, std::uint64_t sequence);
// Of the `part`-th, counted from 0, of several messages that go with one event.
MessageId message_id_of(RunId run, std::uint64_t sequence, std::size_t part);

}  // namespace resolute
