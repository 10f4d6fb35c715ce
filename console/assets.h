// The built web console from a folder: hashed files for a year, the page itself never cached, a
// strict CSP on all.
//
// Immutable after loading, so safe from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "net/http_server.h"

namespace resolute::console {

class Assets {
  public:
    // Reads everything below the folder; "" = none, and a page that says how to build it.
    explicit Assets(std::string const& folder);

    // The file for a path; the page for every path of the console's own; nothing for /api and
    // unknown files.
    std::optional<net::Response> find(net::ServerRequest const& request) const;

  private:
    std::map<std::string, net::Response> files_;
    net::Response page_;
};

}  // namespace resolute::console
