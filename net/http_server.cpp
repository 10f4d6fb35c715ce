#include "net/http_server.h"

#include <boost/asio/ip/address.hpp>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/log.h"
#include "net/http_session.h"
#include "net/strand.h"

namespace resolute::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

tcp::endpoint endpoint_of(HttpServerOptions const& options) {
    error_code error;
    auto const name = options.address == "localhost" ? "127.0.0.1" : options.address;
    auto const address = asio::ip::make_address(name, error);
    if (error)
        throw CannotListen("`" + options.address +
                           "` is not an IP address to listen on; write one, such as 127.0.0.1");
    return {address, options.port};
}

}  // namespace

class HttpServer::Acceptor : public std::enable_shared_from_this<HttpServer::Acceptor> {
  public:
    Acceptor(Runtime& runtime, HttpServerOptions options, RequestHandler handler)
        : runtime_(runtime), serial_(runtime), acceptor_(serial_.strand().executor) {
        listen(options);
        options.max_connections = std::min(options.max_connections, descriptor_limit() / 2);
        session_options_.bodies = std::make_shared<BodyBudget>(options.max_held_bytes);
        options.port = endpoint_.port();
        session_options_.server = std::move(options);
        session_options_.handler = std::move(handler);
    }

    void start() {
        session_options_.on_closed = [weak = weak_from_this()](HttpSession* session) {
            if (auto const self = weak.lock()) self->forget(session);
        };
        shared_options_ = std::make_shared<SessionOptions const>(session_options_);
        serial_.post([self = shared_from_this()] { self->accept(); });
    }

    void stop();
    tcp::endpoint endpoint() const { return endpoint_; }
    std::size_t open_sessions() const {
        std::lock_guard const lock(mutex_);
        return sessions_.size();
    }

  private:
    using Sessions = std::map<HttpSession*, std::shared_ptr<HttpSession>>;

    void listen(HttpServerOptions const& options);
    void accept();
    void welcome(tcp::socket socket);
    bool evict_longest_silent();
    void forget(HttpSession* session);
    Sessions sessions() const;
    bool wait_until_empty(Duration at_most);

    Runtime& runtime_;
    Serial serial_;
    tcp::acceptor acceptor_;
    tcp::endpoint endpoint_;
    SessionOptions session_options_;
    std::shared_ptr<SessionOptions const> shared_options_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Sessions sessions_;
    bool is_stopping_ = false;
};

void HttpServer::Acceptor::listen(HttpServerOptions const& options) {
    auto const wanted = endpoint_of(options);
    error_code error;
    acceptor_.open(wanted.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(wanted, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) throw PortInUse(options.port);
    if (error)
        throw CannotListen("cannot listen on " + options.address + ":" +
                           std::to_string(options.port) + ": " + error.message());
    endpoint_ = acceptor_.local_endpoint();
}

void HttpServer::Acceptor::accept() {
    auto on_accepted = [self = shared_from_this()](error_code error, tcp::socket socket) {
        if (!self->acceptor_.is_open()) return;
        if (!error) {
            self->welcome(std::move(socket));
            return self->accept();
        }
        // Most likely no file descriptor is left: wait for some to come back instead of spinning.
        log::warn("http server: cannot accept a connection: " + error.message());
        self->serial_.after(std::chrono::milliseconds(limits::http_server_accept_pause_ms),
                            [self] { self->accept(); });
    };
    acceptor_.async_accept(asio::make_strand(runtime_.context()), std::move(on_accepted));
}

void HttpServer::Acceptor::welcome(tcp::socket socket) {
    auto const session = make_session(std::move(socket), shared_options_);
    std::size_t count = 0;
    bool has_room = true;
    auto const most = session_options_.server.max_connections;
    {
        std::lock_guard const lock(mutex_);
        if (is_stopping_) return;
        count = sessions_.size();
        has_room = count < most || evict_longest_silent();
        sessions_.emplace(session.get(), session);
    }
    if (has_room)
        serve(session);
    else if (count < most + limits::http_server_refusals)
        refuse(session);
    else
        cut(session);
}

// A thousand clients that dribble must not keep the others out. With the lock held.
bool HttpServer::Acceptor::evict_longest_silent() {
    auto const before = SystemClock().monotonic() - session_options_.server.evict_after;
    std::shared_ptr<HttpSession> longest;
    std::optional<Duration> since;
    for (auto const& [key, session] : sessions_) {
        auto const silent = waits_since(*session);
        if (!silent || *silent > before || (since && *silent >= *since)) continue;
        since = silent;
        longest = session;
    }
    if (longest) evict(longest);
    return longest != nullptr;
}

void HttpServer::Acceptor::forget(HttpSession* session) {
    std::lock_guard const lock(mutex_);
    sessions_.erase(session);
    changed_.notify_all();
}

HttpServer::Acceptor::Sessions HttpServer::Acceptor::sessions() const {
    std::lock_guard const lock(mutex_);
    return sessions_;
}

bool HttpServer::Acceptor::wait_until_empty(Duration at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [this] { return sessions_.empty(); });
}

void HttpServer::Acceptor::stop() {
    if (runtime_.owns_this_thread())
        throw std::logic_error("an HTTP server cannot be stopped from a thread of its runtime");
    {
        std::lock_guard const lock(mutex_);
        if (is_stopping_) return;
        is_stopping_ = true;
    }
    auto close = [self = shared_from_this()] {
        error_code ignored;  // nothing can be done about an acceptor that does not close
        self->acceptor_.close(ignored);
    };
    if (!runtime_.is_running()) return close();  // nothing runs any more, so no handler can
    serial_.post(close);
    for (auto const& [key, session] : sessions()) drain(session);
    if (wait_until_empty(session_options_.server.stop_grace)) return;
    for (auto const& [key, session] : sessions()) cut(session);
    wait_until_empty(session_options_.server.stop_grace);
}

HttpServer::HttpServer(Runtime& runtime, HttpServerOptions options, RequestHandler handler)
    : acceptor_(std::make_shared<Acceptor>(runtime, std::move(options), std::move(handler))) {
    acceptor_->start();
}

HttpServer::~HttpServer() { acceptor_->stop(); }

std::uint16_t HttpServer::port() const { return acceptor_->endpoint().port(); }

std::string HttpServer::url() const {
    auto const address = acceptor_->endpoint().address();
    auto const host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return "http://" + host + ":" + std::to_string(port());
}

std::size_t HttpServer::connections() const { return acceptor_->open_sessions(); }

void HttpServer::stop() { acceptor_->stop(); }

}  // namespace resolute::net
