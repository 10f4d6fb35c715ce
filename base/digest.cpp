#include "base/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace resolute {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// Fetching the algorithm once saves OpenSSL 3 a look-up by name for every digest.
EVP_MD* algorithm() {
    static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
    thread_local Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    Digest digest;
    bool ok = EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1;
    for (auto part : parts)
        ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    ok = ok && EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr) == 1;
    if (!ok) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    return digest;
}

std::string to_hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(bytes.size() * 2, '\0');
    auto* out = text.data();
    for (unsigned char byte : bytes) {
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 0x0f];
    }
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
