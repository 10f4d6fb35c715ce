#include <atomic>

#include "net/http_session.h"
#include "net/problem.h"

namespace resolute::net {

struct Responder::Duty {
    explicit Duty(std::weak_ptr<HttpSession> of) : session(std::move(of)) {}
    ~Duty() {
        if (take())
            respond(problem_response({500, "no_answer", "The request was not answered.", ""}));
    }
    void respond(Response response) const {
        if (auto const open = session.lock()) answer(open, std::move(response));
    }
    bool take() { return !is_done.exchange(true); }
    void take_or_throw() {
        if (!take()) throw std::logic_error("this request has already been answered");
    }

    std::weak_ptr<HttpSession> session;  // its server keeps it; a handle may stay longer than both
    std::atomic<bool> is_done = false;
};

struct Stream::Writing {
    explicit Writing(std::weak_ptr<HttpSession> to) : session(std::move(to)) {}
    ~Writing() { end(); }
    void end() const {
        if (auto const open = session.lock()) end_stream(open);
    }
    std::weak_ptr<HttpSession> session;
};

Responder::Responder(std::weak_ptr<HttpSession> session)
    : duty_(std::make_shared<Duty>(std::move(session))) {}

void Responder::respond(Response response) const {
    duty_->take_or_throw();
    duty_->respond(std::move(response));
}

bool Responder::try_respond(Response response) const {
    if (!duty_->take()) return false;
    duty_->respond(std::move(response));
    return true;
}

Stream Responder::start_stream(Headers headers, int status) const {
    duty_->take_or_throw();
    if (auto const open = duty_->session.lock()) open_stream(open, status, std::move(headers));
    return Stream(std::make_shared<Stream::Writing>(duty_->session));
}

void Responder::hang_up() const {
    duty_->take_or_throw();
    if (auto const open = duty_->session.lock()) cut(open);
}

bool Stream::write(std::string bytes) const {
    auto const open = writing_->session.lock();
    return open && write_stream(open, std::move(bytes));
}

bool Stream::is_open() const {
    auto const open = writing_->session.lock();
    return open && is_stream_open(open);
}

void Stream::close() const { writing_->end(); }

}  // namespace resolute::net
