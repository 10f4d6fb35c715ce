#include <atomic>

#include "net/http_session.h"
#include "net/problem.h"

namespace resolute::net {

struct Responder::Duty {
    explicit Duty(std::shared_ptr<HttpSession> of) : session(std::move(of)) {}
    ~Duty() {
        if (!take()) return;
        answer(session, problem_response({500, "no_answer", "The request was not answered.", ""}));
    }
    bool take() { return !is_done.exchange(true); }
    void take_or_throw() {
        if (!take()) throw std::logic_error("this request has already been answered");
    }

    std::shared_ptr<HttpSession> session;
    std::atomic<bool> is_done = false;
};

struct Stream::Writing {
    explicit Writing(std::shared_ptr<HttpSession> to) : session(std::move(to)) {}
    ~Writing() { end_stream(session); }
    std::shared_ptr<HttpSession> session;
};

Responder::Responder(std::shared_ptr<HttpSession> session)
    : duty_(std::make_shared<Duty>(std::move(session))) {}

void Responder::respond(Response response) const {
    duty_->take_or_throw();
    answer(duty_->session, std::move(response));
}

bool Responder::try_respond(Response response) const {
    if (!duty_->take()) return false;
    answer(duty_->session, std::move(response));
    return true;
}

Stream Responder::start_stream(Headers headers, int status) const {
    duty_->take_or_throw();
    open_stream(duty_->session, status, std::move(headers));
    return Stream(std::make_shared<Stream::Writing>(duty_->session));
}

void Responder::hang_up() const {
    duty_->take_or_throw();
    cut(duty_->session);
}

bool Stream::write(std::string bytes) const {
    return write_stream(writing_->session, std::move(bytes));
}
bool Stream::is_open() const { return is_stream_open(writing_->session); }
void Stream::close() const { end_stream(writing_->session); }

}  // namespace resolute::net
