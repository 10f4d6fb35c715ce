// One attempt to send an event to a receiver: the request, and what its answer comes to.
//
// Pure. The request is an event in CloudEvents' structured mode with the headers of Standard
// Webhooks 1.0 (https://www.standardwebhooks.com): `webhook-id` is the same in every attempt, and
// `webhook-signature` covers id, timestamp and body.
#pragma once

#include "base/random.h"
#include "engine/store/webhooks.h"
#include "net/http_client.h"
#include "webhooks/subscription.h"

namespace resolute::webhooks {

// `v1,` and the signature in base64.
std::string signature(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                      std::string_view body);

net::ClientRequest request_of(Subscription const& subscription,
                              store::ClaimedDelivery const& delivery, Timestamp now);

// 2xx: taken. 410: never again. Everything else, also no answer at all, is tried again after a
// pause that grows, until there were as many attempts as the subscription allows.
store::DeliveryEnd end_of(Subscription const& subscription, store::ClaimedDelivery const& delivery,
                          net::Reply const& reply, Timestamp now, Random& random);

}  // namespace resolute::webhooks
