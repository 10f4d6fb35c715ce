// The parts of HTTP messages that the client and the server share, as plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolute::net {

struct Header {
    std::string name;
    std::string value;

    bool operator==(Header const&) const = default;
};

using Headers = std::vector<Header>;  // in the order of the message; names may repeat

// The first header of that name, in any case of letters.
std::optional<std::string_view> find_header(Headers const& headers, std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// RFC 9110: a token, and a value without control characters, so that nobody can smuggle a line in.
bool is_valid_header(Header const& header);
bool is_valid_method(std::string_view method);

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
};

}  // namespace resolute::net
