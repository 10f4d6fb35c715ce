// Short texts made small: Zstandard (RFC 8878) with a dictionary of what histories repeat, so that
// also a row of a few hundred bytes is a fifth of itself.
//
// A stored row is read with the dictionary that it was written with, so a dictionary is never
// changed: a better one gets another number, and both stay:
//
//   dictionary_samples DATABASE_URL samples && zstd --train samples/* --maxdict=16384 -o FILE
//
// Any thread; each keeps a state of its own.
#pragma once

#include <string>
#include <string_view>

namespace resolute::store {

// A frame without a checksum: the chain of the history proves more.
std::string compressed(std::string_view text);

// Throws CorruptHistory when this is no frame, or one that says that it holds more than
// limits::history_content_bytes.
std::string expanded(std::string_view frame);

extern std::string_view const dictionary_1;

}  // namespace resolute::store
