#include "base/json_schema_limits.h"

#include <algorithm>
#include <vector>

#include "base/error_codes.h"
#include "base/limits.h"

namespace resolute {
namespace {

std::size_t capped(std::size_t states) {
    return std::min(states, limits::schema_pattern_states + 1);
}

struct Repeat {
    std::size_t count = 1;   // the highest number in the braces
    std::size_t length = 0;  // of "{2,5}" in the pattern; 0 = there are no such braces
};

Repeat repeat_at(std::string_view pattern) {
    std::size_t const end = pattern.find('}');
    if (pattern.empty() || pattern.front() != '{' || end == std::string_view::npos) return {};
    std::size_t number = 0;
    std::size_t highest = 1;
    for (char c : pattern.substr(1, end - 1)) {
        if (c != ',' && (c < '0' || c > '9')) return {};
        number = c == ',' ? 0 : capped(number * 10 + static_cast<std::size_t>(c - '0'));
        highest = std::max(highest, number);
    }
    return {highest, end + 1};
}

// The length of one escape or bracket expression or single character.
std::size_t atom_length(std::string_view pattern) {
    if (pattern.front() == '\\') return std::min<std::size_t>(2, pattern.size());
    if (pattern.front() != '[') return 1;
    for (std::size_t i = 1; i < pattern.size(); ++i) {
        if (pattern[i] == '\\')
            ++i;
        else if (pattern[i] == ']')
            return i + 1;
    }
    return pattern.size();
}

class Scan {
  public:
    Diagnostics problems;

    void visit(Json const& node, int depth) {
        if (depth > limits::schema_depth)
            return refuse("The schema is nested deeper than " +
                          std::to_string(limits::schema_depth) + " levels.");
        if (node.is_object()) visit_object(node, depth);
        if (node.is_array())
            for (std::size_t i = 0; i < node.size(); ++i)
                visit_at(std::to_string(i), node[i], depth);
    }

  private:
    void visit_object(Json const& node, int depth) {
        for (auto const& [key, value] : node.items()) {
            if (key == "pattern" && value.is_string())
                check_pattern(value.get_ref<std::string const&>());
            if (key == "patternProperties" && value.is_object())
                for (auto const& property : value.items()) check_pattern(property.key());
            visit_at(key, value, depth);
        }
    }

    void visit_at(std::string const& key, Json const& node, int depth) {
        here_.push_back(key);
        visit(node, depth + 1);
        here_.pop_back();
    }

    void check_pattern(std::string const& pattern) {
        if (pattern.size() > limits::schema_pattern_bytes)
            refuse("A pattern has more than " + std::to_string(limits::schema_pattern_bytes) +
                   " bytes.");
        else if (pattern_states(pattern) > limits::schema_pattern_states)
            refuse("A pattern is too large once its counted repeats are written out.");
    }

    void refuse(std::string message) {
        if (problems.size() < limits::schema_violations)
            problems.push_back({.code = codes::schema_invalid,
                                .message = std::move(message),
                                .pointer = here_.to_string()});
    }

    Json::json_pointer here_;
};

}  // namespace

std::size_t pattern_states(std::string_view pattern) {
    std::vector<std::size_t> groups{0};  // states of the groups that are open, the outermost first
    std::size_t atom = 0;  // states of what a repeat would multiply
    while (!pattern.empty()) {
        if (auto const repeat = repeat_at(pattern); repeat.length > 0) {
            groups.back() = capped(groups.back() + atom * (repeat.count - 1));
            atom = capped(atom * repeat.count);
            pattern.remove_prefix(repeat.length);
            continue;
        }
        char const c = pattern.front();
        std::size_t const length = atom_length(pattern);
        if (c == '(') {
            groups.push_back(1);
        } else if (c == ')' && groups.size() > 1) {
            atom = groups.back();
            groups.pop_back();
            groups.back() = capped(groups.back() + atom);
        } else if (c != '*' && c != '+' && c != '?') {
            atom = 1;
            groups.back() = capped(groups.back() + 1);
        }
        pattern.remove_prefix(length);
    }
    std::size_t total = 0;
    for (auto const states : groups) total = capped(total + states);
    return total;
}

Diagnostics schema_problems(Json const& schema) {
    Scan scan;
    scan.visit(schema, 0);
    return std::move(scan.problems);
}

}  // namespace resolute
