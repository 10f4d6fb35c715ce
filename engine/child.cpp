#include "engine/child.h"

#include <algorithm>

namespace resolute {
namespace {

Uuid first_bytes(Digest const& digest) {
    Uuid uuid;
    std::copy_n(digest.bytes.begin(), uuid.size(), uuid.begin());
    return uuid;
}

void set_version(Uuid& uuid, unsigned version) {
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0fu) | (version << 4));
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3fu) | 0x80u);
}

}  // namespace

RunId child_run_id(RunId parent, StepId const& step, Timestamp at) {
    auto uuid = first_bytes(sha256({"child|", to_string(parent), "|", step.path}));
    auto milliseconds = static_cast<std::uint64_t>(at.microseconds / 1'000);
    for (std::size_t i = 6; i-- > 0; milliseconds >>= 8)
        uuid[i] = static_cast<std::uint8_t>(milliseconds & 0xffu);
    set_version(uuid, 7);
    return RunId{uuid};
}

MessageId message_id_of(RunId run, std::uint64_t sequence) {
    auto uuid = first_bytes(sha256({"message|", to_string(run), "|", std::to_string(sequence)}));
    set_version(uuid, 8);
    return MessageId{uuid};
}

MessageId message_id_of(RunId run, std::uint64_t sequence, std::size_t part) {
    auto uuid = first_bytes(sha256(
        {"message|", to_string(run), "|", std::to_string(sequence), "|", std::to_string(part)}));
    set_version(uuid, 8);
    return MessageId{uuid};
}

}  // namespace resolute
