#include "engine/verified_fold.h"

#include "engine/chain.h"
#include "engine/corrupt_history.h"

namespace resolute {

VerifiedFold::VerifiedFold(RunId run) : run_{.id = run, .head = chain_start(run)} {}

void VerifiedFold::add(EncodedEvent const& event) {
    auto named = [&] { return "event " + std::to_string(run_.sequence + 1); };
    if (event.sequence != run_.sequence + 1) throw CorruptHistory(named() + " is missing");
    // The salt is in the first event, which it covers like any other.
    std::string salt = run_.started.salt;
    if (run_.sequence == 0)
        if (auto const fact = decode(event.kind, event.body);
            auto* first = std::get_if<RunStarted>(&fact))
            salt = first->salt;
    if (chain_next(run_.head, event, salt) != event.chain)
        throw CorruptHistory(named() + " does not match its chain value");
    apply(run_, decode(event));
    run_.head = event.chain;
}

}  // namespace resolute
