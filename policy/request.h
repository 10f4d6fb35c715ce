// What a tool call wants to do and on whose behalf: everything a policy rule may look at.
//
// Pure data. Facts are shared payloads, so a request costs no copy of what earlier steps returned.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/payload.h"

namespace resolute::policy {

// What a tool does to the world. A tool that nobody classified is `unknown` and is never let
// through by default.
enum class Effect { unknown, read, write, irreversible };
std::string_view to_string(Effect effect);
Effect effect_from(std::string_view text);  // `unknown` for anything else

struct Principal {
    std::string kind;                 // person, service, workflow
    std::string id;
    std::vector<std::string> groups;
};

struct Request {
    std::string tenant;
    Principal principal;              // who started the run
    std::string on_behalf_of;         // "" when nobody

    std::string tool;                 // payments.refund
    std::string tool_version;
    Effect effect = Effect::unknown;
    Payload arguments;                // validated against the tool's schema; must be an object
    Json labels =
        Json::object();     // JSON pointer into the arguments -> {integrity, confidentiality}

    Payload input;                    // of the run, as it was started
    std::map<std::string, Payload> facts;  // outputs of completed steps by name, as in $tasks
    std::string workflow;             // "namespace/name"
    std::string workflow_version;
    Digest workflow_digest;
    std::string run;
    std::string step;                 // path
    std::string case_id;              // "" when the run serves no case
    Timestamp at;
};

}  // namespace resolute::policy
