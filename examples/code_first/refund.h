// The refund case of examples/refund as a coroutine: the same tools, models, policies and services.
//
// A reader who knows one of the two knows the other: `call`, `fork`, `try` and `set` of the YAML
// are `flow.call`, `flow.parallel`, `flow.block` and `flow.set` here; its `switch` is an `if`.
#pragma once

#include "workflow/sdk/code.h"

namespace refund_in_code {

namespace sdk = resolute::sdk;

struct Case {
    std::string case_id;
    std::string customer_id;
    std::optional<std::string> order_id;
    std::optional<std::string> channel;
    std::string customer_message;
};
constexpr auto shape_of(Case const*) {
    return std::tuple(
        sdk::field("case_id", &Case::case_id), sdk::field("customer_id", &Case::customer_id),
        sdk::field("order_id", &Case::order_id), sdk::field("channel", &Case::channel),
        sdk::field("customer_message", &Case::customer_message));
}

struct Closed {
    std::string case_id;
    std::string resolution;  // refunded, answered, needs_information, not_refundable, denied, …
    std::int64_t amount = 0;  // whole minor units
    std::optional<std::string> currency;
    std::string summary;
};
constexpr auto shape_of(Closed const*) {
    return std::tuple(
        sdk::field("case_id", &Closed::case_id), sdk::field("resolution", &Closed::resolution),
        sdk::field("amount", &Closed::amount), sdk::field("currency", &Closed::currency),
        sdk::field("summary", &Closed::summary));
}

sdk::Task<Closed> refund(sdk::Flow& flow, Case request);

// refunds/refund-in-code 1.0.0
sdk::Code refund_workflow();

}  // namespace refund_in_code
