#include "tools/server_over_http.h"

#include <deque>

#include "tools/request_call.h"
#include "tools/rpc_messages.h"
#include "tools/server_call.h"
#include "tools/server_headers.h"

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
          wanted_version_(sending_.arguments.json().value("protocolVersion", std::string())),
          is_probing_(wanted_version_.empty()),
          session_(session_in(is_probing_ ? mcp::stateless_version : wanted_version_)) {}

    void start() {
        if (wanted_version_ == mcp::stateless_version) {
            session_.open_unasked();
            ask();
        } else {
            session_.open();
            take_lines(Line::Kind::around);
        }
        send_next();
    }

  private:
    struct Line {
        enum class Kind { around, request } kind;
        std::string text;
    };

    mcp::ClientSession session_in(std::string const& version) const {
        return mcp::ClientSession(session_client(sending_.arguments.json()), version);
    }

    // It does not speak the revision without a handshake, or not in a way that we know.
    void shake_hands() {
        is_probing_ = false;
        session_ = session_in(session_version(sending_.arguments.json()));
        lines_.clear();
        start();
    }

    void ask() {
        session_.request(sending_.arguments.json().at("method"), session_parameters(sending_));
        take_lines(Line::Kind::request);
    }

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
                     [self = shared_from_this(), asks, text = line.text](Answer answer) {
                         self->on_answer(std::move(answer), asks, text);
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
        if (session_.is_stateless()) add_stateless(line, headers);
        made["body"] = line;
        made["output"] = "response";
        return made;
    }

    void add_stateless(std::string const& line, Json& headers) const {
        auto const body = Json::parse(line);
        auto const method = body.at("method").get<std::string>();
        auto ours = headers_of_request(method, body.at("params"));
        if (method == "tools/call") ours.insert(ours.end(), marked_.begin(), marked_.end());
        for (auto const& [name, value] : ours) headers[name] = value;
    }

    void on_answer(Answer answer, bool asks, std::string const& line) {
        auto const* response = std::get_if<Answered>(&answer.what);
        auto const refusal = response ? std::nullopt : refusal_in(answer, line);
        if (!response && !refusal) {
            bool const was_sent = answer.evidence.value("sent", Json(true)) != Json(false);
            if (is_probing_ && was_sent) return shake_hands();
            return asks ? done_(std::move(answer)) : done_(before(std::move(answer)));
        }
        auto const id = response ? header_in(response->value, "Mcp-Session-Id") : std::string();
        if (!id.empty() && !session_.is_stateless()) session_id_ = id;
        for (auto const& message : response ? messages_in(response->value) : std::vector{*refusal})
            for (auto const& event : session_.receive(message))
                if (std::visit([this](auto const& kind) { return on(kind); }, event)) return;
        if (is_probing_ && !session_.is_open()) return shake_hands();
        take_lines(Line::Kind::around);
        send_next();
    }

    // Without a handshake an error has a status of its own: its body says more than that.
    std::optional<std::string> refusal_in(Answer const& answer, std::string const& line) const {
        if (!session_.is_stateless()) return std::nullopt;
        auto body = parse_json(answer.evidence.value("answer", std::string()), "answer");
        if (!body || !body->is_object() || !body->value("error", Json()).is_object())
            return std::nullopt;
        (*body)["jsonrpc"] = "2.0";
        (*body)["id"] = Json::parse(line).at("id");
        return to_text(*body);
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
        is_probing_ = false;
        take_lines(Line::Kind::around);
        ask();
        return false;
    }
    bool on(mcp::ClientSession::OpenFailed const& failed) {
        if (is_probing_)
            shake_hands();
        else
            finish(mcp::NotSent{failed.why});
        return true;
    }
    bool on(mcp::ClientSession::Answered const& answered) {
        auto const* error = std::get_if<mcp::ProtocolError>(&answered.reply);
        bool const misses_headers = error && error->code == mcp::rpc::header_mismatch &&
                                    session_.is_stateless() &&
                                    sending_.arguments.json().at("method") == "tools/call";
        if (!misses_headers || has_listed_) {
            finish(answered.reply);
            return true;
        }
        // It was not carried out: the tool's schema says which arguments are headers, too.
        has_listed_ = true;
        refused_ = answered.reply;
        session_.list_tools();
        return false;
    }
    bool on(mcp::ClientSession::Listed const& listed) {
        auto const* all = std::get_if<mcp::ToolList>(&listed.reply);
        auto const& parameters = sending_.arguments.json().value("parameters", Json::object());
        for (auto const& tool : all ? all->tools : std::vector<mcp::Tool>()) {
            if (parameters.value("name", Json()) != Json(tool.name)) continue;
            auto marked = headers_of_arguments(tool, parameters.value("arguments", Json::object()));
            if (!marked || marked->empty()) break;
            marked_ = *std::move(marked);
            ask();
            return false;
        }
        finish(refused_);
        return true;
    }
    bool on(mcp::ClientSession::Broken const& broken) {
        if (is_probing_)
            shake_hands();
        else
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
    std::string const wanted_version_;  // "": whichever the server speaks
    bool is_probing_;  // whether the server needs no handshake
    mcp::ClientSession session_;
    std::deque<Line> lines_;
    bool has_asked_ = false;
    bool has_listed_ = false;  // the server's tools, because it missed headers
    mcp::RequestReply refused_;  // why
    net::Headers marked_;  // arguments that are headers, too
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
