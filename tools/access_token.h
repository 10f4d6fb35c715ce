// OAuth 2.0 tokens for a request: how one is asked for (RFC 6749, sections 4.3 and 4.4) and read.
//
// Pure: nothing here sends anything.
#pragma once

#include "net/http_client.h"
#include "tools/credentials.h"

namespace resolute::tools {

// Where OpenID Connect says which address gives tokens.
Result<net::Url> discovery_url(Credentials const& credentials);
Result<net::Url> token_url_in(net::Reply const& discovered);
// `oauth2`: below the authority, `/oauth2/token` unless the workflow says otherwise.
Result<net::Url> token_url(Credentials const& credentials);

Result<net::ClientRequest> token_request(Credentials const& credentials, net::Url url);

// Never what the server said: it may repeat what it was sent.
Result<std::string> token_in(net::Reply const& reply);

}  // namespace resolute::tools
