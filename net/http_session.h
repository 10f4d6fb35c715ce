// One connection of the server. Internal: an opaque type, so that only http_session.cpp compiles
// Beast.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/http_server.h"

namespace resolute::net {

// The request bodies that all sessions of a server hold at a time, in bytes.
class BodyBudget {
  public:
    explicit BodyBudget(std::size_t most) : most_(most) {}

    bool take(std::size_t bytes) {
        if (held_.fetch_add(bytes) + bytes <= most_) return true;
        held_ -= bytes;
        return false;
    }
    void give_back(std::size_t bytes) { held_ -= bytes; }

  private:
    std::size_t const most_;
    std::atomic<std::size_t> held_ = 0;
};

struct SessionOptions {
    HttpServerOptions server;
    std::shared_ptr<BodyBudget> bodies;
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

// Since when nothing whole has come from the client; none while a request is being answered.
std::optional<Duration> waits_since(HttpSession const& session);
// Closes it, unless a request has become whole in the meantime; it is not chosen a second time.
void evict(std::shared_ptr<HttpSession> const& session);

// For Responder and Stream: what the handler has decided about the request in flight.
void answer(std::shared_ptr<HttpSession> const& session, Response response);
void open_stream(std::shared_ptr<HttpSession> const& session, int status, Headers headers);
bool write_stream(std::shared_ptr<HttpSession> const& session, std::string bytes);
bool is_stream_open(std::shared_ptr<HttpSession> const& session);
void end_stream(std::shared_ptr<HttpSession> const& session);

}  // namespace resolute::net
