// Exactly what is approved: every member that decides what will run, as one byte string and its
// digest.
//
// A person approves the digest; the digest of what is about to be sent must be the same (I3). The
// bytes are canonical JSON (RFC 8785), so that anybody can compute them again from the history.
#pragma once

#include <string>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/payload.h"
#include "engine/ids.h"

namespace resolute::approvals {

struct Binding {
    static constexpr int version = 1;

    std::string tenant;
    RunId run;
    StepId step;                     // with its occurrence
    std::string tool;
    std::string tool_version;
    Digest schema_digest;            // of the tool's contract: names, schemas, effect
    std::string server_identity;  // whom the call reaches; "" when the tool runs in this process
    std::string principal;
    std::string on_behalf_of;  // "" when nobody
    Payload arguments;  // an object; null is none
    Json labels = Json::object();
    std::string idempotency_key;
    Digest policy_digest;
    Digest evidence_root;  // of what the reviewer is shown; zero bytes are not a digest
    Json preconditions = Json::array();
};

// All members, the step as the node of the definition and its occurrence. Refused, all at once:
// absent or null arguments, arguments that are no object, empty names, zero digests, and what has
// no canonical form.
Result<std::string> canonical_bytes(Binding const& binding);
Result<Digest> digest_of(Binding const& binding);

// The same members as a JSON value, to be kept beside the intent; reading is strict.
Result<Json> to_json(Binding const& binding);
Result<Binding> binding_from_json(Json const& json);

}  // namespace resolute::approvals
