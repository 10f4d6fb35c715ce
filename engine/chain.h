// The hash chain of a history: each event covers all before it, so nothing can be changed unseen.
//
// chain_0 = SHA-256("resolute history 1" || run id)
// chain_n = SHA-256(chain_{n-1} || sequence || at || kind || SHA-256(salt || body))
// with sequence and at as 8 and kind as 2 big-endian bytes, and the salt of the run's first event.
#pragma once

#include "engine/codec.h"

namespace resolute {

Digest chain_start(RunId run);
Digest chain_next(Digest const& before, EncodedEvent const& event, std::string_view salt);

// The salt of a history, from its first event; "" when that starts no run. Throws CorruptHistory.
std::string salt_of(EncodedEvent const& first);

// The first sequence whose chain, order or gap is wrong; none when all of it verifies.
struct ChainFault { std::uint64_t sequence = 0; std::string what; };
std::optional<ChainFault> verify_chain(RunId run, std::vector<EncodedEvent> const& events);

}  // namespace resolute
