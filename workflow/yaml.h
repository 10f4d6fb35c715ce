// Reads YAML 1.2 text into a tree that knows the place of every value.
//
// The core schema decides what a plain scalar is: `true`, `false`, `null`, `~`, integers and
// decimal numbers; everything else (`on`, `no`, dates) and everything quoted is text. Refused, with
// line and column: duplicate keys, keys that are not text, more than one document, unknown tags,
// infinities, integers beyond 64 bits, invalid UTF-8, control characters, and what exceeds
// limits::yaml_*. Aliases are expanded and counted, so a small text cannot become a large tree.
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace resolute::workflow {

struct Node {
    enum class Kind { null, boolean, number, text, list, map };
    enum class Style { plain, quoted };  // quoted: also block text behind `|` or `>`
    struct Member;

    Kind kind = Kind::null;
    Style style = Style::plain;
    Json scalar;  // the value of everything but lists and maps
    std::vector<Node> items;  // of a list
    std::vector<Member> members;  // of a map, in the order of the text; keys are unique
    int line = 0;  // from 1
    int column = 0;  // from 1
    std::string pointer;  // JSON pointer (RFC 6901) from the root

    bool is(Kind wanted) const { return kind == wanted; }
    Node const* find(std::string_view key) const;  // of a map; nothing when absent
    std::string const& text() const { return scalar.get_ref<std::string const&>(); }
};

struct Node::Member {
    std::string key;
    int line = 0;
    int column = 0;
    Node value;
};

// An empty text is a null node. `file` is only for the diagnostics.
Result<Node> read_yaml(std::string_view text, std::string const& file = {});

Json to_json(Node const& node);

// "a list", "text", …: for messages.
std::string_view to_string(Node::Kind kind);

// A line of a text, counted from 1; "" past its end.
std::string_view line_of(std::string_view text, int number);

}  // namespace resolute::workflow
