// A small HTTP/1.1 server: a handler gets each request and answers now or later, whole or as a
// stream.
//
// The handler is called on the runtime's threads, for one request of a connection at a time; the
// request is only valid during the call. Throwing from it answers 500. Nothing here is encrypted:
// bind to loopback, or put a proxy in front.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "net/http_message.h"
#include "net/runtime.h"
#include "net/url.h"

namespace resolute::net {

class HttpSession;

struct ServerRequest {
    std::string method;  // a HEAD arrives as GET; the server leaves the body out
    std::string target;  // as it was sent
    std::string path;  // decoded
    std::vector<std::string> segments;  // of the path, decoded one by one: {"payments", "pay_1"}
    Query query;
    Headers headers;
    std::string body;
    std::string peer;  // address of the other side
    std::string listener;  // address:port that the server listens on

    std::optional<std::string_view> header(std::string_view name) const {
        return find_header(headers, name);
    }
};

// An answer that goes on, such as server-sent events. Copies write to the same stream; dropping all
// of them closes it. Thread-safe.
class Stream {
  public:
    // Queues the bytes and returns at once. False when the peer is gone, or reads so slowly that
    // the bound on unsent bytes is reached: the stream is closed then, and later writes are false
    // as well.
    bool write(std::string bytes) const;
    bool is_open() const;
    void close() const;

  private:
    friend class Responder;
    struct Writing;
    explicit Stream(std::shared_ptr<Writing> writing) : writing_(std::move(writing)) {}
    std::shared_ptr<Writing> writing_;
};

// The duty to answer one request, from any thread, exactly once: a second answer throws
// std::logic_error. If all copies are dropped without an answer, the client gets a 500.
class Responder {
  public:
    void respond(Response response) const;
    Stream start_stream(Headers headers, int status = 200) const;
    // Closes the connection without an answer: the client cannot know what happened.
    void hang_up() const;

  private:
    friend class HttpSession;
    struct Duty;
    explicit Responder(std::weak_ptr<HttpSession> session);
    bool try_respond(Response response) const;
    std::shared_ptr<Duty> duty_;
};

using RequestHandler = std::function<void(ServerRequest const&, Responder)>;

struct HttpServerOptions {
    std::string address = "127.0.0.1";  // an IP address; "localhost" is the loopback one
    std::uint16_t port = 0;  // 0: any free port
    std::size_t max_header_bytes = limits::http_header_bytes;
    std::size_t max_body_bytes = limits::http_request_bytes;
    // Then the client that has sent nothing whole for longest makes room; if none has been silent
    // for `evict_after`, 503 with Retry-After. At most half of the files that the process may open.
    std::size_t max_connections = limits::http_server_connections;
    Duration evict_after = std::chrono::milliseconds(limits::http_server_evict_ms);
    // Of all requests that are being read or answered; then 503 with Retry-After.
    std::size_t max_held_bytes = limits::http_server_body_bytes;
    std::size_t max_stream_bytes = limits::http_stream_bytes;  // unsent, per stream
    Duration header_timeout = std::chrono::milliseconds(limits::http_server_header_ms);
    Duration body_timeout = std::chrono::milliseconds(limits::http_server_body_ms);
    Duration idle_timeout = std::chrono::milliseconds(limits::http_server_idle_ms);
    Duration write_timeout = std::chrono::milliseconds(limits::http_server_write_ms);
    Duration stop_grace = std::chrono::milliseconds(limits::http_server_grace_ms);
};

struct CannotListen : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct PortInUse : CannotListen {
    explicit PortInUse(std::uint16_t taken)
        : CannotListen("port " + std::to_string(taken) + " is already in use; choose another one"),
          port(taken) {}
    std::uint16_t port;
};

class HttpServer {
  public:
    // Listens and serves from here on. Throws PortInUse or CannotListen.
    HttpServer(Runtime& runtime, HttpServerOptions options, RequestHandler handler);
    ~HttpServer();  // stops
    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    std::uint16_t port() const;
    std::string url() const;  // http://address:port
    std::size_t connections() const;

    // Accepts nothing more, ends streams, lets requests in flight finish for stop_grace, then cuts
    // them. Waits for it, so not from a thread of the runtime. The handler is not called any more
    // afterwards.
    void stop();

  private:
    class Acceptor;
    std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace resolute::net
