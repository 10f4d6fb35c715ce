// One connection of the server with all that it holds; the only header of net that includes Beast,
// for the two files that make up a session.
//
// Everything but `stream` and `waits_since_us` is touched on the socket's strand only.
#pragma once

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/http_session.h"
#include "net/stream_queue.h"

namespace resolute::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// The phases: idle -> reading -> handling -> writing -> idle …, or from handling
// to streaming. Everything but the stream queue is touched on the socket's strand only.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
  public:
    HttpSession(tcp::socket socket, std::shared_ptr<SessionOptions const> options)
        : socket_(std::move(socket)),
          options_(std::move(options)),
          timer_(socket_.get_executor()) {}

    template <class F>
    void in_turn(F function) {
        asio::post(socket_.get_executor(),
                   [self = shared_from_this(), function = std::move(function)]() mutable {
                       function(*self);
                   });
    }

    void wait_for_request();
    void fail(int status, std::string code, std::string title, Headers headers = {});
    void drain();
    void close();
    void close_unless_answering() {
        if (phase_ == Phase::idle || phase_ == Phase::reading) close();
    }
    void write_answer(Response response);
    void begin_stream(int status, Headers headers);
    void pump();

    StreamQueue stream;
    // Of the monotonic clock, in microseconds; 0 while a request is being answered.
    std::atomic<Duration::rep> waits_since_us = SystemClock().monotonic().count();
    bool is_chunked() const { return version_ == 11; }
    bool is_head_only() const { return is_head_only_; }
    std::size_t max_stream_bytes() const { return options_->server.max_stream_bytes; }

  private:
    enum class Phase { idle, reading, handling, writing, streaming, lingering, closed };

    void read_head();
    void on_head(error_code error);
    void read_body();
    void read_more_of_body();
    void on_body(error_code error);
    void give_body_back();
    void on_bad_request(error_code error);
    std::optional<ServerRequest> take_request();
    void handle();
    void send(std::string head, std::string body, std::function<void()> done);
    void watch_peer();
    void linger();
    void arm(Duration time);
    void disarm();

    tcp::socket socket_;
    std::shared_ptr<SessionOptions const> options_;
    asio::steady_timer timer_;
    std::uint64_t armed_ = 0;  // counts settings of the timer, to know a late ring from a due one
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::array<char, 4096> scratch_{};
    std::string out_head_;
    std::string out_body_;
    Phase phase_ = Phase::idle;
    unsigned version_ = 11;
    bool is_head_only_ = false;
    bool keep_alive_ = false;
    bool is_draining_ = false;
    bool is_pumping_ = false;
    std::size_t body_bytes_ = 0;  // counted in the budget
};

}  // namespace resolute::net
