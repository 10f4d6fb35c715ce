#include "net/url.h"

#include <algorithm>
#include <charconv>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::net {
namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Diagnostic bad_url(std::string_view text, std::string what) {
    Diagnostic diagnostic;
    diagnostic.code = codes::malformed_url;
    diagnostic.message = "`" + std::string(text.substr(0, 200)) + "` is not a usable URL: " + what;
    diagnostic.remedy = "Write it like https://host:port/path?query.";
    return diagnostic;
}

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return is_alphanumeric(c) || is_one_of(c, "-._");
    });
}

bool is_address_v6(std::string_view host) {
    bool const plain = std::all_of(host.begin(), host.end(),
                                   [](char c) { return hex_value(c) >= 0 || is_one_of(c, ":."); });
    return plain && host.size() >= 2 && host.find(':') != std::string_view::npos;
}

bool is_target(std::string_view target) {
    for (std::size_t i = 0; i < target.size(); ++i) {
        char const c = target[i];
        if (c == '%') {
            if (i + 2 >= target.size() || hex_value(target[i + 1]) < 0 ||
                hex_value(target[i + 2]) < 0)
                return false;
        } else if (!is_alphanumeric(c) && !is_one_of(c, "-._~!$&'()*+,;=:@/?")) {
            return false;
        }
    }
    return true;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    unsigned port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

struct Authority {
    std::string_view host;
    std::optional<std::string_view> port;
    bool valid = false;
};

Authority split_authority(std::string_view text) {
    Authority parts;
    std::string_view after_host;
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return parts;
        parts.host = text.substr(1, end - 1);
        after_host = text.substr(end + 1);
        parts.valid = is_address_v6(parts.host);
    } else {
        auto const colon = text.find(':');
        parts.host = text.substr(0, colon);
        after_host = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        parts.valid = is_host(parts.host);
    }
    if (after_host.starts_with(':')) parts.port = after_host.substr(1);
    if (!after_host.empty() && !parts.port) parts.valid = false;
    return parts;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            bytes += ' ';
        } else if (text[i] != '%') {
            bytes += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            int const high = hex_value(text[i + 1]);
            int const low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            bytes += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return bytes;
}

// Calls `each` for every piece between separators; stops early when it says false.
template <class F>
bool split(std::string_view text, char separator, F each) {
    for (;;) {
        auto const end = text.find(separator);
        if (!each(text.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > limits::http_url_bytes) return bad_url(text, "it is too long.");
    auto const colon = text.find("://");
    if (colon == std::string_view::npos) return bad_url(text, "it has no scheme.");
    Url url;
    url.scheme = text.substr(0, colon);
    std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (url.scheme != "http" && url.scheme != "https")
        return bad_url(text, "only http and https are spoken here.");
    auto const rest = text.substr(colon + 3);
    auto const end = rest.find_first_of("/?#");
    auto const parts_text = rest.substr(0, end);
    if (parts_text.find('@') != std::string_view::npos)
        return bad_url("…", "it holds a user name or password; send credentials as a header.");
    if (rest.find('#') != std::string_view::npos) return bad_url(text, "a fragment is never sent.");
    auto const parts = split_authority(parts_text);
    if (!parts.valid) return bad_url(text, "its host is malformed.");
    auto const port = parts.port ? parse_port(*parts.port)
                                 : std::optional<std::uint16_t>(url.is_tls() ? 443 : 80);
    if (!port) return bad_url(text, "its port is not a number from 1 to 65535.");
    url.port = *port;
    url.host = parts.host;
    std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    url.target = end == std::string_view::npos ? "/" : std::string(rest.substr(end));
    if (url.target.starts_with('?')) url.target.insert(0, "/");
    if (!is_target(url.target))
        return bad_url(text, "its path or query holds a character that must be percent-encoded.");
    return url;
}

std::string authority(Url const& url) {
    bool const is_v6 = url.host.find(':') != std::string::npos;
    auto text = is_v6 ? "[" + url.host + "]" : url.host;
    if (url.port != (url.is_tls() ? 443 : 80)) text += ":" + std::to_string(url.port);
    return text;
}

std::string to_string(Url const& url) { return url.scheme + "://" + authority(url) + url.target; }

std::string percent_encode(std::string_view bytes) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (char c : bytes) {
        if (is_alphanumeric(c) || is_one_of(c, "-._~")) {
            text += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        text += '%';
        text += digits[byte >> 4];
        text += digits[byte & 0x0f];
    }
    return text;
}

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, false); }

std::optional<Query> Query::parse(std::string_view text) {
    Query query;
    bool const ok = split(text, '&', [&](std::string_view pair) {
        if (pair.empty()) return true;
        auto const equals = pair.find('=');
        auto name = decode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                      : decode(pair.substr(equals + 1), true);
        if (!name || !value || value->find('\0') != std::string::npos) return false;
        query.all_.emplace_back(std::move(*name), std::move(*value));
        return true;
    });
    if (!ok) return std::nullopt;
    return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    for (auto const& [key, value] : all_)
        if (key == name) return value;
    return std::nullopt;
}

std::optional<Target> parse_target(std::string_view text) {
    if (!text.starts_with('/') || has_control_character(text)) return std::nullopt;
    auto const question = text.find('?');
    auto const path = text.substr(0, question);
    Target target;
    auto decoded = percent_decode(path);
    if (!decoded || has_control_character(*decoded)) return std::nullopt;
    target.path = std::move(*decoded);
    split(path.substr(1), '/', [&](std::string_view piece) {
        if (!piece.empty()) target.segments.push_back(*percent_decode(piece));
        return true;
    });
    if (question != std::string_view::npos) {
        auto query = Query::parse(text.substr(question + 1));
        if (!query) return std::nullopt;
        target.query = std::move(*query);
    }
    return target;
}

}  // namespace resolute::net
