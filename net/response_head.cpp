#include "net/response_head.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace resolute::net {
namespace {

// Only for people who read the wire: programs look at the number.
std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        default: return "";
    }
}

// RFC 9110 section 5.6.7, such as "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Timestamp at) {
    auto const seconds = static_cast<std::time_t>(at.microseconds / 1'000'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    auto const length =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), length};
}

bool is_owned_by_server(std::string_view name) {
    for (auto owned : {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
        if (equal_ignoring_case(name, owned)) return true;
    return false;
}

}  // namespace

std::string response_head(int status, Headers const& headers, Headers const& owned, Timestamp now) {
    auto text = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason(status)) + "\r\n";
    for (auto const& header : headers)
        if (!is_owned_by_server(header.name)) text += header.name + ": " + header.value + "\r\n";
    for (auto const& header : owned) text += header.name + ": " + header.value + "\r\n";
    return text + "Date: " + http_date(now) + "\r\n\r\n";
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string as_chunk(std::string const& bytes) {
    std::array<char, 20> size{};
    auto const length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    return std::string(size.data(), static_cast<std::size_t>(length)) + bytes + "\r\n";
}

}  // namespace resolute::net
