// An MCP server for tests that misbehaves on demand: `tools_test_server DESCRIPTION_FILE`.
//
// Its tool `act` takes {how}; the description of that tool is the file's content, read when the
// server starts.
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "mcp/server.h"

using namespace resolute;

namespace {

std::string content_of(char const* path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void answer(mcp::ServerSession& session, mcp::ServerSession::Call const& call) {
    auto const how = call.arguments.value("how", "structured");
    if (how == "structured")
        return session.answer(
            call.id, mcp::structured_result(
                         {{"ok", true}, {"arguments", call.arguments}, {"meta", call.meta}}));
    if (how == "text") return session.answer(call.id, mcp::text_result(R"({"ok":true})"));
    if (how == "prose") return session.answer(call.id, mcp::text_result("it is done"));
    if (how == "refuse")
        return session.answer(call.id, mcp::text_result("there is no such order", true));
    if (how == "secret")
        return session.answer(call.id,
                              mcp::text_result(std::string("token ") + ::getenv("TOKEN"), true));
    if (how == "internal") return session.refuse(call.id, -32603, "something broke inside");
    if (how == "huge") std::cout << std::string(100u << 20, 'x') << std::endl;
    if (how == "die") ::_exit(3);
    if (how == "garbage") std::cout << "Traceback (most recent call last):" << std::endl;
    // anything else, and garbage: no answer at all
}

}  // namespace

int main(int, char** argv) {
    mcp::Tool const act{
        .name = "act", .description = content_of(argv[1]), .input_schema = {{"type", "object"}}};
    mcp::ServerSession session({"tools_test_server", "1.0.0"}, {act});
    for (std::string line; std::getline(std::cin, line);) {
        for (auto const& event : session.receive(line))
            if (auto const* call = std::get_if<mcp::ServerSession::Call>(&event))
                answer(session, *call);
        for (auto const& out : session.take_output()) std::cout << out << "\n";
        std::cout << std::flush;
    }
}
