#include "tools/rpc_messages.h"

#include "net/http_message.h"

namespace resolute::tools {

std::vector<std::string> event_data(std::string_view stream) {
    std::vector<std::string> all;
    std::string data;
    bool has_data = false;
    auto const end_event = [&] {
        if (has_data) all.push_back(std::exchange(data, {}));
        has_data = false;
    };
    while (!stream.empty()) {
        auto const end = std::min(stream.find('\n'), stream.size());
        auto line = stream.substr(0, end);
        stream.remove_prefix(std::min(end + 1, stream.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) end_event();
        if (!line.starts_with("data:")) continue;
        line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
        data += (has_data ? "\n" : "") + std::string(line);
        has_data = true;
    }
    end_event();
    return all;
}

std::vector<std::string> messages_in(Json const& response) {
    auto const& content = response.at("content");
    if (content.is_null()) return {};
    if (!content.is_string()) return {to_text(content)};
    auto const& text = content.get_ref<std::string const&>();
    if (header_in(response, "Content-Type").starts_with("text/event-stream"))
        return event_data(text);
    return {text};
}

std::string header_in(Json const& response, std::string_view name) {
    for (auto const& [known, value] : response.at("headers").items())
        if (net::equal_ignoring_case(known, name)) return value.get<std::string>();
    return {};
}

}  // namespace resolute::tools
