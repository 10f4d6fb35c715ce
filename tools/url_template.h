// An address with places for arguments: "http://host/payments/{payment_id}?key={key}".
//
// Immutable. Arguments are percent-encoded, so that no argument can reach another path, query or
// host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "net/url.h"

namespace resolute::tools {

class UrlTemplate {
  public:
    // One sentence per problem in the diagnostics, without a place. `{name}` may stand in path and
    // query only.
    static Result<UrlTemplate> compile(std::string_view text);

    std::vector<std::string> const& names() const { return names_; }  // in order, may repeat

    // Arguments that are named go to their places; `query` = what else goes into the query string.
    // Refused: an argument that is absent, no text, number or boolean, or that would change the
    // path ("", ".", "..").
    Result<net::Url> fill(Json const& arguments, std::vector<std::string> const& query) const;

    // "http://host:port", lower case: which system it is.
    std::string origin() const;

  private:
    std::vector<std::string>
        texts_;  // one more than names_: what stands before, between and after them
    std::vector<std::string> names_;
};

}  // namespace resolute::tools
