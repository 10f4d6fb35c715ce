// The roads of `call: a2a`: a JSON-RPC request to an agent over HTTP, and the reading of the card
// that says where the agent is.
//
// Agent2Agent 0.3, whose words the language has, and 1.0 where the card says so; what goes out and
// comes back is translated (tools/agent_dialect.h). Thread-safe; `done` is called exactly once, on
// any thread.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

void call_agent(net::HttpClient& http, Clock const& clock, Sending const& sending,
                AgentCall const& call, OnAnswer const& done);

// Puts out the call of the agent, {tool, arguments}: which agent it is, is a fact from then on.
void read_card(net::HttpClient& http, Clock const& clock, Sending const& sending,
               CardCall const& call, OnAnswer const& done);

// A message has a role, a kind and an id; the same attempt sends the same id, by which agents know
// a message that they had.
Json agent_parameters(std::string const& method, Json parameters, std::string const& key);

struct AgentPlace {
    std::string address;
    std::string version;  // of A2A that is spoken there: "" is 0.3, else agent_version_1
    std::string tenant;  // "": none
};
// Where the card says that the agent takes JSON-RPC: the first place that it lists.
Result<AgentPlace> agent_place(Json const& card);

// One result, or for a method that streams the list of all of them; as A2A 0.3 has them.
Answer agent_answer(Contract const& contract, std::string const& method, Json const& response,
                    std::string const& version = {});

}  // namespace resolute::tools
