// What one scalar of YAML means under the core schema of YAML 1.2 (chapter 10.3).
#pragma once

#include "workflow/yaml.h"

namespace resolute::workflow {

struct Scalar {
    Node::Kind kind = Node::Kind::text;
    Json value;
    std::string problem = {};  // not empty: the scalar has no JSON value
    std::string remedy = {};
};

// `tag`: "?" for a plain scalar, "!" for a quoted one, else the word behind "tag:yaml.org,2002:".
Scalar resolve_scalar(std::string const& text, std::string_view tag);

// A key as one token of a JSON pointer: '~' and '/' escaped.
std::string pointer_token(std::string_view key);

}  // namespace resolute::workflow
