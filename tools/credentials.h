// How a request proves who it is, with its secrets put in: only here, just before it is sent.
//
// Pure. What comes out is never stored, logged or put into a message; `secrets` lists the texts
// that have to be masked wherever an answer repeats them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace resolute::tools {

struct Credentials {
    std::string scheme;  // basic, bearer, digest, oauth2, oidc
    Json values;         // plain: {"username": "a", "password": "b"}
    std::vector<std::string> secrets;

    std::string text(char const* member) const;  // "" when it is absent
};

// `authentication` as the workflow recorded it: credentials are {"text": VALUE} or {"secret":
// EXPRESSION over $secrets}; {"use": NAME} stands for a whole secret. Refused, in one sentence:
// secrets that are not configured, and what is not text.
Result<Credentials> with_secrets(Json const& authentication,
                                 std::map<std::string, Json> const& secrets);

}  // namespace resolute::tools
