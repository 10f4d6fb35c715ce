#include "net/http_message.h"

#include <algorithm>

namespace resolute::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        bool const alphanumeric = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
        return alphanumeric ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> find_header(Headers const& headers, std::string_view name) {
    for (auto const& header : headers)
        if (equal_ignoring_case(header.name, name)) return header.value;
    return std::nullopt;
}

bool is_valid_header(Header const& header) {
    auto is_plain = [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); };
    return is_token(header.name) && std::all_of(header.value.begin(), header.value.end(), is_plain);
}

bool is_valid_method(std::string_view method) { return is_token(method); }

}  // namespace resolute::net
