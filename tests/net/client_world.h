// A client with the runtime that carries it, and a way to wait for its answer.
#pragma once

#include "net/http_client.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"

namespace resolute::net {

struct ClientWorld {
    Runtime runtime{2};
    HttpClient client{runtime};
    ClientWorld() { runtime.start(); }

    Reply send(std::string method, std::string const& url, std::string body = {},
               Duration timeout = std::chrono::milliseconds(10'000)) {
        ClientRequest request;
        request.method = std::move(method);
        request.url = parse_url(url).value();
        request.body = std::move(body);
        request.timeout = timeout;
        return send(std::move(request));
    }
    Reply send(ClientRequest request) {
        Awaited<Reply> reply;
        client.send(std::move(request), [reply](Reply got) { reply.set(std::move(got)); });
        return reply.get();
    }
};

template <class T>
T as(Reply const& reply) {
    REQUIRE(std::holds_alternative<T>(reply));
    return std::get<T>(reply);
}

}  // namespace resolute::net
