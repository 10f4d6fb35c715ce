#include "base/canonical_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error_codes.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace resolute {
namespace {

constexpr std::uint64_t largest_exact_integer = std::uint64_t{1} << 53;

// ECMA-262, Number::toString: the shortest digits that read back as the same double, laid out in
// decimal notation between 1e-6 and 1e21 and in exponential notation elsewhere.
void write_double(std::string& out, double value) {
    if (value == 0) {
        out += '0';  // negative zero too
        return;
    }
    if (value < 0) out += '-';
    char text[32];
    auto const end =
        std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific)
            .ptr;
    auto* const mark = std::find(text, end, 'e');
    int exponent = 0;
    std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, end, exponent);
    std::string digits(1, text[0]);
    if (mark - text > 2) digits.append(text + 2, mark);  // without the point

    int const count = static_cast<int>(digits.size());
    int const point = exponent + 1;  // the decimal point stands after this many digits
    if (count <= point && point <= 21) {
        out += digits;
        out.append(static_cast<std::size_t>(point - count), '0');
    } else if (0 < point && point <= 21) {
        out += digits.insert(static_cast<std::size_t>(point), 1, '.');
    } else if (-6 < point && point <= 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-point), '0');
        out += digits;
    } else {
        if (count > 1) digits.insert(1, 1, '.');
        out += digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
    }
}

// The order of UTF-16 code units on UTF-8 text. It differs from the order of bytes in one place:
// U+E000 to U+FFFF (lead bytes EE and EF) come after everything beyond U+FFFF, whose code units are
// surrogates.
bool utf16_less(std::string const& a, std::string const& b) {
    auto const [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
    auto rank = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte == 0xee || byte == 0xef ? byte + 0x100 : byte;
    };
    return rank(*x) < rank(*y);
}

using Member = Json::object_t::value_type;

// The map is sorted by bytes, which is nearly always the order that is wanted.
bool is_sorted_already(Json::object_t const& object) {
    auto less = [](Member const& a, Member const& b) { return utf16_less(a.first, b.first); };
    return std::is_sorted(object.begin(), object.end(), less);
}

class Writer {
  public:
    explicit Writer(std::string& to, std::size_t depth = 0) : out_(to), depth_(depth) {}
    void write(Json const& value);
    Diagnostics problems;

  private:
    // One level around the value that is being written; a pointer is made of them when one is
    // needed.
    struct Place {
        std::string const* key;  // null in an array
        std::size_t index;
    };

    void write_object(Json::object_t const& object);
    void write_member(Member const& member, bool is_first);
    void write_array(Json::array_t const& array);
    void write_text(std::string const& text);
    void write_integer(Json const& value);
    std::string pointer() const;
    void refuse(std::string message, std::string remedy = {}) {
        problems.push_back({.code = codes::not_canonical,
                            .message = std::move(message),
                            .remedy = std::move(remedy),
                            .pointer = pointer()});
    }

    std::string& out_;
    std::size_t depth_;  // of what is written as a whole
    std::vector<Place> here_;
};

std::string Writer::pointer() const {
    Json::json_pointer pointer;
    for (auto const& place : here_)
        if (place.key)
            pointer /= *place.key;
        else
            pointer /= place.index;
    return to_valid_utf8(pointer.to_string());
}

void Writer::write(Json const& value) {
    switch (value.type()) {
        case Json::value_t::null: out_ += "null"; break;
        case Json::value_t::boolean: out_ += value.get<bool>() ? "true" : "false"; break;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: write_integer(value); break;
        case Json::value_t::number_float:
            if (!std::isfinite(value.get<double>()))
                refuse("NaN and infinities have no JSON form.");
            else
                write_double(out_, value.get<double>());
            break;
        case Json::value_t::string: write_text(value.get_ref<std::string const&>()); break;
        case Json::value_t::array:
        case Json::value_t::object:
            if (depth_ + here_.size() >= static_cast<std::size_t>(limits::json_depth))
                refuse("Arrays and objects are nested deeper than " +
                       std::to_string(limits::json_depth) + " levels.");
            else if (value.is_array())
                write_array(value.get_ref<Json::array_t const&>());
            else
                write_object(value.get_ref<Json::object_t const&>());
            break;
        default: refuse("Binary values are not JSON.");
    }
}

void Writer::write_integer(Json const& value) {
    bool is_exact = value.get<std::uint64_t>() <= largest_exact_integer;
    if (value.is_number_integer() && !value.is_number_unsigned()) {
        auto const number = value.get<std::int64_t>();
        auto const limit = static_cast<std::int64_t>(largest_exact_integer);
        is_exact = -limit <= number && number <= limit;
    }
    if (!is_exact)
        return refuse("The integer " + value.dump() + " is beyond 2^53, where readers round.",
                      "Send it as a string.");
    resolute::write_text(out_, value);
}

void Writer::write_text(std::string const& text) {
    if (!write_json_string(out_, text)) refuse("The text is not well-formed UTF-8.");
}

void Writer::write_array(Json::array_t const& array) {
    out_ += '[';
    here_.push_back({nullptr, 0});
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0) out_ += ',';
        here_.back().index = i;
        write(array[i]);
    }
    here_.pop_back();
    out_ += ']';
}

void Writer::write_member(Member const& member, bool is_first) {
    if (!is_first) out_ += ',';
    here_.back().key = &member.first;
    write_text(member.first);
    out_ += ':';
    write(member.second);
}

void Writer::write_object(Json::object_t const& object) {
    out_ += '{';
    here_.push_back({nullptr, 0});
    bool is_first = true;
    if (is_sorted_already(object)) {
        for (auto const& member : object) write_member(member, std::exchange(is_first, false));
    } else {
        std::vector<Member const*> members;
        members.reserve(object.size());
        for (auto const& member : object) members.push_back(&member);
        std::sort(members.begin(), members.end(),
                  [](auto const* a, auto const* b) { return utf16_less(a->first, b->first); });
        for (auto const* member : members) write_member(*member, std::exchange(is_first, false));
    }
    here_.pop_back();
    out_ += '}';
}

}  // namespace

bool write_canonical(std::string& out, Json const& value, std::size_t depth) {
    Writer writer(out, depth);
    writer.write(value);
    return writer.problems.empty();
}

Result<std::string> canonical_json(Json const& value) {
    std::string out;
    Writer writer(out);
    writer.write(value);
    if (!writer.problems.empty()) return std::move(writer.problems);
    return out;
}

Digest canonical_digest(Json const& value) { return sha256(canonical_json(value).value()); }

}  // namespace resolute
