// Bytes as text (RFC 4648, section 4): what HTTP's Basic authentication and raw bodies need.
#pragma once

#include <string>
#include <string_view>

namespace resolute::tools {

std::string base64(std::string_view bytes);  // with padding

}  // namespace resolute::tools
