// The life of one activity: a tool call, a model call, anything that reaches outside the engine.
//
//   proposed -> denied | running (approved)
//   running  -> succeeded | failed (surely not applied) | backing off -> running
//   running  -> uncertain (no answer) -> verified: succeeded | backing off (absent, or the same key
//   is sent again) | a person decides
//
// An attempt that was sent again before it was known stays in doubt until its key is answered. A
// key that is refused, or may not be sent once more, tells nothing of it, and a person decides.
#pragma once

#include <variant>

#include "engine/fact.h"

namespace resolute::activity {

struct Proposed { };                                                  // waits for an approval
struct Running {
    int attempt = 1;
    Timestamp deadline;
    bool in_doubt = false;  // what became of an earlier attempt is not known
};
// `attempts` were made; a call that was only postponed is none
struct BackingOff {
    int attempts = 1;
    Timestamp retry_at;
    Failure why;
    Payload evidence;
    bool in_doubt = false;  // what became of an attempt is not known: the next one will tell
};
struct Uncertain {
    int attempt = 1;
    Timestamp since;
    std::optional<Timestamp> verify_at;
    Failure why;
    int verifications = 0;
    Timestamp deadline;     // of the attempt: until then it may still be sent
    bool refused = false;  // sending the same key once more was refused for good
};
struct Succeeded { Payload output; };
// denied, cancelled or out of attempts
struct Failed { Failure error; };

using State = std::variant<Proposed, Running, BackingOff, Uncertain, Succeeded, Failed>;

}  // namespace resolute::activity

namespace resolute {

struct Activity {
    ActivityIntent intent;
    activity::State state;

    bool is_settled() const {
        return std::holds_alternative<activity::Succeeded>(state) ||
               std::holds_alternative<activity::Failed>(state);
    }
};

// Folds one fact about this activity. Throws CorruptHistory for a transition that is not in the
// table.
void apply(Activity& activity, Fact const& fact, Timestamp at);

}  // namespace resolute
