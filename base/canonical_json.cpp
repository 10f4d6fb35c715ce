#include "base/canonical_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/error_codes.h"
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

void write_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out += hex[c >> 4];
                    out += hex[c & 0x0f];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
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

class Writer {
  public:
    void write(Json const& value);
    Diagnostics problems;
    std::string out;

  private:
    void write_object(Json::object_t const& object);
    void write_array(Json::array_t const& array);
    void write_text(std::string const& text);
    void write_integer(Json const& value);
    void refuse(std::string message, std::string remedy = {}) {
        problems.push_back({.code = codes::not_canonical,
                            .message = std::move(message),
                            .remedy = std::move(remedy),
                            .pointer = to_valid_utf8(here_.to_string())});
    }

    Json::json_pointer here_;
    int depth_ = 0;
};

void Writer::write(Json const& value) {
    switch (value.type()) {
        case Json::value_t::null: out += "null"; break;
        case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: write_integer(value); break;
        case Json::value_t::number_float:
            if (!std::isfinite(value.get<double>()))
                refuse("NaN and infinities have no JSON form.");
            else
                write_double(out, value.get<double>());
            break;
        case Json::value_t::string: write_text(value.get_ref<std::string const&>()); break;
        case Json::value_t::array:
        case Json::value_t::object:
            if (++depth_ > limits::json_depth)
                refuse("Arrays and objects are nested deeper than " +
                       std::to_string(limits::json_depth) + " levels.");
            else if (value.is_array())
                write_array(value.get_ref<Json::array_t const&>());
            else
                write_object(value.get_ref<Json::object_t const&>());
            --depth_;
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
    out += value.dump();
}

void Writer::write_text(std::string const& text) {
    if (!is_utf8(text)) return refuse("The text is not well-formed UTF-8.");
    write_string(out, text);
}

void Writer::write_array(Json::array_t const& array) {
    out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0) out += ',';
        here_.push_back(std::to_string(i));
        write(array[i]);
        here_.pop_back();
    }
    out += ']';
}

void Writer::write_object(Json::object_t const& object) {
    std::vector<Json::object_t::value_type const*> members;
    members.reserve(object.size());
    for (auto const& member : object) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](auto const* a, auto const* b) { return utf16_less(a->first, b->first); });
    out += '{';
    for (auto const* member : members) {
        if (member != members.front()) out += ',';
        here_.push_back(member->first);
        write_text(member->first);
        out += ':';
        write(member->second);
        here_.pop_back();
    }
    out += '}';
}

}  // namespace

Result<std::string> canonical_json(Json const& value) {
    Writer writer;
    writer.write(value);
    if (!writer.problems.empty()) return std::move(writer.problems);
    return std::move(writer.out);
}

Digest canonical_digest(Json const& value) { return sha256(canonical_json(value).value()); }

}  // namespace resolute
