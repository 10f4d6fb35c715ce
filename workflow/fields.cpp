#include "workflow/fields.h"

#include <algorithm>

#include "base/spelling.h"

namespace resolute::workflow {
namespace {

std::string ticked(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string list_of(std::vector<std::string> const& names) {
    std::string list;
    for (auto const& name : names) list += (list.empty() ? "" : ", ") + ticked(name);
    return list;
}

}  // namespace

bool expect(Node const& node, Node::Kind kind, std::string const& what, Problems& problems) {
    if (node.is(kind)) return true;
    problems.error(node, codes::wrong_type,
                   what + " must be " + std::string(to_string(kind)) + ", and this is " +
                       std::string(to_string(node.kind)) + ".");
    return false;
}

std::optional<std::string> read_text(Node const& node, std::string const& what,
                                     Problems& problems) {
    if (node.is(Node::Kind::text)) return node.text();
    bool const could_be_quoted = node.is(Node::Kind::number) || node.is(Node::Kind::boolean);
    problems.error(node, codes::wrong_type,
                   what + " must be text, and this is " + std::string(to_string(node.kind)) + ".",
                   could_be_quoted ? "Put it in quotes." : "");
    return std::nullopt;
}

Fields::Fields(Node const& node, std::string what, Problems& problems)
    : node_(node), what_(std::move(what)), problems_(problems) {
    expect(node, Node::Kind::map, what_, problems);
}

Node::Member const* Fields::member(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    for (auto const& member : node_.members)
        if (member.key == key) return &member;
    return nullptr;
}

Node const* Fields::find(std::string_view key) {
    auto const* found = member(key);
    return found ? &found->value : nullptr;
}

Node const* Fields::require(std::string_view key) {
    auto const* found = find(key);
    if (!found && node_.is(Node::Kind::map))
        problems_.error(node_, codes::missing_key, what_ + " needs " + ticked(key) + ".",
                        "Add " + ticked(std::string(key) + ":") + ".");
    return found;
}

std::optional<std::string> Fields::text(std::string_view key) {
    auto const* found = find(key);
    return found ? read_text(*found, ticked(key), problems_) : std::nullopt;
}

std::optional<std::string> Fields::required_text(std::string_view key) {
    auto const* found = require(key);
    return found ? read_text(*found, ticked(key), problems_) : std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view key) {
    auto const* found = find(key);
    if (!found || !expect(*found, Node::Kind::boolean, ticked(key), problems_)) return std::nullopt;
    return found->scalar.get<bool>();
}

std::optional<std::int64_t> Fields::whole(std::string_view key, std::int64_t least,
                                          std::int64_t most) {
    auto const* found = find(key);
    if (!found) return std::nullopt;
    if (found->scalar.is_number_integer()) {
        bool const huge = found->scalar.is_number_unsigned() &&
                          found->scalar.get<std::uint64_t>() > static_cast<std::uint64_t>(most);
        auto const value = huge ? most : found->scalar.get<std::int64_t>();
        if (!huge && value >= least && value <= most) return value;
    }
    problems_.error(*found, codes::invalid_value,
                    ticked(key) + " must be a whole number from " + std::to_string(least) + " to " +
                        std::to_string(most) + ".");
    return std::nullopt;
}

void Fields::finish() {
    for (auto const& member : node_.members) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        auto const near = did_you_mean(member.key, known_);
        problems_.error(place_of(member), codes::unknown_key,
                        what_ + " has no key " + ticked(member.key) + ".",
                        near.empty() ? "It knows " + list_of(known_) + "." : near.substr(1));
    }
}

}  // namespace resolute::workflow
