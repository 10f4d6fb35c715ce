// Changes in a YAML text at the places that its nodes name; everything else stays as it is.
//
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/yaml.h"

namespace resolute::workflow {

struct Edit {
    std::size_t at = 0;
    std::size_t length = 0;  // of what goes
    std::string text;  // that comes instead
};

// Of the character at a line and a column, both from 1.
std::size_t offset_of(std::string_view text, int line, int column);

// How many characters a value takes from where it stands. Nothing for what spans lines without
// quotes.
std::optional<std::size_t> length_of(std::string_view text, Node const& value);

// The value in one line.
std::string flow_text(Json const& value);

// Edits may come in any order, and do not overlap.
std::string edited(std::string text, std::vector<Edit> edits);

}  // namespace resolute::workflow
