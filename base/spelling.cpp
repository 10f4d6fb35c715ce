#include "base/spelling.h"

#include <algorithm>

namespace resolute {
namespace {

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost one.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name,
                                        std::vector<std::string> const& candidates) {
    std::size_t const allowed = std::max<std::size_t>(1, name.size() / 3);
    std::optional<std::string> nearest;
    std::size_t best = allowed + 1;
    for (auto const& candidate : candidates) {
        auto const difference =
            std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size());
        if (difference >= best) continue;  // cannot win, and very long names cost nothing
        if (auto const edits = distance(name, candidate); edits < best) {
            best = edits;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string did_you_mean(std::string_view name, std::vector<std::string> const& candidates) {
    auto const nearest = nearest_name(name, candidates);
    return nearest ? " Did you mean `" + *nearest + "`?" : "";
}

}  // namespace resolute
