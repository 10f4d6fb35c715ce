#include "tools/mcp_exchange.h"

namespace resolute::tools {
namespace {

std::string text_of(mcp::CallResult const& result) {
    std::string text;
    for (auto const& block : result.content)
        if (block.is_object() && block.value("type", "") == "text" && block.contains("text") &&
            block.at("text").is_string())
            text += (text.empty() ? "" : "\n") + block.at("text").get<std::string>();
    return text;
}

Json value_of(mcp::CallResult const& result) {
    if (result.structured_content) return *result.structured_content;
    auto text = text_of(result);
    auto value = parse_json(text);
    return value ? std::move(*value) : Json(std::move(text));
}

// JSON-RPC errors that are raised before a tool runs; the others may come from inside it.
bool is_before_the_call(int code) {
    return code == -32600 || code == -32601 || code == -32602 || (code >= -32022 && code <= -32020);
}

struct Meaning {
    Contract const& contract;
    McpCall const& call;

    std::string name() const { return "`" + contract.name + "`"; }

    Answer operator()(McpAnswered const& answered) const {
        Json evidence{{"server", call.server}, {"pin", to_string(answered.pin)}};
        if (answered.result.is_error) {
            auto const said = excerpt_of(text_of(answered.result));
            evidence["answer"] = said;
            return {Refused{runtime_failure(name() + " refused: " + said, codes::tool_refused)},
                    std::move(evidence)};
        }
        auto value = value_of(answered.result);
        if (!call.result) return {Answered{std::move(value)}, std::move(evidence)};
        auto result = call.result->evaluate({&value, {}});
        if (result) return {Answered{std::move(*result)}, std::move(evidence)};
        evidence["answer"] = excerpt_of(to_text(value));
        auto why = name() + " answered, but `result` cannot be evaluated over it: " +
                   to_string(result.diagnostics());
        return {Doubtful{communication_failure(std::move(why), codes::bad_answer)},
                std::move(evidence)};
    }
    Answer operator()(Drifted const& drifted) const {
        auto why =
            configuration_failure(name() + " is not called: " + drifted.what, codes::tool_drift);
        return {Refused{std::move(why)}, {{"server", call.server}, {"sent", false}}};
    }
    Answer operator()(Replaced const& replaced) const {
        return {Doubtful{communication_failure(name() + ": " + replaced.what, codes::tool_drift)},
                {{"server", call.server}}};
    }
    Answer operator()(mcp::ProtocolError const& error) const {
        auto why = communication_failure(
            name() + " was refused by its server: " + excerpt_of(error.message),
            codes::tool_refused);
        Json evidence{{"server", call.server}, {"code", error.code}};
        if (is_before_the_call(error.code)) return {Refused{std::move(why)}, std::move(evidence)};
        return {Doubtful{std::move(why)}, std::move(evidence)};
    }
    Answer operator()(mcp::NotSent const& reply) const {
        if (reply.is_crowded)
            return {Refused{communication_failure(name() + " was not called: " + reply.why,
                                                  codes::tool_busy),
                            true, std::nullopt, true},
                    {{"server", call.server}, {"sent", false}}};
        auto why = communication_failure(name() + " was not called: " + reply.why, codes::not_sent);
        return {Refused{std::move(why), true}, {{"server", call.server}, {"sent", false}}, false};
    }
    Answer operator()(mcp::SentNoAnswer const& reply) const {
        auto why = communication_failure(name() + " was called and gave no answer: " + reply.why,
                                         codes::no_answer);
        return {Doubtful{std::move(why)}, {{"server", call.server}, {"sent", true}}, false};
    }
};

// The contract does not know what its server was started with.
Answer hide(Answer answer, std::vector<std::string> const& secrets) {
    answer.evidence = without_secrets(secrets, std::move(answer.evidence));
    if (auto* refused = std::get_if<Refused>(&answer.what))
        refused->why.detail = without_secrets(secrets, std::move(refused->why.detail));
    if (auto* doubt = std::get_if<Doubtful>(&answer.what))
        doubt->why.detail = without_secrets(secrets, std::move(doubt->why.detail));
    return answer;
}

}  // namespace

void call_mcp(McpServers& servers, Sending const& sending, McpCall const& call, Clock const& clock,
              OnAnswer const& done) {
    auto const* server = sending.registry->server(call.server);
    if (!server) {
        auto why = configuration_failure("`" + sending.contract->name + "` needs the server `" +
                                             call.server + "`, which is not declared any more.",
                                         codes::not_sent);
        return done({Refused{std::move(why)}, {{"sent", false}}});
    }
    McpRequest request{.call = {call.tool, sending.arguments.json(), std::nullopt},
                       .pin = call.pin};
    if (!call.idempotency_argument.empty())
        request.call.arguments[call.idempotency_argument] = sending.key;
    if (!sending.key.empty()) request.call.idempotency_key = sending.key;
    request.time_left = [&clock, deadline = sending.deadline, lease = sending.lease] {
        return may_send(lease) ? deadline - clock.now() : Duration::zero();
    };
    servers.call(*server, std::move(request),
                 [sending, &call, server, done](McpReply const& reply) {
                     done(guarded(*sending.contract, [&] {
                         return hide(mcp_answer(*sending.contract, call, reply), server->secrets);
                     }));
                 });
}

Answer mcp_answer(Contract const& contract, McpCall const& call, McpReply const& reply) {
    return std::visit(Meaning{contract, call}, reply);
}

}  // namespace resolute::tools
