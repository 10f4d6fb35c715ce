// Histories that were recorded once and must replay for ever: tests/histories/<name>.
//
// One event per line: {"sequence", "at", "kind", "body"}. Recorded ones are never edited; a change
// of behaviour gets a new history beside the old one.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/codec.h"
#include "tests/workflow/driver.h"

namespace resolute::testing {

inline std::filesystem::path histories() {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    return std::filesystem::path(root ? root : ".") / "tests" / "histories";
}

inline std::string read_file(std::filesystem::path const& path) {
    std::ifstream file(path);
    INFO(path);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline std::string to_line(Event const& event) {
    Json const line{{"sequence", event.sequence},
                    {"at", to_string(event.at)},
                    {"kind", kind_name(kind_number(event.fact))},
                    {"body", Json::parse(encode(event.fact))}};
    return to_text(line);
}

inline Event from_line(std::string const& text) {
    auto const line = Json::parse(text);
    auto const name = line.at("kind").get<std::string>();
    std::int16_t kind = 1;
    while (kind_name(kind) != name) {
        REQUIRE(kind_name(kind) != "unknown");
        ++kind;
    }
    return {line.at("sequence"), parse_timestamp(line.at("at").get<std::string>()).value(),
            decode(kind, to_text(line.at("body")))};
}

inline std::vector<Event> read_history(std::filesystem::path const& path) {
    std::istringstream lines(read_file(path));
    std::vector<Event> events;
    for (std::string line; std::getline(lines, line);) events.push_back(from_line(line));
    return events;
}

// Folds a history event by event and asks the workflow at each what follows. Every fact that only a
// workflow can cause must have been asked for before it comes.
class Replay {
  public:
    explicit Replay(workflow::Interpreter const& interpreter) : interpreter_(interpreter) {}

    void follow(Event const& event);
    std::size_t open_commands() const { return asked_.size(); }
    Run const& run() const { return run_; }

  private:
    void ask(Event const& event);
    void expect(Fact const& fact);

    workflow::Interpreter const& interpreter_;
    Run run_;
    Commands asked_;
};

}  // namespace resolute::testing
