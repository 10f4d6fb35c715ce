// Values as large as may be shown beside others: what is longer is cut, and said to be.
//
// Pure. Types stay what they are: a text ends early, a list or an object lacks its last members.
#pragma once

#include <string>

#include "base/payload.h"
#include "engine/append.h"

namespace resolute::console {

// Cuts what goes beyond limits::shown_value_bytes. Returns what was cut, each as
// {"pointer": "/document", "bytes": 33554432} with the bytes that it has as JSON text; pointers
// begin with `root`.
Json shorten(Json& value, std::string const& root = "");

// The same, of a payload.
Json shorten(Payload& value, std::string const& root);

struct Shortened {
    EncodedEvent event;  // of the same kind and step; its chain does not fit it any more
    Json cuts;  // as above
};
// Of a large event only what is shown of it is made a tree, in the order in which it was written.
Shortened shortened(EncodedEvent event);

}  // namespace resolute::console
