// SHA-256 digests: what definitions are named by, what history is chained with, what people
// approve.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace resolute {

struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(Digest const&) const = default;
    bool is_zero() const { return *this == Digest{}; }
    std::string_view view() const {
        return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    }
};

// SHA-256 over the concatenation of the parts (FIPS 180-4). Thread-safe.
Digest sha256(std::initializer_list<std::string_view> parts);
inline Digest sha256(std::string_view bytes) { return sha256({bytes}); }

std::string to_string(Digest const& digest);           // 64 lower-case hexadecimal digits
std::string short_form(Digest const& digest);          // the first 12, for people
std::optional<Digest> parse_digest(std::string_view hex);
std::optional<Digest> digest_from_bytes(std::string_view bytes);  // exactly 32 bytes

std::string to_hex(std::string_view bytes);
void append_hex(std::string& to, std::string_view bytes);

}  // namespace resolute
