#include "net/http_connection.h"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/strand.h"

namespace resolute::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

class TlsTrust {
  public:
    explicit TlsTrust(std::string const& ca_file) : context(ssl::context::tls_client) {
        context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
        context.set_default_verify_paths();
        context.set_verify_mode(ssl::verify_peer);
        if (!ca_file.empty()) context.load_verify_file(ca_file);
    }
    ssl::context context;
};

std::shared_ptr<TlsTrust> make_tls_trust(std::string const& ca_file) {
    return std::make_shared<TlsTrust>(ca_file);
}

// Whoever waits for an end is owned by the operation under way and by nothing here: when the
// runtime goes away it drops its operations, and with them all that they held.
struct HttpConnection::State : std::enable_shared_from_this<State> {
    using Connected = std::function<void(std::optional<NotSent>)>;
    using Done = std::function<void(Exchanged)>;

    State(Serial const& serial, std::shared_ptr<TlsTrust> trusted, Origin to)
        : trust(std::move(trusted)),
          origin(std::move(to)),
          resolver(serial.strand().executor),
          socket(serial.strand().executor) {
        if (origin.is_tls) tls.emplace(socket, trust->context);
    }

    template <class F>
    void with_stream(F use) {
        if (tls)
            use(*tls);
        else
            use(socket);
    }

    std::string place() const { return origin.host + ":" + std::to_string(origin.port); }

    void resolve(Connected done);
    void reach(tcp::resolver::results_type addresses, Connected done);
    void shake_hands(Connected done);

    void write(Done done);
    void read(Done done);
    void on_read(error_code error, Done done);
    Answered answered();  // takes the body
    Broken broken_by(error_code error) const;

    std::shared_ptr<TlsTrust> trust;  // outlives the stream that uses it
    Origin origin;
    tcp::resolver resolver;
    tcp::socket socket;
    std::optional<ssl::stream<tcp::socket&>> tls;

    http::request<http::string_body> request;
    boost::beast::flat_buffer buffer;
    std::optional<http::response_parser<http::string_body>> parser;
    std::size_t max_response_bytes = 0;
    int interim_responses = 0;
    bool wrote_all = false;
    bool got_some = false;
};

void HttpConnection::State::resolve(Connected done) {
    auto on_resolved = [self = shared_from_this(), done = std::move(done)](error_code error,
                                                                           auto addresses) mutable {
        if (!error) return self->reach(std::move(addresses), std::move(done));
        done(NotSent{Cause::unresolved,
                     "no address is known for `" + self->origin.host + "`: " + error.message()});
    };
    resolver.async_resolve(origin.host, std::to_string(origin.port), std::move(on_resolved));
}

void HttpConnection::State::reach(tcp::resolver::results_type addresses, Connected done) {
    auto on_reached = [self = shared_from_this(), done = std::move(done)](
                          error_code error, tcp::endpoint const&) mutable {
        if (error)
            return done(NotSent{Cause::unreachable,
                                "cannot connect to " + self->place() + ": " + error.message()});
        error_code ignored;  // only costs latency when the option is not there
        self->socket.set_option(tcp::no_delay(true), ignored);
        if (self->tls)
            self->shake_hands(std::move(done));
        else
            done(std::nullopt);
    };
    asio::async_connect(socket, addresses, std::move(on_reached));
}

void HttpConnection::State::shake_hands(Connected done) {
    error_code not_an_address;
    asio::ip::make_address(origin.host, not_an_address);
    if (not_an_address) SSL_set_tlsext_host_name(tls->native_handle(), origin.host.c_str());
    tls->set_verify_callback(ssl::host_name_verification(origin.host));
    auto on_shaken = [self = shared_from_this(), done = std::move(done)](error_code error) {
        if (!error) return done(std::nullopt);
        done(NotSent{Cause::tls,
                     "no trusted TLS connection to " + self->place() + ": " + error.message()});
    };
    tls->async_handshake(ssl::stream_base::client, std::move(on_shaken));
}

// A large request is read from while it is still being written, because a server may refuse it
// early. A small one is written first, so that it is known to be out when its answer allows another
// one to follow.
void HttpConnection::State::write(Done done) {
    bool const reads_early = request.body().size() > limits::http_early_read_bytes;
    auto on_written = [self = shared_from_this(), done = reads_early ? Done() : done](
                          error_code error, std::size_t) mutable {
        self->wrote_all = !error;
        if (done) self->read(std::move(done));
    };
    with_stream([&](auto& stream) { http::async_write(stream, request, std::move(on_written)); });
    if (reads_early) read(std::move(done));
}

void HttpConnection::State::read(Done done) {
    parser.emplace();
    parser->header_limit(limits::http_header_bytes);
    parser->body_limit(max_response_bytes);
    if (request.method() == http::verb::head) parser->skip(true);
    auto on_read = [self = shared_from_this(), done = std::move(done)](error_code error,
                                                                       std::size_t) mutable {
        self->on_read(error, std::move(done));
    };
    with_stream(
        [&](auto& stream) { http::async_read(stream, buffer, *parser, std::move(on_read)); });
}

void HttpConnection::State::on_read(error_code error, Done done) {
    got_some = got_some || parser->got_some();
    if (error) return done(broken_by(error));
    auto const status = static_cast<int>(parser->get().result_int());
    if (status >= 200) return done(answered());
    ++interim_responses;
    if (status != 101 && interim_responses <= limits::http_interim_responses)
        return read(std::move(done));
    done(Broken{
        {Cause::malformed, "the server answered " + std::to_string(status) + " and nothing final"},
        true});
}

HttpConnection::Answered HttpConnection::State::answered() {
    auto& message = parser->get();
    Answered answered;
    answered.response.status = static_cast<int>(message.result_int());
    for (auto const& field : message)
        answered.response.headers.push_back(
            {std::string(field.name_string()), std::string(field.value())});
    answered.can_go_on =
        wrote_all && message.keep_alive() && !message.need_eof() && buffer.size() == 0;
    answered.response.body = std::move(message.body());
    return answered;
}

HttpConnection::Broken HttpConnection::State::broken_by(error_code error) const {
    auto broken = [this](Cause cause, std::string why) {
        return Broken{{cause, std::move(why)}, got_some};
    };
    if (error == http::error::body_limit)
        return broken(Cause::too_large,
                      "the answer is larger than " + std::to_string(max_response_bytes) + " bytes");
    if (error == http::error::header_limit)
        return broken(Cause::too_large, "the headers of the answer are too large");
    if (error == http::error::partial_message || error == ssl::error::stream_truncated)
        return broken(Cause::closed, "the connection to " + place() + " closed within the answer");
    if (error == http::error::end_of_stream)
        return broken(Cause::closed, "the connection to " + place() + " closed without an answer");
    if (error.category() == http::make_error_code(http::error::end_of_stream).category())
        return broken(Cause::malformed, "the answer is not HTTP: " + error.message());
    return broken(Cause::closed, "the connection to " + place() + " broke: " + error.message());
}

HttpConnection::HttpConnection(Serial const& serial, std::shared_ptr<TlsTrust> trust, Origin origin)
    : state_(std::make_shared<State>(serial, std::move(trust), std::move(origin))) {}

HttpConnection::~HttpConnection() { close(); }

void HttpConnection::connect(std::function<void(std::optional<NotSent>)> done) {
    state_->resolve(std::move(done));
}

void HttpConnection::exchange(ClientRequest const& request, std::string const& user_agent,
                              std::function<void(Exchanged)> done) {
    auto& message = state_->request = {};
    message.method_string(request.method);
    message.target(request.url.target);
    message.version(11);
    for (auto const& header : request.headers) message.insert(header.name, header.value);
    message.set(http::field::host, authority(request.url));
    if (!find_header(request.headers, "User-Agent"))
        message.set(http::field::user_agent, user_agent);
    message.body() = request.body;
    message.prepare_payload();
    state_->max_response_bytes = request.max_response_bytes;
    state_->interim_responses = 0;
    state_->wrote_all = false;
    state_->got_some = false;
    state_->write(std::move(done));
}

bool HttpConnection::is_quiet() const {
    if (!state_->socket.is_open() || state_->buffer.size() != 0) return false;
    char byte;
    auto const got = ::recv(state_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void HttpConnection::close() {
    error_code ignored;  // closing what is already broken tells nothing new
    state_->resolver.cancel();
    state_->socket.close(ignored);
}

}  // namespace resolute::net
