#include "tools/server_over_http.h"

#include <deque>

#include "tools/request_call.h"
#include "tools/rpc_messages.h"
#include "tools/server_call.h"

namespace resolute::tools {
namespace {

// One session on its way; kept alive by the callbacks that wait for the network.
class SessionOnItsWay : public std::enable_shared_from_this<SessionOnItsWay> {
  public:
    SessionOnItsWay(net::HttpClient& http, Clock const& clock, Sending sending, ServerCall call,
                    OnAnswer done)
        : http_(http),
          clock_(clock),
          sending_(std::move(sending)),
          call_(std::move(call)),
          done_(std::move(done)),
          session_(session_client(sending_.arguments.json()),
                   session_version(sending_.arguments.json())) {}

    void start() {
        session_.open();
        take_lines(Line::Kind::around);
        send_next();
    }

  private:
    struct Line {
        enum class Kind { around, request } kind;
        std::string text;
    };

    void take_lines(Line::Kind kind) {
        for (auto& line : session_.take_output()) lines_.push_back({kind, std::move(line)});
    }

    // In turn, because what a server gets in parallel has no order.
    void send_next() {
        if (lines_.empty())
            return finish(has_asked_
                              ? mcp::RequestReply(mcp::SentNoAnswer{"its answer has no result"})
                              : mcp::RequestReply(mcp::NotSent{"it did not answer `initialize`"}));
        auto const line = std::move(lines_.front());
        lines_.pop_front();
        bool const asks = line.kind == Line::Kind::request;
        has_asked_ = has_asked_ || asks;
        auto post = sending_;
        post.arguments = Payload(request(line.text));
        if (!asks) post.key.clear();  // a key stands for one effect, and this is none
        call_request(http_, clock_, post, RequestCall{"POST", call_.reach},
                     [self = shared_from_this(), asks](Answer answer) {
                         self->on_answer(std::move(answer), asks);
                     });
    }

    Json request(std::string const& line) const {
        auto made = sending_.arguments.json().at("transport").at("http");
        auto& headers = made["headers"];
        if (headers.is_null()) headers = Json::object();
        headers["Content-Type"] = "application/json";
        headers["Accept"] = "application/json, text/event-stream";
        if (!version_.empty()) headers["MCP-Protocol-Version"] = version_;
        if (!session_id_.empty()) headers["Mcp-Session-Id"] = session_id_;
        made["body"] = line;
        made["output"] = "response";
        return made;
    }

    void on_answer(Answer answer, bool asks) {
        auto const* response = std::get_if<Answered>(&answer.what);
        if (!response) return asks ? done_(std::move(answer)) : done_(before(std::move(answer)));
        auto const id = header_in(response->value, "Mcp-Session-Id");
        if (!id.empty()) session_id_ = id;
        for (auto const& message : messages_in(response->value))
            for (auto const& event : session_.receive(message))
                if (std::visit([this](auto const& kind) { return on(kind); }, event)) return;
        take_lines(Line::Kind::around);
        send_next();
    }

    // Nothing that happens before the request can have had its effect.
    static Answer before(Answer answer) {
        if (auto* doubtful = std::get_if<Doubtful>(&answer.what))
            answer.what = Refused{std::move(doubtful->why)};
        answer.evidence["sent"] = false;
        return answer;
    }

    // Each says whether the session is over.
    bool on(mcp::ClientSession::Opened const& opened) {
        version_ = opened.protocol_version;
        take_lines(Line::Kind::around);
        session_.request(sending_.arguments.json().at("method"), session_parameters(sending_));
        take_lines(Line::Kind::request);
        return false;
    }
    bool on(mcp::ClientSession::OpenFailed const& failed) {
        finish(mcp::NotSent{failed.why});
        return true;
    }
    bool on(mcp::ClientSession::Answered const& answered) {
        finish(answered.reply);
        return true;
    }
    bool on(mcp::ClientSession::Broken const& broken) {
        finish(has_asked_ ? mcp::RequestReply(mcp::SentNoAnswer{broken.why})
                          : mcp::RequestReply(mcp::NotSent{broken.why}));
        return true;
    }
    template <class Event>
    bool on(Event const&) {
        return false;
    }

    // A session that nobody needs any more; what the server says to that changes nothing.
    void end_session() {
        if (session_id_.empty()) return;
        auto last = sending_;
        last.key.clear();
        auto made = request("");
        made.erase("body");
        last.arguments = Payload(std::move(made));
        call_request(http_, clock_, last, RequestCall{"DELETE", call_.reach}, [](Answer const&) {});
    }

    void finish(mcp::RequestReply const& reply) {
        end_session();
        done_(
            guarded(*sending_.contract, [&] { return server_answer(*sending_.contract, reply); }));
    }

    net::HttpClient& http_;
    Clock const& clock_;
    Sending const sending_;
    ServerCall const call_;
    OnAnswer const done_;
    mcp::ClientSession session_;
    std::deque<Line> lines_;
    bool has_asked_ = false;
    std::string version_, session_id_;
};

}  // namespace

mcp::Implementation session_client(Json const& arguments) {
    auto const given = arguments.find("client");
    if (given == arguments.end()) return mcp::ClientOptions{}.self;
    return {given->at("name").get<std::string>(), given->at("version").get<std::string>()};
}

std::string session_version(Json const& arguments) {
    return arguments.value("protocolVersion", std::string(mcp::protocol_versions[0]));
}

Json session_parameters(Sending const& sending) {
    auto parameters = sending.arguments.json().value("parameters", Json::object());
    if (!sending.contract->is_read() && !sending.key.empty())
        parameters["_meta"][mcp::idempotency_meta] = sending.key;
    return parameters;
}

void call_server_over_http(net::HttpClient& http, Clock const& clock, Sending const& sending,
                           ServerCall const& call, OnAnswer const& done) {
    std::make_shared<SessionOnItsWay>(http, clock, sending, call, done)->start();
}

}  // namespace resolute::tools
