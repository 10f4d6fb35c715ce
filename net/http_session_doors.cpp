// What others may ask of a session, from any thread: each waits for the session's turn.
#include "base/limits.h"
#include "net/http_session_state.h"
#include "net/response_head.h"

namespace resolute::net {

std::shared_ptr<HttpSession> make_session(tcp::socket socket,
                                          std::shared_ptr<SessionOptions const> options) {
    return std::make_shared<HttpSession>(std::move(socket), std::move(options));
}

void serve(std::shared_ptr<HttpSession> const& session) {
    session->in_turn([](HttpSession& self) { self.wait_for_request(); });
}

void refuse(std::shared_ptr<HttpSession> const& session) {
    session->in_turn([](HttpSession& self) {
        self.fail(503, "too_many_connections", "The server has too many connections.",
                  {{"Retry-After", std::to_string(limits::http_server_retry_after_s)}});
    });
}

void drain(std::shared_ptr<HttpSession> const& session) {
    session->in_turn([](HttpSession& self) { self.drain(); });
}

void cut(std::shared_ptr<HttpSession> const& session) {
    session->in_turn([](HttpSession& self) { self.close(); });
}

std::optional<Duration> waits_since(HttpSession const& session) {
    auto const since = session.waits_since_us.load();
    return since == 0 ? std::nullopt : std::optional(Duration(since));
}

void evict(std::shared_ptr<HttpSession> const& session) {
    session->waits_since_us = 0;
    session->in_turn([](HttpSession& self) { self.close_unless_answering(); });
}

void answer(std::shared_ptr<HttpSession> const& session, Response response) {
    session->in_turn([response = std::move(response)](HttpSession& self) mutable {
        self.write_answer(std::move(response));
    });
}

void open_stream(std::shared_ptr<HttpSession> const& session, int status, Headers headers) {
    if (!session->is_head_only()) session->stream.open(session->max_stream_bytes());
    session->in_turn([status, headers = std::move(headers)](HttpSession& self) mutable {
        self.begin_stream(status, std::move(headers));
    });
}

bool write_stream(std::shared_ptr<HttpSession> const& session, std::string bytes) {
    if (bytes.empty()) return session->stream.is_open();  // an empty chunk would mean the end
    auto const pushed = session->stream.push(session->is_chunked() ? as_chunk(bytes) : bytes);
    if (pushed == StreamQueue::Pushed::too_slow) cut(session);
    if (pushed != StreamQueue::Pushed::queued) return false;
    session->in_turn([](HttpSession& self) { self.pump(); });
    return true;
}

bool is_stream_open(std::shared_ptr<HttpSession> const& session) {
    return session->stream.is_open();
}

void end_stream(std::shared_ptr<HttpSession> const& session) {
    if (!session->stream.close()) return;
    session->in_turn([](HttpSession& self) { self.pump(); });
}

}  // namespace resolute::net
