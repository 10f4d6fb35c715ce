// A server on a port of its own with the runtime that carries it, and raw bytes to talk to it with.
#pragma once

#include "net/http_server.h"
#include "tests/net/scripted_server.h"

namespace resolute::net {

struct World {
    Runtime runtime{2};
    HttpServer server;
    explicit World(RequestHandler handler, HttpServerOptions options = {})
        : server((runtime.start(), runtime), std::move(options), std::move(handler)) {}

    // Sends bytes on a fresh connection and reads until the server closes it.
    std::string talk(std::string const& bytes) const {
        auto const peer = connect_to(server.port());
        peer->send(bytes);
        return peer->read_all();
    }
};

}  // namespace resolute::net
