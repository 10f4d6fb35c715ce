// HTTP Digest access authentication (RFC 7616): the answer to a server's challenge.
//
// Pure but for the client nonce, which is drawn from the system. MD5 and SHA-256, with and without
// `qop=auth`.
#pragma once

#include "net/http_client.h"
#include "tools/credentials.h"

namespace resolute::tools {

// The value of `Authorization`; nothing when the challenge is not one that can be answered.
std::optional<std::string> digest_access(Credentials const& credentials, std::string_view challenge,
                                         net::ClientRequest const& request);

}  // namespace resolute::tools
