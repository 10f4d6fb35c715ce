#include "engine/exported_history.h"

#include "base/error_codes.h"
#include "engine/codec.h"
#include "engine/corrupt_history.h"

namespace resolute {
namespace {

std::optional<std::int16_t> kind_of(std::string const& name) {
    for (std::int16_t kind = 1; kind_name(kind) != "unknown"; ++kind)
        if (kind_name(kind) == name) return kind;
    return std::nullopt;
}

// Throws for a line that is none.
Event read_line(std::string_view line) {
    auto json = parse_json(line).value();
    auto const name = json.at("kind").get<std::string>();
    auto const kind = kind_of(name);
    if (!kind) throw CorruptHistory("`" + name + "` is no kind of event");
    return {json.at("sequence").get<std::uint64_t>(),
            parse_timestamp(json.at("at").get<std::string>()).value(),
            decode(*kind, to_text(json.at("body")))};
}

}  // namespace

Result<std::vector<Event>> read_exported(std::string_view lines, std::string const& file) {
    std::vector<Event> events;
    Diagnostics problems;
    int number = 0;
    while (!lines.empty()) {
        auto const end = std::min(lines.find('\n'), lines.size());
        auto const line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        ++number;
        if (line.empty()) continue;
        try {
            events.push_back(read_line(line));
        } catch (std::exception const& error) {
            problems.push_back({.code = codes::malformed_json,
                                .message = std::string("This is no event: ") + error.what(),
                                .remedy = "Export it with `resolute history RUN --json`.",
                                .file = file,
                                .line = number});
        }
    }
    if (!problems.empty()) return problems;
    return events;
}

std::string exported(Event const& event) {
    Json line{{"sequence", event.sequence},
              {"at", to_string(event.at)},
              {"kind", kind_name(kind_number(event.fact))}};
    line["body"] = Json::parse(encode(event.fact));
    return to_text(line);
}

}  // namespace resolute
