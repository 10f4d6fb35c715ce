// One connection of the server. Internal: an opaque type, so that only http_session.cpp compiles
// Beast.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/http_server.h"

namespace resolute::net {

struct SessionOptions {
    HttpServerOptions server;
    RequestHandler handler;
    std::function<void(HttpSession*)> on_closed;  // once, on the session's strand
};

// Whoever makes a session keeps it until on_closed. These functions may be called from any thread.
std::shared_ptr<HttpSession> make_session(boost::asio::ip::tcp::socket socket,
                                          std::shared_ptr<SessionOptions const> options);
void serve(std::shared_ptr<HttpSession> const& session);
void refuse(std::shared_ptr<HttpSession> const& session);  // 503 with Retry-After, then closes
void drain(std::shared_ptr<HttpSession> const& session);  // closes as soon as nothing is in flight
void cut(std::shared_ptr<HttpSession> const& session);  // closes now

// For Responder and Stream: what the handler has decided about the request in flight.
void answer(std::shared_ptr<HttpSession> const& session, Response response);
void open_stream(std::shared_ptr<HttpSession> const& session, int status, Headers headers);
bool write_stream(std::shared_ptr<HttpSession> const& session, std::string bytes);
bool is_stream_open(std::shared_ptr<HttpSession> const& session);
void end_stream(std::shared_ptr<HttpSession> const& session);

}  // namespace resolute::net
