#include <charconv>

#include "engine/corrupt_history.h"
#include "engine/store/rows.h"

namespace resolute::store {
namespace {

[[noreturn]] void damaged(std::string_view text, char const* expected) {
    throw CorruptHistory("the database holds `" + std::string(text.substr(0, 80)) + "` where " +
                         expected + " must be");
}

std::int64_t number(std::string_view text, char const* expected) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) damaged(text, expected);
    return value;
}

int nibble(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

// Days since 1970-01-01 of a date of the Gregorian calendar.
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
    using namespace std::chrono;
    auto const date =
        std::chrono::year(static_cast<int>(year)) / static_cast<int>(month) / static_cast<int>(day);
    return sys_days(date).time_since_epoch().count();
}

constexpr char a_time[] = "a time";

}  // namespace

std::int64_t Cell::integer() const { return number(view(), "a number"); }

// The session speaks ISO and UTC: "2026-03-01 09:30:00.123456+00", the fraction without trailing
// zeros.
Timestamp Cell::time() const {
    auto const text = view();
    if (text.size() < 22 || text[4] != '-' || text[10] != ' ' || !text.ends_with("+00"))
        damaged(text, a_time);
    auto part = [&](std::size_t at, std::size_t length) {
        return number(text.substr(at, length), a_time);
    };
    auto seconds = days(part(0, 4), part(5, 2), part(8, 2)) * 86'400;
    seconds += part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2);
    std::string fraction(text.substr(19, text.size() - 22));
    if (!fraction.empty()) fraction.erase(0, 1);
    fraction.resize(6, '0');
    return {seconds * 1'000'000 + number(fraction, a_time)};
}

std::optional<Timestamp> Cell::optional_time() const {
    if (is_null()) return std::nullopt;
    return time();
}

Uuid Cell::uuid() const {
    auto const parsed = parse_uuid(view());
    if (!parsed) damaged(view(), "a UUID");
    return *parsed;
}

std::string Cell::bytes() const {
    auto const text = view();
    if (!text.starts_with("\\x") || text.size() % 2 != 0) damaged(text, "bytes");
    std::string bytes(text.size() / 2 - 1, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const high = nibble(text[2 * i + 2]);
        auto const low = nibble(text[2 * i + 3]);
        if (high < 0 || low < 0) damaged(text, "bytes");
        bytes[i] = static_cast<char>(high << 4 | low);
    }
    return bytes;
}

Digest Cell::digest() const {
    auto const digest = digest_from_bytes(bytes());
    if (!digest) damaged(view(), "a digest");
    return *digest;
}

}  // namespace resolute::store
