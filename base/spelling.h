// "Did you mean …?": the known name that is nearest to a misspelt one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolute {

// The candidate within a third of the name's length in edits (at least 1, swaps count as one); none
// otherwise.
std::optional<std::string> nearest_name(std::string_view name,
                                        std::vector<std::string> const& candidates);

// " Did you mean `x`?" or "" when nothing is near: ready to be put into a remedy.
std::string did_you_mean(std::string_view name, std::vector<std::string> const& candidates);

}  // namespace resolute
