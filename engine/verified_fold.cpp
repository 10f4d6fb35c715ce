#include "engine/verified_fold.h"

#include "engine/chain.h"
#include "engine/corrupt_history.h"

namespace resolute {

VerifiedFold::VerifiedFold(RunId run) : run_{.id = run, .head = chain_start(run)} {}

void VerifiedFold::add(EncodedEvent const& event) {
    auto named = [&] { return "event " + std::to_string(run_.sequence + 1); };
    if (event.sequence != run_.sequence + 1) throw CorruptHistory(named() + " is missing");
    // The salt is in the first event, which it covers like any other.
    auto const salt = run_.sequence == 0 ? salt_of(event) : run_.started.salt;
    if (chain_next(run_.head, event, salt) != event.chain)
        throw CorruptHistory(named() + " does not match its chain value");
    apply(run_, decode(event));
    run_.head = event.chain;
}

}  // namespace resolute
