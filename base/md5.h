// MD5, which protects nothing any more: for protocols that still name it.
#pragma once

#include <string>
#include <string_view>

namespace resolute {

std::string md5_hex(std::string_view bytes);  // 32 lower-case hexadecimal digits

}  // namespace resolute
