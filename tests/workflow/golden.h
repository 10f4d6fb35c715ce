// Histories that were recorded once and must replay for ever: tests/histories/<name>.
//
// One event per line: {"sequence", "at", "kind", "body"}. Recorded ones are never edited; a change
// of behaviour gets a new history beside the old one.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/comparison.h"
#include "engine/exported_history.h"
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

inline std::vector<Event> read_history(std::filesystem::path const& path) {
    return read_exported(read_file(path), path.string()).value();
}

}  // namespace resolute::testing
