// A system behind HTTP that answers as the test says and remembers what it got.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "net/http_server.h"

namespace resolute::tools {

struct System {
    using Answering = std::function<void(net::ServerRequest const&, net::Responder)>;

    struct Shared {
        std::mutex mutex;
        Answering answering;
        std::vector<net::ServerRequest> seen;
    };
    std::shared_ptr<Shared> shared = std::make_shared<Shared>();
    net::Runtime runtime{1};
    std::unique_ptr<net::HttpServer> server;

    System() {
        runtime.start();
        server = std::make_unique<net::HttpServer>(
            runtime, net::HttpServerOptions{},
            [shared = shared](net::ServerRequest const& request, net::Responder responder) {
                std::unique_lock lock(shared->mutex);
                shared->seen.push_back(request);
                auto const answering = shared->answering;
                lock.unlock();
                answering(request, std::move(responder));
            });
    }
    void answers(Answering answering) {
        std::lock_guard const lock(shared->mutex);
        shared->answering = std::move(answering);
    }
    void answers(int status, std::string const& body, net::Headers const& headers = {}) {
        answers([=](net::ServerRequest const&, net::Responder responder) {
            responder.respond({status, headers, body});
        });
    }
    net::ServerRequest last() const {
        std::lock_guard const lock(shared->mutex);
        return shared->seen.back();
    }
    std::size_t calls() const {
        std::lock_guard const lock(shared->mutex);
        return shared->seen.size();
    }
    std::string url() const { return server->url(); }
};

}  // namespace resolute::tools
