#include <array>
#include <boost/asio/write.hpp>

#include "base/log.h"
#include "net/http_session_state.h"
#include "net/problem.h"
#include "net/response_head.h"

namespace resolute::net {

namespace {

// "http://host/path" is allowed by RFC 9112 and means "/path".
std::string_view origin_form(std::string_view target) {
    if (!target.starts_with("http://")) return target;
    auto const slash = target.find('/', 7);
    return slash == std::string_view::npos ? "/" : target.substr(slash);
}

}  // namespace

void HttpSession::arm(Duration time) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this(), setting = ++armed_](error_code error) {
        if (!error && setting == self->armed_) self->close();
    });
}

void HttpSession::disarm() {
    ++armed_;
    timer_.cancel();
}

void HttpSession::wait_for_request() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::idle;
    give_body_back();
    waits_since_us = SystemClock().monotonic().count();
    if (is_draining_) return close();
    if (buffer_.size() != 0) return read_head();
    arm(options_->server.idle_timeout);
    // Read rather than waited for: the reactor may call a new descriptor ready by an event of a
    // closed one, and a session that is not idle keeps a drain waiting.
    socket_.async_read_some(buffer_.prepare(1),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                                if (self->phase_ == Phase::closed) return;
                                if (error) return self->close();
                                self->buffer_.commit(size);
                                self->read_head();
                            });
}

void HttpSession::read_head() {
    phase_ = Phase::reading;
    waits_since_us = SystemClock().monotonic().count();
    arm(options_->server.header_timeout);
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_->server.max_header_bytes));
    parser_->body_limit(options_->server.max_body_bytes);
    http::async_read_header(socket_, buffer_, *parser_,
                            [self = shared_from_this()](error_code error, std::size_t) {
                                if (self->phase_ != Phase::closed) self->on_head(error);
                            });
}

void HttpSession::on_head(error_code error) {
    if (error) return on_bad_request(error);
    auto const expect = parser_->get()[http::field::expect];
    if (!equal_ignoring_case({expect.data(), expect.size()}, "100-continue")) return read_body();
    send("HTTP/1.1 100 Continue\r\n\r\n", {}, [this] { read_body(); });
}

void HttpSession::read_body() {
    phase_ = Phase::reading;
    arm(options_->server.body_timeout);
    parser_->eager(true);
    if (parser_->is_done()) return handle();
    read_more_of_body();
}

void HttpSession::read_more_of_body() {
    http::async_read_some(socket_, buffer_, *parser_,
                          [self = shared_from_this()](error_code error, std::size_t) {
                              if (self->phase_ != Phase::closed) self->on_body(error);
                          });
}

// What has come is counted, not what is announced: announcing costs the client nothing.
void HttpSession::on_body(error_code error) {
    if (error) return on_bad_request(error);
    auto const more = parser_->get().body().size() - body_bytes_;
    if (!options_->bodies->take(more))
        return fail(503, "overloaded", "The server holds as much of requests as it takes on.",
                    {{"Retry-After", std::to_string(limits::http_server_retry_after_s)}});
    body_bytes_ += more;
    if (parser_->is_done()) return handle();
    read_more_of_body();
}

void HttpSession::give_body_back() { options_->bodies->give_back(std::exchange(body_bytes_, 0)); }

void HttpSession::on_bad_request(error_code error) {
    keep_alive_ = false;
    if (error == http::error::body_limit)
        return fail(413, "body_too_large", "The body of the request is too large.");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return fail(431, "headers_too_large", "The headers of the request are too large.");
    bool const is_gone =
        error == http::error::end_of_stream || error == http::error::partial_message;
    auto const malformed = http::make_error_code(http::error::bad_method);
    if (error.category() != malformed.category() || is_gone) return close();
    fail(400, "malformed_request", "The request is not well-formed HTTP.");
}

// What the handler gets; none when the request cannot be understood.
std::optional<ServerRequest> HttpSession::take_request() {
    auto& message = parser_->get();
    version_ = message.version();
    keep_alive_ = message.keep_alive();
    is_head_only_ = message.method() == http::verb::head;
    ServerRequest request;
    request.method = is_head_only_ ? "GET" : std::string(message.method_string());
    request.target = std::string(message.target());
    auto target = parse_target(origin_form(request.target));
    bool const has_host = message.find(http::field::host) != message.end();
    if (!target || (version_ == 11 && !has_host)) return std::nullopt;
    request.path = std::move(target->path);
    request.segments = std::move(target->segments);
    request.query = std::move(target->query);
    for (auto const& field : message)
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    request.body = std::move(message.body());
    error_code unknown;  // a peer that has just left has no address, but its request counts
    request.peer = socket_.remote_endpoint(unknown).address().to_string();
    auto const& server = options_->server;
    request.listener = server.address + ":" + std::to_string(server.port);
    return request;
}

void HttpSession::handle() {
    auto const request = take_request();
    if (!request) {
        keep_alive_ = false;
        return fail(400, "malformed_request",
                    "The target or the Host of the request is malformed.");
    }
    disarm();
    phase_ = Phase::handling;
    waits_since_us = 0;
    Responder const responder(weak_from_this());
    try {
        options_->handler(*request, responder);
    } catch (std::exception const& error) {
        log::error("http server: " + request->method + " " + request->path + ": " + error.what());
        responder.try_respond(
            problem_response({500, "internal_error", "The request could not be handled.",
                              "See the log of the server."}));
    }
}

void HttpSession::send(std::string head, std::string body, std::function<void()> done) {
    out_head_ = std::move(head);
    out_body_ = std::move(body);
    arm(options_->server.write_timeout);
    std::array const buffers{asio::buffer(out_head_), asio::buffer(out_body_)};
    asio::async_write(
        socket_, buffers,
        [self = shared_from_this(), done = std::move(done)](error_code error, std::size_t) {
            if (self->phase_ == Phase::closed) return;
            if (error)
                self->close();
            else
                done();
        });
}

void HttpSession::write_answer(Response response) {
    if (phase_ != Phase::handling) return;
    phase_ = Phase::writing;
    for (auto const& header : response.headers) {
        if (is_valid_header(header)) continue;
        log::error("http server: an answer has a malformed header `" + header.name + "`");
        response = problem_response({500, "internal_error", "The answer could not be sent.", ""});
        break;
    }
    keep_alive_ = keep_alive_ && !is_draining_;
    Headers owned{{"Connection", keep_alive_ ? "keep-alive" : "close"}};
    if (may_have_body(response.status))
        owned.push_back({"Content-Length", std::to_string(response.body.size())});
    auto head = response_head(response.status, response.headers, owned, SystemClock().now());
    bool const with_body = may_have_body(response.status) && !is_head_only_;
    send(std::move(head), with_body ? std::move(response.body) : std::string(), [this] {
        if (keep_alive_)
            wait_for_request();
        else
            linger();
    });
}

void HttpSession::fail(int status, std::string code, std::string title, Headers headers) {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::handling;
    waits_since_us = 0;
    keep_alive_ = false;
    is_head_only_ = false;
    if (parser_) parser_->get().body() = {};
    give_body_back();
    auto response = problem_response({status, std::move(code), std::move(title), ""});
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    write_answer(std::move(response));
}

void HttpSession::begin_stream(int status, Headers headers) {
    if (phase_ != Phase::handling) {  // the peer left while the handler was thinking
        stream.close();
        return;
    }
    phase_ = Phase::streaming;
    std::erase_if(headers, [](Header const& header) { return !is_valid_header(header); });
    Headers owned{{"Connection", "close"}};
    if (is_chunked()) owned.push_back({"Transfer-Encoding", "chunked"});
    is_pumping_ = true;
    send(response_head(status, headers, owned, SystemClock().now()), {}, [this] {
        is_pumping_ = false;
        if (is_draining_) stream.close();
        pump();
    });
    watch_peer();
}

// Sends what is queued; when the stream has ended and all of it is sent, says so and closes.
void HttpSession::pump() {
    if (is_pumping_ || phase_ != Phase::streaming) return;
    bool const has_ended = !stream.is_open();  // asked first: nothing is queued after it
    auto bytes = stream.take();
    auto const size = bytes.size();
    if (size == 0 && !has_ended) return disarm();
    is_pumping_ = true;
    if (size != 0)
        return send(std::move(bytes), {}, [this, size] {
            stream.sent(size);
            is_pumping_ = false;
            pump();
        });
    send(is_chunked() && !is_head_only_ ? "0\r\n\r\n" : "", {}, [this] { linger(); });
}

// While streaming nothing more is expected from the peer but its leaving.
void HttpSession::watch_peer() {
    socket_.async_read_some(asio::buffer(scratch_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                                if (self->phase_ == Phase::closed) return;
                                if (error)
                                    self->close();
                                else
                                    self->watch_peer();
                            });
}

// Closing with unread bytes resets the connection and takes our answer with it, so the rest is read
// first.
void HttpSession::linger() {
    bool const is_watched = phase_ == Phase::streaming;
    phase_ = Phase::lingering;
    arm(std::chrono::milliseconds(limits::http_server_linger_ms));
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    if (error) return close();
    if (!is_watched) watch_peer();
}

void HttpSession::drain() {
    is_draining_ = true;
    if (phase_ == Phase::idle) return close();
    if (phase_ != Phase::streaming) return;
    stream.close();
    pump();
}

void HttpSession::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    waits_since_us = 0;
    give_body_back();
    stream.close();
    disarm();
    error_code ignored;  // it is closed either way
    socket_.close(ignored);
    options_->on_closed(this);
}

}  // namespace resolute::net
