#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace resolute {

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest;
    unsigned int length = 0;
    auto const* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<unsigned char const*>(text.data()), text.size(),
                            digest.bytes.data(), &length);
    if (!done || length != digest.bytes.size())
        throw std::runtime_error("HMAC-SHA-256 is not available in this OpenSSL");
    return digest;
}

}  // namespace resolute
