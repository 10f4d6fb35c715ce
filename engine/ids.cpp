#include "engine/ids.h"

namespace resolute {
namespace {

// Where the last name of a path begins: after the last '/'.
std::size_t last_name(std::string_view path) {
    auto slash = path.rfind('/');
    return slash == std::string_view::npos ? 0 : slash + 1;
}

bool is_index(std::string_view segment) {
    return !segment.empty() && segment.find_first_not_of("0123456789") == std::string_view::npos;
}

char unhex(char c) { return static_cast<char>(c <= '9' ? c - '0' : c - 'A' + 10); }

}  // namespace

std::string escape_name(std::string_view name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string escaped;
    for (char c : name) {
        if (c == '/' || c == '#' || c == '@' || c == '%') {
            auto const byte = static_cast<unsigned char>(c);
            escaped += '%';
            escaped += digits[byte >> 4];
            escaped += digits[byte & 15];
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string name_of(StepId const& step) {
    std::string_view segment(step.path);
    segment = segment.substr(last_name(segment));
    segment = segment.substr(0, segment.find_first_of("#@"));
    std::string name;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] == '%' && i + 2 < segment.size()) {
            name += static_cast<char>(unhex(segment[i + 1]) * 16 + unhex(segment[i + 2]));
            i += 2;
        } else {
            name += segment[i];
        }
    }
    return name;
}

StepId parent_of(StepId const& step) {
    std::string_view path(step.path);
    // "/do/1/each#3/do/0/pay": drop "/pay", its index, and the words of structure up to a name.
    path = path.substr(0, path.rfind('/'));
    if (path.empty()) return {};
    path = path.substr(0, path.rfind('/'));  // the index
    while (!path.empty()) {
        auto const start = last_name(path);
        auto const before = start == 0 ? std::string_view{} : path.substr(0, start - 1);
        // A name stands behind an index; "do", "try", "catch", "fork", "branches" do not.
        if (is_index(before.substr(last_name(before)))) break;
        path = before;
    }
    return StepId{std::string(path.substr(0, path.find_first_of('#', last_name(path))))};
}

std::string node_of(StepId const& step) {
    if (step.path.find_first_of("#@") == std::string::npos) return step.path;
    std::string node;
    bool skipping = false;
    for (char c : step.path) {
        if (c == '/') skipping = false;
        if (c == '#' || c == '@') skipping = true;
        if (!skipping) node += c;
    }
    return node;
}

bool is_within(StepId const& step, StepId const& ancestor) {
    if (!step.path.starts_with(ancestor.path)) return false;
    if (step.path.size() == ancestor.path.size() || ancestor.path.empty()) return true;
    char const after = step.path[ancestor.path.size()];
    return after == '/' || after == '#';
}

StepId undoing(StepId const& step) { return {step.path + "#undo"}; }

bool is_undoing(StepId const& step) { return step.path.ends_with("#undo"); }

}  // namespace resolute
