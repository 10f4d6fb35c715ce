#include "tools/environment.h"

namespace resolute::tools {
namespace {

bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The name in "${NAME}…", or "" when the text does not begin with a variable.
std::string_view variable_at(std::string_view text) {
    if (!text.starts_with("${")) return {};
    auto const end = text.find('}');
    if (end == std::string_view::npos) return {};
    auto const name = text.substr(2, end - 2);
    if (name.empty() || name.front() < 'A' || name.front() > 'Z') return {};
    for (char const c : name)
        if (!is_name_character(c)) return {};
    return name;
}

}  // namespace

Expansion expand(std::string_view text, Environment const& environment) {
    Expansion expansion;
    while (!text.empty()) {
        auto const name = variable_at(text);
        if (name.empty()) {
            expansion.text += text.front();
            text.remove_prefix(1);
            continue;
        }
        auto const whole = text.substr(0, name.size() + 3);
        if (auto const found = environment.find(std::string(name)); found != environment.end()) {
            expansion.text += found->second;
            expansion.values.push_back(found->second);
        } else {
            expansion.text += whole;
            expansion.unknown.emplace_back(name);
        }
        text.remove_prefix(whole.size());
    }
    return expansion;
}

std::vector<std::string> names_of(Environment const& environment) {
    std::vector<std::string> names;
    for (auto const& [name, value] : environment) names.push_back(name);
    return names;
}

}  // namespace resolute::tools
