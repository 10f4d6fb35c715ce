// UTF-8: whether bytes are well-formed text, and how to make them so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute {

// The length of the longest well-formed prefix (Unicode 15, table 3-7): the whole size when all is
// well. Overlong forms, surrogates and values beyond U+10FFFF are not well-formed.
std::size_t valid_utf8_prefix(std::string_view bytes);

inline bool is_utf8(std::string_view bytes) { return valid_utf8_prefix(bytes) == bytes.size(); }

// The text with every byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view bytes);

// U+0000 to U+001F and U+007F: refused in names, because they cannot be seen, and because no text
// of PostgreSQL may have U+0000.
bool has_control_character(std::string_view text);

}  // namespace resolute
