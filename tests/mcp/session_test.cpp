// The client's half of the protocol against a server that is written line by line.
#include "mcp/session.h"

#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::mcp;
using Session = ClientSession;

namespace {

template <class T>
T only(std::vector<Session::Event> const& events) {
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<T>(events.front()));
    return std::get<T>(events.front());
}

Json sent(Session& session) {
    auto const lines = session.take_output();
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().find('\n') == std::string::npos);
    return Json::parse(lines.front());
}

std::string result(Json const& id, Json value) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(value)}});
}

Json const handshake = {{"protocolVersion", "2025-11-25"},
                        {"capabilities", {{"tools", Json::object()}}},
                        {"serverInfo", {{"name", "orders"}, {"version", "3"}}}};

Session opened_session(Json answer = handshake) {
    Session session({"resolute", "1"});
    session.open();
    auto const request = sent(session);
    auto const event =
        only<Session::Opened>(session.receive(result(request["id"], std::move(answer))));
    CHECK(event.server.name == "orders");
    CHECK(sent(session)["method"] == "notifications/initialized");
    return session;
}

Json tool(std::string name) {
    return {{"name", std::move(name)}, {"inputSchema", {{"type", "object"}}}};
}

Json const answer_ok = {{"content", Json::array({{{"type", "text"}, {"text", "ok"}}})},
                        {"structuredContent", {{"ok", true}}}};

}  // namespace

TEST_CASE("the handshake offers the newest version and is finished by a notification") {
    Session session({"resolute", "1"});
    session.open();
    auto const request = sent(session);
    CHECK(request["method"] == "initialize");
    CHECK(request["params"]["protocolVersion"] == "2025-11-25");
    CHECK(request["params"]["clientInfo"] == Json({{"name", "resolute"}, {"version", "1"}}));
    CHECK_FALSE(session.is_open());
    auto answer = handshake;
    answer["instructions"] = "be careful";
    auto const event = only<Session::Opened>(session.receive(result(request["id"], answer)));
    CHECK(event.protocol_version == "2025-11-25");
    CHECK(event.server == Implementation{"orders", "3"});
    CHECK(event.instructions == "be careful");
    CHECK(event.offers_tools);
    CHECK(session.is_open());
}

TEST_CASE("every version that we speak is accepted") {
    auto const version = GENERATE("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");
    auto answer = handshake;
    answer["protocolVersion"] = version;
    CHECK(opened_session(answer).is_open());
}

TEST_CASE("a handshake that we cannot use says why") {
    struct Bad {
        Json answer;
        std::string why;
    };
    auto with = [](char const* name, Json value) {
        auto answer = handshake;
        answer[name] = std::move(value);
        return answer;
    };
    auto const bad = GENERATE_COPY(values<Bad>({
        {with("protocolVersion", "2031-01-01"), "2031-01-01"},
        {with("protocolVersion", 7), "no protocol version"},
        {with("serverInfo", "orders"), "serverInfo"},
        {with("serverInfo", Json::object()), "serverInfo"},
        {with("capabilities", Json()), "capabilities"},
        {Json::array(), "not an object"},
    }));
    Session session({"resolute", "1"});
    session.open();
    auto const id = sent(session)["id"];
    auto const event = only<Session::OpenFailed>(session.receive(result(id, bad.answer)));
    CHECK_THAT(event.why, ContainsSubstring(bad.why));
    CHECK_FALSE(session.is_open());
    CHECK_THROWS_AS(session.list_tools(), std::logic_error);
}

TEST_CASE("a refused handshake carries the server's words") {
    Session session({"resolute", "1"});
    session.open();
    sent(session);
    auto const event = only<Session::OpenFailed>(session.receive(
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"not today"}})"));
    CHECK_THAT(event.why, ContainsSubstring("-32000") && ContainsSubstring("not today"));
}

TEST_CASE("a call carries its arguments and its key, and its result comes back as a value") {
    auto session = opened_session();
    auto const ticket = session.call({"refund", {{"amount", 1850}}, "key-1"});
    auto const request = sent(session);
    CHECK(request["method"] == "tools/call");
    CHECK(request["params"] == Json({{"name", "refund"},
                                     {"arguments", {{"amount", 1850}}},
                                     {"_meta", {{"resolute.dev/idempotency-key", "key-1"}}}}));
    auto const event = only<Session::Called>(session.receive(result(request["id"], answer_ok)));
    CHECK(event.ticket == ticket);
    auto const reply = std::get<CallResult>(event.reply);
    CHECK(reply.structured_content == Json({{"ok", true}}));
    CHECK(reply.content[0]["text"] == "ok");
    CHECK_FALSE(reply.is_error);
}

TEST_CASE("a call without a key carries no meta") {
    auto session = opened_session();
    session.call({"x"});
    CHECK(sent(session)["params"] == Json({{"name", "x"}, {"arguments", Json::object()}}));
}

TEST_CASE("a failure that the tool tells of is a result") {
    auto session = opened_session();
    session.call({"x"});
    auto answer = answer_ok;
    answer["isError"] = true;
    auto const event = only<Session::Called>(session.receive(result(sent(session)["id"], answer)));
    CHECK(std::get<CallResult>(event.reply).is_error);
}

TEST_CASE("an error of the protocol keeps its code, which says whether the tool may have run") {
    auto session = opened_session();
    session.call({"x"});
    auto const event = only<Session::Called>(session.receive(
        R"({"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"no such tool"}})"));
    auto const error = std::get<ProtocolError>(event.reply);
    CHECK(error.code == -32602);
    CHECK(surely_did_not_run(error));
    CHECK_FALSE(surely_did_not_run({-32603, "internal"}));
    CHECK_FALSE(surely_did_not_run({-32000, "whatever"}));
}

TEST_CASE("an answer that is no tool result leaves the call unknown") {
    auto session = opened_session();
    session.call({"x"});
    auto const id = sent(session)["id"];
    auto const value = GENERATE(R"({})", R"([])", R"({"content":"text"})", R"({"content":[1]})",
                                R"({"content":[],"isError":"yes"})",
                                R"({"content":[{"text":"no type"}]})", "null");
    auto const event = only<Session::Called>(session.receive(result(id, Json::parse(value))));
    CHECK(std::holds_alternative<SentNoAnswer>(event.reply));
}

TEST_CASE("tools are gathered from all pages, and an empty cursor is a cursor") {
    auto session = opened_session();
    auto const ticket = session.list_tools();
    auto request = sent(session);
    CHECK_FALSE(request["params"].contains("cursor"));
    CHECK(session.receive(result(request["id"], {{"tools", {tool("a")}}, {"nextCursor", ""}}))
              .empty());
    request = sent(session);
    CHECK(request["params"]["cursor"] == "");
    CHECK(session.receive(result(request["id"], {{"tools", {tool("b")}}, {"nextCursor", "p3"}}))
              .empty());
    request = sent(session);
    CHECK(request["params"]["cursor"] == "p3");
    auto const event =
        only<Session::Listed>(session.receive(result(request["id"], {{"tools", {tool("c")}}})));
    CHECK(event.ticket == ticket);
    auto const tools = std::get<ToolList>(event.reply).tools;
    REQUIRE(tools.size() == 3);
    CHECK(tools[2].name == "c");
}

TEST_CASE("a list of tools that cannot be trusted is not used at all") {
    auto const list =
        GENERATE(R"({})", R"({"tools":{}})", R"({"tools":[{"name":"a"}]})",
                 R"({"tools":[{"inputSchema":{}}]})", R"({"tools":[{"name":"","inputSchema":{}}]})",
                 R"({"tools":[{"name":"a","inputSchema":{},"annotations":[]}]})",
                 R"({"tools":[{"name":"a","inputSchema":{}},{"name":"a","inputSchema":{}}]})",
                 R"({"tools":[],"nextCursor":3})");
    CAPTURE(list);
    auto session = opened_session();
    session.list_tools();
    auto const event =
        only<Session::Listed>(session.receive(result(sent(session)["id"], Json::parse(list))));
    CHECK_THAT(std::get<SentNoAnswer>(event.reply).why, ContainsSubstring("unusable"));
}

TEST_CASE("a list of tools without end is given up") {
    auto session = opened_session();
    session.list_tools();
    for (int page = 0; page < 1000; ++page) {
        auto const events = session.receive(
            result(sent(session)["id"],
                   {{"tools", {tool("t" + std::to_string(page))}}, {"nextCursor", "again"}}));
        if (events.empty()) continue;
        CHECK_THAT(std::get<SentNoAnswer>(only<Session::Listed>(events).reply).why,
                   ContainsSubstring("does not end"));
        CHECK(page < limits::mcp_pages);
        return;
    }
    FAIL("it went on");
}

TEST_CASE("the server may ask: a ping is answered, anything else is refused") {
    auto session = opened_session();
    CHECK(session.receive(R"({"jsonrpc":"2.0","id":"p1","method":"ping"})").empty());
    CHECK(sent(session) == Json({{"jsonrpc", "2.0"}, {"id", "p1"}, {"result", Json::object()}}));
    only<Session::Noise>(session.receive(
        R"({"jsonrpc":"2.0","id":0,"method":"sampling/createMessage","params":{}})"));
    auto const refusal = sent(session);
    CHECK(refusal["id"] == 0);
    CHECK(refusal["error"]["code"] == -32601);
}

TEST_CASE("notifications: a changed list is told, the rest is passed over") {
    auto session = opened_session();
    only<Session::ToolsChanged>(
        session.receive(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"));
    CHECK(session
              .receive(
                  R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}})")
              .empty());
    CHECK(session.receive(R"({"jsonrpc":"2.0","method":"something/else"})").empty());
    CHECK(session.take_output().empty());
}

TEST_CASE("lines that are no messages are noise: the conversation goes on") {
    auto const line =
        GENERATE("Server running on stdio", "npm WARN deprecated",
                 R"({"level":30,"msg":"started"})", "\x1b[32mready\x1b[0m", "\xff\xfe");
    auto session = opened_session();
    session.call({"x"});
    auto const id = sent(session)["id"];
    only<Session::Noise>(session.receive(line));
    CHECK_FALSE(session.last_noise().empty());
    only<Session::Called>(session.receive(result(id, answer_ok)));
}

TEST_CASE("blank lines are nothing") {
    auto session = opened_session();
    CHECK(session.receive("").empty());
    CHECK(session.receive("  \r").empty());
}

TEST_CASE("a broken message breaks the conversation: it may have been an answer") {
    auto const line = GENERATE(
        R"({"jsonrpc":"2.0","id":2,"result":{"content":[)", "{garbage}", "[1,",
        R"({"jsonrpc":"1.0","id":2,"result":{}})", R"({"jsonrpc":"2.0","id":2})",
        R"({"jsonrpc":"2.0","id":2,"result":{},"error":{"code":1,"message":"m"}})",
        R"({"jsonrpc":"2.0","id":null,"result":{}})", R"({"jsonrpc":"2.0","id":1.5,"result":{}})",
        R"({"jsonrpc":"2.0","id":2,"error":{"message":"no code"}})",
        R"({"jsonrpc":"2.0","id":2,"id":3,"result":{}})", R"({"jsonrpc":"2.0","method":7})",
        R"({"jsonrpc":"2.0","id":{},"method":"ping"})", R"([])");
    CAPTURE(line);
    auto session = opened_session();
    session.call({"x"});
    sent(session);
    CHECK_THAT(only<Session::Broken>(session.receive(line)).why, ContainsSubstring("message"));
    auto const event = only<Session::Called>(session.lost("we gave up"));
    CHECK(std::get<SentNoAnswer>(event.reply).why == "we gave up");
}

TEST_CASE("an answer to a request that we never sent is noise and answers nothing") {
    auto const id = GENERATE(Json(99), Json("2"), Json(-1), Json(1));
    auto session = opened_session();
    session.call({"x"});
    auto const right = sent(session)["id"];
    CHECK_THAT(only<Session::Noise>(session.receive(result(id, answer_ok))).what,
               ContainsSubstring("did not send"));
    only<Session::Called>(session.receive(result(right, answer_ok)));
    only<Session::Noise>(session.receive(result(right, answer_ok)));  // nor twice
}

TEST_CASE("an abandoned call is cancelled, and its late answer is no surprise") {
    auto session = opened_session();
    auto const ticket = session.call({"x"});
    auto const id = sent(session)["id"];
    session.abandon(ticket, "timeout");
    auto const note = sent(session);
    CHECK(note["method"] == "notifications/cancelled");
    CHECK(note["params"] == Json({{"requestId", id}, {"reason", "timeout"}}));
    CHECK_FALSE(note.contains("id"));
    CHECK(session.receive(result(id, answer_ok)).empty());
    CHECK(session.lost("end").empty());
    session.abandon(ticket, "again");
    CHECK(session.take_output().empty());
}

TEST_CASE("what is in flight when the connection ends is unknown, each once") {
    auto session = opened_session();
    auto const listing = session.list_tools();
    auto const call = session.call({"x"});
    auto const events = session.lost("it died");
    REQUIRE(events.size() == 2);
    CHECK(std::get<Session::Listed>(events[0]).ticket == listing);
    CHECK(std::get<SentNoAnswer>(std::get<Session::Listed>(events[0]).reply).why == "it died");
    CHECK(std::get<Session::Called>(events[1]).ticket == call);
    CHECK(session.lost("again").empty());
    CHECK_FALSE(session.is_open());
}

TEST_CASE("only revision 2025-03-26 sends several messages in one line") {
    auto answer = handshake;
    answer["protocolVersion"] = "2025-03-26";
    auto session = opened_session(answer);
    session.call({"x"});
    session.call({"y"});
    session.take_output();
    auto const line = "[" + result(3, answer_ok) + "," + result(2, answer_ok) + "]";
    CHECK(session.receive(line).size() == 2);
    auto newer = opened_session();
    only<Session::Broken>(newer.receive(line));
}

TEST_CASE("messages to people quote at most the beginning of a bad line") {
    auto session = opened_session();
    auto const event = only<Session::Noise>(session.receive(std::string(100'000, 'x') + "\x07"));
    CHECK(event.what.size() < 300);
    CHECK(excerpt("a\x1b[31mb\n") == "a?[31mb?");
}
