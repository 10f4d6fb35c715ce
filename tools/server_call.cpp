#include "tools/server_call.h"

#include <algorithm>

#include "mcp/stdio_transport.h"
#include "tools/server_over_http.h"

namespace resolute::tools {
namespace {

Answer unsent(Contract const& contract, std::string const& why) {
    return {Refused{communication_failure("`" + contract.name + "` was not called: " + why,
                                          codes::not_sent)},
            {{"sent", false}},
            false};
}

std::vector<std::string> command_in(Json const& stdio) {
    std::vector<std::string> command{stdio.at("command").get<std::string>()};
    auto const arguments = stdio.value("arguments", Json::array());
    for (auto const& argument : arguments)
        command.push_back(argument.is_string() ? argument.get<std::string>() : to_text(argument));
    return command;
}

mcp::StdioOptions process_of(Json const& stdio) {
    std::map<std::string, std::string> environment{
        {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}, {"HOME", "/tmp"}};
    auto const added = stdio.value("environment", Json::object());
    for (auto const& [name, value] : added.items())
        environment[name] = value.is_string() ? value.get<std::string>() : to_text(value);
    return {.command = command_in(stdio),
            .environment = {environment.begin(), environment.end()},
            .directory = "/tmp",
            .inherits_environment = false};
}

std::string first_line(mcp::RequestReply const& reply) {
    if (auto const* refused = std::get_if<mcp::ProtocolError>(&reply)) return refused->message;
    if (auto const* unsent = std::get_if<mcp::NotSent>(&reply)) return unsent->why;
    if (auto const* silent = std::get_if<mcp::SentNoAnswer>(&reply)) return silent->why;
    return {};
}

// The server is asked whether it is there before it is asked for what counts: starting it may have
// taken long, and what must not be sent late is not sent late.
void call_program(net::Runtime& runtime, Clock const& clock, Sending const& sending,
                  OnAnswer const& done) {
    auto const& arguments = sending.arguments.json();
    auto const& stdio = arguments.at("transport").at("stdio");
    auto const time_left = [&clock, deadline = sending.deadline, lease = sending.lease] {
        return may_send(lease) ? deadline - clock.now() : Duration::zero();
    };
    auto const time = time_left();
    if (time <= Duration::zero())
        return done(unsent(*sending.contract, "its deadline has passed."));
    auto const client = std::make_shared<mcp::Client>(
        runtime, mcp::ClientOptions{.name = stdio.at("command").get<std::string>(),
                                    .open = mcp::over_stdio(runtime, process_of(stdio)),
                                    .self = session_client(arguments),
                                    .handshake_timeout = time,
                                    .protocol_version = session_version(arguments)});
    auto const ask = [client, sending, time_left, done](mcp::RequestReply const& reply) {
        bool const is_there = std::holds_alternative<mcp::RequestResult>(reply) ||
                              std::holds_alternative<mcp::ProtocolError>(reply);
        if (!is_there) return done(unsent(*sending.contract, first_line(reply)));
        auto const time = time_left();
        if (time <= Duration::zero())
            return done(unsent(*sending.contract, "its deadline has passed."));
        client->request(
            sending.arguments.json().at("method"), session_parameters(sending),
            [client, sending, done](mcp::RequestReply const& answer) {
                done(guarded(*sending.contract,
                             [&] { return server_answer(*sending.contract, answer); }));
            },
            time);
    };
    client->request("ping", Json::object(), ask, time);
}

}  // namespace

bool may_start(Reach const& reach, std::vector<std::string> const& command) {
    return std::ranges::any_of(reach.servers, [&](auto const& listed) {
        return listed.size() <= command.size() &&
               std::equal(listed.begin(), listed.end(), command.begin());
    });
}

void call_server(net::Runtime& runtime, net::HttpClient& http, Clock const& clock,
                 Sending const& sending, ServerCall const& call, OnAnswer const& done) {
    auto const& transport = sending.arguments.json().at("transport");
    if (transport.contains("http")) return call_server_over_http(http, clock, sending, call, done);
    if (may_start(*call.reach, command_in(transport.at("stdio"))))
        return call_program(runtime, clock, sending, done);
    auto why = authorization_failure(
        "`" + sending.contract->name + "` was not called: workflows may not start `" +
            command_in(transport.at("stdio")).front() +
            "` like this; the operator lists such servers under `programs` in resolute.yaml.",
        codes::not_sent);
    done({Refused{std::move(why)}, {{"sent", false}}});
}

Answer server_answer(Contract const& contract, mcp::RequestReply const& reply) {
    auto const named = "`" + contract.name + "` ";
    if (auto const* result = std::get_if<mcp::RequestResult>(&reply)) {
        bool const failed = !contract.is_read() && result->value.is_object() &&
                            result->value.value("isError", Json()) == Json(true);
        if (!failed) return {Answered{result->value}, Json::object()};
        auto const said = excerpt_of(to_text(result->value.value("content", Json())));
        return {Refused{runtime_failure(named + "was refused by the tool: " + said,
                                        codes::tool_refused)},
                {{"answer", said}}};
    }
    if (auto const* refused = std::get_if<mcp::ProtocolError>(&reply)) {
        auto why =
            runtime_failure(named + "was refused by its server: " + excerpt_of(refused->message),
                            codes::tool_refused);
        Json evidence{{"code", refused->code}};
        if (contract.is_read() || mcp::surely_did_not_run(*refused))
            return {Refused{std::move(why)}, std::move(evidence)};
        return {Doubtful{std::move(why)}, std::move(evidence)};
    }
    if (std::holds_alternative<mcp::NotSent>(reply)) return unsent(contract, first_line(reply));
    return {Doubtful{communication_failure(
                named + "was called and gave no answer: " + first_line(reply), codes::no_answer)},
            {{"sent", true}},
            false};
}

}  // namespace resolute::tools
