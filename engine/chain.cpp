#include "engine/chain.h"

namespace resolute {
namespace {

void put(char* out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
}

}  // namespace

Digest chain_start(RunId run) {
    std::string_view const id(reinterpret_cast<char const*>(run.value.data()), run.value.size());
    return sha256({"resolute history 1", id});
}

Digest chain_next(Digest const& before, EncodedEvent const& event, std::string_view salt) {
    char header[18];
    put(header, event.sequence, 8);
    put(header + 8, static_cast<std::uint64_t>(event.at.microseconds), 8);
    put(header + 16, static_cast<std::uint64_t>(event.kind), 2);
    auto const body = sha256({salt, event.body});
    return sha256({before.view(), std::string_view(header, sizeof header), body.view()});
}

std::string salt_of(EncodedEvent const& first) {
    auto fact = decode(first.kind, first.body);
    auto* started = std::get_if<RunStarted>(&fact);
    return started ? std::move(started->salt) : std::string();
}

std::optional<ChainFault> verify_chain(RunId run, std::vector<EncodedEvent> const& events) {
    if (events.empty()) return ChainFault{1, "the history is empty"};
    std::string salt;
    try {
        salt = salt_of(events.front());
    } catch (std::exception const& error) {
        return ChainFault{1, error.what()};
    }
    Digest head = chain_start(run);
    std::uint64_t expected = 1;
    for (auto const& event : events) {
        if (event.sequence != expected)
            return ChainFault{expected, "event " + std::to_string(expected) + " is missing"};
        head = chain_next(head, event, salt);
        if (head != event.chain)
            return ChainFault{
                expected, "event " + std::to_string(expected) + " does not match its chain value"};
        ++expected;
    }
    return std::nullopt;
}

}  // namespace resolute
