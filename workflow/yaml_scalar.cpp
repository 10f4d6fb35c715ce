#include "workflow/yaml_scalar.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace resolute::workflow {
namespace {

using Kind = Node::Kind;

bool all_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view digits = "0123456789";

Scalar too_large(std::string const& text) {
    return {.value = text,
            .problem = "The number `" + text + "` does not fit into 64 bits.",
            .remedy = "Put it in quotes, so that it stays text."};
}

template <class T>
std::optional<Json> whole(std::string_view text, int base) {
    T number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return Json(number);
}

// [-+]? [0-9]+ | 0o [0-7]+ | 0x [0-9a-fA-F]+
std::optional<Scalar> as_integer(std::string const& text) {
    std::string_view rest(text);
    int base = 10;
    if (rest.starts_with("0o") && all_of(rest.substr(2), "01234567"))
        base = 8;
    else if (rest.starts_with("0x") && all_of(rest.substr(2), "0123456789abcdefABCDEF"))
        base = 16;
    if (base != 10) {
        rest.remove_prefix(2);
    } else {
        if (rest.starts_with('+')) rest.remove_prefix(1);
        auto const unsigned_part = rest.starts_with('-') && text[0] == '-' ? rest.substr(1) : rest;
        if (!all_of(unsigned_part, digits)) return std::nullopt;
    }
    if (auto number = whole<std::int64_t>(rest, base))
        return Scalar{Kind::number, std::move(*number)};
    if (auto number = whole<std::uint64_t>(rest, base))
        return Scalar{Kind::number, std::move(*number)};
    return too_large(text);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
    auto skip_digits = [&] {
        auto const end = std::min(text.find_first_not_of(digits), text.size());
        text.remove_prefix(end);
        return end > 0;
    };
    auto skip_sign = [&] {
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    };
    skip_sign();
    bool const leading = skip_digits();
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!skip_digits() && !leading) return false;
    } else if (!leading) {
        return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        skip_sign();
        if (!skip_digits()) return false;
    }
    return text.empty();
}

bool is_not_finite(std::string_view text) {
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return text == ".inf" || text == ".Inf" || text == ".INF";
}

std::optional<Scalar> as_decimal(std::string const& text) {
    if (is_not_finite(text))
        return Scalar{.value = text,
                      .problem = "JSON has no number `" + text + "`.",
                      .remedy = "Put it in quotes, or write another number."};
    if (!is_decimal(text)) return std::nullopt;
    double number = 0;
    auto const* first = text.data() + (text[0] == '+' ? 1 : 0);
    auto const [end, error] = std::from_chars(first, text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number)) return too_large(text);
    return Scalar{Kind::number, Json(number)};
}

std::optional<Scalar> as_boolean(std::string_view text) {
    if (text == "true" || text == "True" || text == "TRUE")
        return Scalar{Kind::boolean, Json(true)};
    if (text == "false" || text == "False" || text == "FALSE")
        return Scalar{Kind::boolean, Json(false)};
    return std::nullopt;
}

std::optional<Scalar> as_null(std::string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return Scalar{Kind::null, Json()};
    return std::nullopt;
}

}  // namespace

Scalar resolve_scalar(std::string const& text, std::string_view tag) {
    std::optional<Scalar> found;
    bool const plain = tag == "?";
    if (plain || tag == "null") found = as_null(text);
    if (!found && (plain || tag == "bool")) found = as_boolean(text);
    if (!found && (plain || tag == "int")) found = as_integer(text);
    if (!found && (plain || tag == "float")) found = as_decimal(text);
    if (found) return std::move(*found);
    if (plain || tag == "!" || tag == "str") return {Kind::text, text};
    return {.value = text,
            .problem = "`" + text + "` does not fit its tag `!!" + std::string(tag) + "`.",
            .remedy = "Remove the tag."};
}

std::string pointer_token(std::string_view key) {
    std::string token;
    for (char c : key) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += c;
    }
    return token;
}

}  // namespace resolute::workflow
