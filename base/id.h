// Identifiers: 128-bit UUIDs, typed so that a run can never be mistaken for an approval.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace resolute {

using Uuid = std::array<std::uint8_t, 16>;

// Version 7 of RFC 9562: time in the first 48 bits, so that rows made together lie together.
Uuid uuid_v7(Timestamp at, Random& random);
std::string to_string(Uuid const& uuid);
std::optional<Uuid> parse_uuid(std::string_view text);

template <class Tag>
struct Id {
    Uuid value{};

    static Id make(Timestamp at, Random& random) { return {uuid_v7(at, random)}; }
    static std::optional<Id> parse(std::string_view text) {
        auto uuid = parse_uuid(text);
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }
    bool is_nil() const { return value == Uuid{}; }
    auto operator<=>(Id const&) const = default;
};

template <class Tag>
std::string to_string(Id<Tag> const& id) {
    return to_string(id.value);
}

}  // namespace resolute

template <class Tag>
struct std::hash<resolute::Id<Tag>> {
    std::size_t operator()(resolute::Id<Tag> const& id) const noexcept {
        std::uint64_t tail = 0;  // the random half of a v7 UUID
        for (int i = 8; i < 16; ++i) tail = (tail << 8) | id.value[static_cast<std::size_t>(i)];
        return static_cast<std::size_t>(tail);
    }
};
