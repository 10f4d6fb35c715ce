// The client's half against servers that have no handshake.
#include "mcp/session.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::mcp;
using Session = ClientSession;

namespace {

template <class T>
T only_event(std::vector<Session::Event> const& events) {
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<T>(events.front()));
    return std::get<T>(events.front());
}

Json only_line(Session& session) {
    auto const lines = session.take_output();
    REQUIRE(lines.size() == 1);
    return Json::parse(lines.front());
}

std::string success(Json const& id, Json value) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(value)}});
}

Json const discovered = {
    {"supportedVersions", {"2026-07-28"}},
    {"capabilities", {{"tools", Json::object()}}},
    {"instructions", "be brief"},
    {"_meta", {{"io.modelcontextprotocol/serverInfo", {{"name", "orders"}, {"version", "4"}}}}}};

void check_about_us(Json const& request) {
    auto const& meta = request["params"]["_meta"];
    CHECK(meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28");
    CHECK(meta["io.modelcontextprotocol/clientCapabilities"] == Json::object());
    CHECK(meta["io.modelcontextprotocol/clientInfo"]["name"] == "resolute");
}

}  // namespace

TEST_CASE(
    "a server that has no handshake is asked what it speaks, and every request says who asks") {
    Session session({"resolute", "1"});
    session.open();
    CHECK(only_line(session)["method"] == "initialize");
    CHECK(session.receive(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"old"}})")
              .empty());
    auto const asked = only_line(session);
    CHECK(asked["method"] == "server/discover");
    check_about_us(asked);
    auto const event =
        only_event<Session::Opened>(session.receive(success(asked["id"], discovered)));
    CHECK(event.protocol_version == "2026-07-28");
    CHECK(event.server == Implementation{"orders", "4"});
    CHECK(event.instructions == "be brief");
    CHECK(event.offers_tools);
    CHECK(session.take_output().empty());  // nothing to confirm
    session.call({"refund", {{"amount", 1}}, "key-1"});
    auto const call = only_line(session);
    check_about_us(call);
    CHECK(call["params"]["_meta"]["resolute.dev/idempotency-key"] == "key-1");
    session.list_tools();
    check_about_us(only_line(session));
}

TEST_CASE("a server that refuses the handshake and knows no other way says why, once") {
    Session session({"resolute", "1"});
    session.open();
    only_line(session);
    session.receive(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"go away"}})");
    auto const again = only_line(session);
    auto const event = only_event<Session::OpenFailed>(
        session.receive(R"({"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"what?"}})"));
    CHECK_THAT(event.why, ContainsSubstring("initialize") && ContainsSubstring("go away"));
    CHECK(session.take_output().empty());
}

TEST_CASE("a server without a handshake in a revision that we do not know is not used") {
    Session session({"resolute", "1"}, "2026-07-28");
    session.open();
    auto const asked = only_line(session);
    CHECK(asked["method"] == "server/discover");
    auto const event = only_event<Session::OpenFailed>(
        session.receive(success(asked["id"], {{"supportedVersions", {"2031-01-01"}}})));
    CHECK_THAT(event.why, ContainsSubstring("2031-01-01"));
    CHECK_FALSE(session.is_open());
}

TEST_CASE("an answer that wants something first is none, and may have had its effect") {
    Session session({"resolute", "1"}, "2026-07-28");
    session.open_unasked();
    session.call({"refund", Json::object(), {}});
    auto const id = only_line(session)["id"];
    auto const called = only_event<Session::Called>(session.receive(
        success(id, {{"resultType", "input_required"}, {"content", Json::array()}})));
    CHECK_THAT(std::get<SentNoAnswer>(called.reply).why, ContainsSubstring("input_required"));
    session.request("tools/call", {{"name", "x"}});
    auto const next = only_line(session)["id"];
    auto const answered = only_event<Session::Answered>(
        session.receive(success(next, {{"resultType", "complete"}, {"x", 1}})));
    CHECK(std::get<RequestResult>(answered.reply).value["x"] == 1);
}
