// URLs: a strict reader for what we connect to, and the pieces of what arrives at our server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace resolute::net {

struct Url {
    std::string scheme;     // "http" or "https"
    std::string host;       // lower case; an IPv6 address without its brackets
    std::uint16_t port = 0;  // always set: 80 or 443 when the text has none
    std::string target;     // path and query, at least "/"

    bool operator==(Url const&) const = default;
    bool is_tls() const { return scheme == "https"; }
};

// Absolute http and https URLs only. Refuses user names and passwords, fragments, white space,
// characters that RFC 3986 wants percent-encoded, and ports out of range: what looks odd is more
// often an attack than a need.
Result<Url> parse_url(std::string_view text);

std::string to_string(Url const& url);
std::string authority(Url const& url);  // "host" or "host:port", as the Host header wants it

// Everything but RFC 3986's unreserved characters becomes %XX: fit for one path segment or query
// value.
std::string percent_encode(std::string_view bytes);
// None when a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// The parameters of a query string, decoded, in order.
class Query {
  public:
    Query() = default;
    // "a=1&b=x%20y"; "+" is a space. None when an encoding is malformed or a value has U+0000.
    static std::optional<Query> parse(std::string_view text);

    std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
    std::vector<std::pair<std::string, std::string>> const& all() const { return all_; }

  private:
    std::vector<std::pair<std::string, std::string>> all_;
};

// The target of a request that arrived ("/payments/p%2F1?x=1"), taken apart.
struct Target {
    std::string path;  // decoded: for people and logs
    std::vector<std::string> segments;  // split first, decoded after: an encoded slash stays inside
    Query query;
};

// None when it does not begin with '/', holds control characters, or has a malformed encoding.
std::optional<Target> parse_target(std::string_view text);

}  // namespace resolute::net
