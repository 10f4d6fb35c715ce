#include "console/server.h"

namespace resolute::console {

Server::Server(net::Runtime& runtime, Surface surface, std::string const& host, std::uint16_t port)
    : assets_(surface.assets), changes_(std::make_shared<ChangeStream>(runtime)) {
    api_ = std::make_unique<Api>(std::move(surface), changes_);
    http_ = std::make_unique<net::HttpServer>(
        runtime, net::HttpServerOptions{.address = host, .port = port},
        [this](net::ServerRequest const& request, net::Responder responder) {
            if (auto file = assets_.find(request)) return responder.respond(std::move(*file));
            api_->handle(request, std::move(responder));
        });
    changes_->start();
}

Server::~Server() { stop(); }

void Server::stop() {
    changes_->close();
    if (http_) http_->stop();
}

}  // namespace resolute::console
