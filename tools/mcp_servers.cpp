#include "tools/mcp_servers.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "mcp/stdio_transport.h"

namespace resolute::tools {
namespace {

// The same program with other variables is another process; the digest keeps their values out of
// sight.
std::string key_of(Server const& server) {
    return server.identity() + "|" + to_string(sha256(to_text(Json(server.environment))));
}

mcp::ServerIdentity identity_of(Server const& server) {
    return mcp::ProgramIdentity{server.command, {}};
}

std::string list_of(std::vector<std::string> const& members) {
    std::string list;
    for (auto const& member : members) list += (list.empty() ? "" : ", ") + member;
    return list;
}

}  // namespace

struct McpServers::Connection {
    std::unique_ptr<mcp::Client> client;
    std::shared_ptr<std::atomic<int>> openings = std::make_shared<std::atomic<int>>(0);
};

std::shared_ptr<McpServers::Connection> McpServers::connection_to(Server const& server) {
    std::lock_guard const lock(mutex_);
    auto& connection = connections_[key_of(server)];
    if (connection) return connection;
    connection = std::make_shared<Connection>();
    mcp::StdioOptions stdio{.command = server.command,
                            .environment = {server.environment.begin(), server.environment.end()}};
    mcp::ClientOptions options{.name = server.name,
                               .open = mcp::over_stdio(runtime_, std::move(stdio))};
    options.on_open = [openings = connection->openings](auto const&) { ++*openings; };
    connection->client = std::make_unique<mcp::Client>(runtime_, std::move(options));
    return connection;
}

void McpServers::list(Server const& server, std::function<void(mcp::ToolsReply)> done) {
    auto const connection = connection_to(server);
    connection->client->list_tools(
        [connection, done = std::move(done)](mcp::ToolsReply reply) { done(std::move(reply)); });
}

void McpServers::call(Server const& server, McpRequest request,
                      std::function<void(McpReply)> done) {
    auto const connection = connection_to(server);
    auto const time = request.time_left();
    if (time.count() <= 0) return done(mcp::NotSent{"its deadline has passed"});
    auto on_listed = [pins = pins_, connection, server, request = std::move(request),
                      done = std::move(done)](mcp::ToolsReply reply) {
        if (auto const* refused = std::get_if<mcp::ProtocolError>(&reply)) return done(*refused);
        if (auto const* unsent = std::get_if<mcp::NotSent>(&reply)) return done(*unsent);
        if (auto const* silent = std::get_if<mcp::SentNoAnswer>(&reply))
            return done(mcp::NotSent{"it did not say which tools it has: " + silent->why});
        auto const& tools = std::get<mcp::ToolList>(reply).tools;
        auto const tool = std::ranges::find(tools, request.call.tool, &mcp::Tool::name);
        if (tool == tools.end())
            return done(
                Drifted{server.name + " does not offer `" + request.call.tool + "` (any more)."});
        auto const checked = pins->check(server.name, *tool, identity_of(server));
        if (!checked.drifted.empty())
            return done(Drifted{server.name + " now describes `" + tool->name +
                                "` otherwise: " + list_of(checked.drifted) + "."});
        if (request.pin && *request.pin != checked.pin)
            return done(Drifted{server.name + " describes `" + tool->name +
                                "` otherwise than its contract's `pin`; now it is " +
                                to_string(checked.pin) + "."});
        call_checked(connection, request, checked.pin, done);
    };
    connection->client->list_tools(std::move(on_listed), time);
}

void McpServers::call_checked(std::shared_ptr<Connection> const& connection, McpRequest request,
                              Digest pin, std::function<void(McpReply)> done) {
    auto const time = request.time_left();
    if (time.count() <= 0) return done(mcp::NotSent{"its deadline has passed"});
    auto const checked_at = connection->openings->load();
    auto on_called = [connection, checked_at, pin, done = std::move(done)](mcp::CallReply reply) {
        if (auto* result = std::get_if<mcp::CallResult>(&reply)) {
            if (connection->openings->load() != checked_at)
                return done(
                    Replaced{"the server was replaced just before the call, so it is not known "
                             "what was called"});
            return done(McpAnswered{std::move(*result), pin});
        }
        if (auto const* refused = std::get_if<mcp::ProtocolError>(&reply)) return done(*refused);
        if (auto const* unsent = std::get_if<mcp::NotSent>(&reply)) return done(*unsent);
        done(std::get<mcp::SentNoAnswer>(reply));
    };
    connection->client->call(std::move(request.call), std::move(on_called), time);
}

void McpServers::keep_only(std::vector<Server> const& servers) {
    std::set<std::string> wanted;
    for (auto const& server : servers) wanted.insert(key_of(server));
    std::vector<std::shared_ptr<Connection>> ended;  // outside the lock
    std::lock_guard const lock(mutex_);
    std::erase_if(connections_, [&](auto const& entry) {
        if (wanted.contains(entry.first)) return false;
        ended.push_back(entry.second);
        return true;
    });
}

}  // namespace resolute::tools
