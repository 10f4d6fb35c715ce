#include "tools/digest_access.h"

#include <map>

#include "base/digest.h"
#include "base/md5.h"
#include "base/random.h"

namespace resolute::tools {
namespace {

// `realm="a b", qop="auth,auth-int", algorithm=MD5` by name.
std::map<std::string, std::string> parameters_of(std::string_view text) {
    std::map<std::string, std::string> found;
    while (!text.empty()) {
        auto const equals = text.find('=');
        if (equals == std::string_view::npos) break;
        auto name = text.substr(0, equals);
        while (!name.empty() && (name.front() == ' ' || name.front() == ',')) name.remove_prefix(1);
        text.remove_prefix(equals + 1);
        std::string value;
        if (text.starts_with('"')) {
            std::size_t at = 1;
            for (; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size()) ++at;
                value += text[at];
            }
            text.remove_prefix(std::min(text.size(), at + 1));
        } else {
            value = text.substr(0, text.find(','));
            text.remove_prefix(std::min(text.size(), value.size()));
        }
        found.emplace(name, std::move(value));
    }
    return found;
}

std::string hash(bool is_md5, std::string const& text) {
    return is_md5 ? md5_hex(text) : to_string(sha256(text));
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

bool offers_auth(std::string const& qop) {
    std::string const list = "," + qop + ",";
    return list.find(",auth,") != std::string::npos || list.find(" auth,") != std::string::npos;
}

}  // namespace

std::optional<std::string> digest_access(Credentials const& credentials, std::string_view challenge,
                                         net::ClientRequest const& request) {
    if (!challenge.starts_with("Digest ")) return std::nullopt;
    auto said = parameters_of(challenge.substr(7));
    auto const algorithm = said.contains("algorithm") ? said["algorithm"] : "MD5";
    bool const is_md5 = net::equal_ignoring_case(algorithm, "MD5");
    if (!is_md5 && !net::equal_ignoring_case(algorithm, "SHA-256")) return std::nullopt;
    bool const has_qop = said.contains("qop");
    if (has_qop && !offers_auth(said["qop"])) return std::nullopt;
    auto const user = credentials.text("username");
    auto const first =
        hash(is_md5, user + ":" + said["realm"] + ":" + credentials.text("password"));
    auto const second = hash(is_md5, request.method + ":" + request.url.target);
    auto const drawn = system_random()->next();
    auto const nonce = to_hex({reinterpret_cast<char const*>(&drawn), sizeof drawn});
    auto const proof =
        has_qop
            ? hash(is_md5, first + ":" + said["nonce"] + ":00000001:" + nonce + ":auth:" + second)
            : hash(is_md5, first + ":" + said["nonce"] + ":" + second);
    auto value = "Digest username=" + in_quotes(user) + ", realm=" + in_quotes(said["realm"]) +
                 ", nonce=" + in_quotes(said["nonce"]) + ", uri=" + in_quotes(request.url.target) +
                 ", response=\"" + proof + "\", algorithm=" + algorithm;
    if (has_qop) value += ", qop=auth, nc=00000001, cnonce=\"" + nonce + "\"";
    if (said.contains("opaque")) value += ", opaque=" + in_quotes(said["opaque"]);
    return value;
}

}  // namespace resolute::tools
