// Large values leave the bodies of events on their way into the store and come back on their way
// out: what five events of a run hold is stored once.
//
// Both stores and the read model write and read bodies through here; nobody else knows of it. The
// chain covers the whole body, so it proves the values too, wherever they are kept. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec.h"
#include "engine/ids.h"

namespace resolute::store {

// JSON text by what names it in its run.
using Blobs = std::map<Digest, std::string>;
Digest blob_digest(RunId run, std::string_view content);

struct TakenOut {
    Digest digest;
    std::string_view content;  // in the body that it was taken from
};
// A body as it is stored when something in it is large:
//
//   [[[12,33554432,"9f86…"]],{"input":null}]
//
// that is the places of the large values (where their `null` begins in what remains, how many bytes
// they have, their digest), and what remains. Bodies that stay as they are begin with a brace.
struct ApartBody {
    std::string text;
    std::vector<TakenOut> values;  // in order; one that occurs twice is there twice
};

// Takes out the innermost values of limits::blob_bytes and more; a list or map goes as a whole when
// so much of it would remain. None: nothing is large, or the body is not in the form that the
// engine writes, and then it is stored as it is.
std::optional<ApartBody> without_large_values(RunId run, std::string_view body);

bool is_apart(std::string_view stored);

// Those of these blobs of a run that the store has.
using FindBlobs = std::function<Blobs(std::vector<Digest> const&)>;

// Makes the bodies of events that follow each other whole again. Keeps as many of them as have
// `most_bytes` then, and the one that goes beyond. Throws CorruptHistory that names the event and
// what of it is missing or is not what was stored.
void make_whole(RunId run, std::vector<EncodedEvent>& events, std::size_t most_bytes,
                FindBlobs const& find);

}  // namespace resolute::store
