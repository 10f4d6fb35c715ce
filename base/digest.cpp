#include "base/digest.h"

// The plain functions: through EVP, what is around the digest of a short text costs as much as the
// digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <stdexcept>

namespace resolute {

Digest sha256(std::initializer_list<std::string_view> parts) {
    SHA256_CTX context;
    Digest digest;
    bool ok = SHA256_Init(&context) == 1;
    for (auto part : parts) ok = ok && SHA256_Update(&context, part.data(), part.size()) == 1;
    ok = ok && SHA256_Final(digest.bytes.data(), &context) == 1;
    if (!ok) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    return digest;
}

void append_hex(std::string& to, std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    auto const before = to.size();
    to.resize(before + bytes.size() * 2);
    auto* out = to.data() + before;
    for (unsigned char byte : bytes) {
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 0x0f];
    }
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    append_hex(text, bytes);
    return text;
}

std::string to_string(Digest const& digest) { return to_hex(digest.view()); }

std::string short_form(Digest const& digest) { return to_string(digest).substr(0, 12); }

std::optional<Digest> parse_digest(std::string_view hex) {
    if (hex.size() != 64) return std::nullopt;
    auto value = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    Digest digest;
    for (std::size_t i = 0; i < 32; ++i) {
        int const high = value(hex[2 * i]);
        int const low = value(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

std::optional<Digest> digest_from_bytes(std::string_view bytes) {
    if (bytes.size() != 32) return std::nullopt;
    Digest digest;
    std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
    return digest;
}

}  // namespace resolute
