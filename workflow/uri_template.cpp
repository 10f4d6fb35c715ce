#include "workflow/uri_template.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error_codes.h"

namespace resolute::workflow {
namespace {

// What each operator of RFC 6570, section 3.2 does, as in the table of its appendix A.
struct Operation {
    char sign;
    std::string_view first, separator;
    bool has_names;
    std::string_view when_empty;
    bool keeps_reserved;
};
constexpr Operation operations[] = {
    {0, "", ",", false, "", false},    {'+', "", ",", false, "", true},
    {'#', "#", ",", false, "", true},  {'.', ".", ".", false, "", false},
    {'/', "/", "/", false, "", false}, {';', ";", ";", true, "", false},
    {'?', "?", "&", true, "=", false}, {'&', "&", "&", true, "=", false}};

Operation const& operation_of(char sign) {
    for (auto const& operation : operations)
        if (operation.sign == sign) return operation;
    return operations[0];
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string encode(std::string_view text, bool keeps_reserved) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string_view const kept = keeps_reserved ? "-._~:/?#[]@!$&'()*+,;=" : "-._~";
    std::string encoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool const is_encoded = keeps_reserved && c == '%' && i + 2 < text.size() &&
                                is_hex(text[i + 1]) && is_hex(text[i + 2]);
        if (is_alphanumeric(c) || is_encoded || kept.find(c) != std::string_view::npos) {
            encoded += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4];
        encoded += digits[byte & 15];
    }
    return encoded;
}

// The first characters of a UTF-8 text.
std::string_view first_of(std::string_view text, std::size_t characters) {
    std::size_t end = 0;
    while (end < text.size() && characters > 0) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
        --characters;
    }
    return text.substr(0, end);
}

Diagnostic wrong(std::string message, std::string remedy = {}) {
    return {
        .code = codes::malformed_url, .message = std::move(message), .remedy = std::move(remedy)};
}

std::optional<std::string> scalar(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return to_text(value);
    return std::nullopt;
}

std::string named(std::string const& name, std::string const& value, Operation const& how) {
    return name + (value.empty() ? std::string(how.when_empty) : "=" + value);
}

// Lists and maps are taken apart; nothing when something inside is no plain value. What is null in
// them counts as not there.
std::optional<std::string> composite(Json const& value, std::string const& name, bool explodes,
                                     Operation const& how) {
    std::string text;
    bool is_first = true;
    for (auto const& [key, item] : value.items()) {
        if (item.is_null()) continue;
        auto const plain = scalar(item);
        if (!plain) return std::nullopt;
        auto const one = encode(*plain, how.keeps_reserved);
        if (!std::exchange(is_first, false)) text += explodes ? how.separator : ",";
        if (explodes && how.has_names)
            text += named(value.is_object() ? encode(key, how.keeps_reserved) : name, one, how);
        else if (value.is_object())
            text += encode(key, how.keeps_reserved) + (explodes ? "=" : ",") + one;
        else
            text += one;
    }
    return how.has_names && !explodes ? named(name, text, how) : text;
}

// RFC 6570, section 2.3: what has no value, and a list or map with no value in it.
bool is_undefined(Json const& value) {
    return value.is_null() ||
           (value.is_structured() &&
            std::ranges::all_of(value, [](Json const& item) { return item.is_null(); }));
}

}  // namespace

Result<UriTemplate::Part> UriTemplate::parse_place(std::string_view inside) {
    Part part;
    if (!inside.empty() && std::string_view("+#./;?&").find(inside[0]) != std::string_view::npos) {
        part.operation = inside[0];
        inside.remove_prefix(1);
    }
    while (true) {
        auto spec = inside.substr(0, inside.find(','));
        Variable variable;
        if (spec.ends_with('*')) {
            variable.explodes = true;
            spec.remove_suffix(1);
        } else if (auto const colon = spec.find(':'); colon != std::string_view::npos) {
            auto const digits = spec.substr(colon + 1);
            auto const [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), variable.prefix);
            if (error != std::errc{} || end != digits.data() + digits.size() ||
                variable.prefix == 0 || variable.prefix > 9999)
                return wrong("`{" + std::string(spec) +
                             "}` has no length from 1 to 9999 after `:`.");
            spec = spec.substr(0, colon);
        }
        for (char const c : spec)
            if (!is_alphanumeric(c) && c != '_' && c != '.' && c != '-')
                return wrong("`{" + std::string(spec) + "}` is not the name of a value.",
                             "A place is `{name}`, the name of a member of the step's input; what "
                             "must be computed is an expression in `${ }`.");
        if (spec.empty()) return wrong("`{}` in the address names no value.", "Write `{name}`.");
        variable.name = spec;
        part.variables.push_back(std::move(variable));
        auto const comma = inside.find(',');
        if (comma == std::string_view::npos) return part;
        inside.remove_prefix(comma + 1);
    }
}

Result<UriTemplate> UriTemplate::parse(std::string_view text) {
    UriTemplate result;
    result.text_ = text;
    auto const first = text.find('{');
    result.before_ = text.substr(0, first);
    while (true) {
        auto const open = text.find('{');
        auto const literal = text.substr(0, open);
        if (literal.find('}') != std::string_view::npos)
            return wrong("`}` in the address has no `{`.", "Write `{name}` for a value.");
        if (!result.parts_.empty()) result.parts_.back().after = literal;
        if (open == std::string_view::npos) return result;
        auto const close = text.find('}', open);
        if (close == std::string_view::npos)
            return wrong("`{` in the address has no `}`.", "Write `{name}` for a value.");
        auto part = parse_place(text.substr(open + 1, close - open - 1));
        if (!part) return part.diagnostics();
        result.parts_.push_back(std::move(*part));
        text.remove_prefix(close + 1);
    }
}

Result<std::string> UriTemplate::expand(Part const& part, Json const& values) {
    auto const& how = operation_of(part.operation);
    std::string expanded;
    bool is_first = true;
    for (auto const& variable : part.variables) {
        auto const found = values.find(variable.name);
        if (found == values.end() || is_undefined(*found)) continue;
        std::optional<std::string> text;
        if (auto const plain = scalar(*found)) {
            auto const taken =
                variable.prefix > 0 ? first_of(*plain, variable.prefix) : std::string_view(*plain);
            auto const value = encode(taken, how.keeps_reserved);
            text = how.has_names ? named(variable.name, value, how) : value;
        } else if (variable.prefix == 0) {
            text = composite(*found, variable.name, variable.explodes, how);
        }
        if (!text)
            return wrong("`" + variable.name +
                         "` goes into the address, so it must be text, a "
                         "number, a boolean, or a list or map of these.");
        expanded += std::exchange(is_first, false) ? how.first : how.separator;
        expanded += *text;
    }
    return expanded;
}

Result<std::string> UriTemplate::expand(Json const& values) const {
    std::string address = before_;
    Json const none = Json::object();
    for (auto const& part : parts_) {
        auto expanded = expand(part, values.is_object() ? values : none);
        if (!expanded) return expanded.diagnostics();
        address += *expanded + part.after;
    }
    return address;
}

}  // namespace resolute::workflow
