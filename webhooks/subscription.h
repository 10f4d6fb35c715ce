// Who outside wants to be sent which events, as an operator wrote it in resolute.yaml.
//
// Plain values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "net/url.h"

namespace resolute::webhooks {

struct Subscription {
    std::string name;
    net::Url url;
    std::vector<std::string> types;  // of events; `*` in one stands for any characters
    std::string key;  // of signatures, as bytes; "": unsigned
    Duration timeout = std::chrono::milliseconds(limits::webhook_timeout_ms);  // of one attempt
    int attempts = limits::webhook_attempts;  // of one event
};

// Whether events of this type are for it. Lifecycle events (`io.serverlessworkflow.…`) are only for
// those who name that prefix: whoever wants everything wants what workflows emit.
bool wants(Subscription const& subscription, std::string_view type);

// The bytes of a secret as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64.
std::optional<std::string> key_of(std::string_view secret);

}  // namespace resolute::webhooks
