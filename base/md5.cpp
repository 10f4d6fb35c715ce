#include "base/md5.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "base/digest.h"

namespace resolute {

std::string md5_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1)
        throw std::runtime_error("this system's OpenSSL offers no MD5");
    return to_hex({reinterpret_cast<char const*>(digest.data()), size});
}

}  // namespace resolute
