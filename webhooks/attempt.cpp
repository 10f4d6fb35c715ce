#include "webhooks/attempt.h"

#include <algorithm>

#include "base/hmac.h"
#include "tools/base64.h"
#include "tools/retry_after.h"

namespace resolute::webhooks {
namespace {

// Between half of the pause and all of it, so that those who failed together come apart.
Duration pause_after(int attempt, Random& random) {
    Duration const first = std::chrono::milliseconds(limits::webhook_first_pause_ms);
    Duration const longest = std::chrono::seconds(limits::webhook_longest_pause_s);
    auto const whole = std::min<Duration>(longest, first * (1LL << std::min(attempt - 1, 20)));
    auto const half = static_cast<double>(whole.count()) / 2;
    return Duration(static_cast<std::int64_t>(half + half * random.unit()));
}

std::optional<Duration> asked_pause(net::Response const& response, Timestamp now) {
    auto const header = net::find_header(response.headers, "Retry-After");
    return header ? tools::parse_retry_after(*header, now) : std::nullopt;
}

std::string why_not(net::Reply const& reply) {
    if (auto const* unsent = std::get_if<net::NotSent>(&reply)) return "not sent: " + unsent->why;
    if (auto const* silence = std::get_if<net::SentNoAnswer>(&reply))
        return "sent, but no answer came: " + silence->why;
    auto const& response = std::get<net::Response>(reply);
    auto const status = std::to_string(response.status);
    if (response.status / 100 == 3)
        return "the receiver answered " + status +
               "; redirects are not followed, so give its "
               "new address in resolute.yaml";
    if (response.status == 410) return "the receiver answered 410: it wants no more of this";
    return "the receiver answered " + status;
}

std::string shortened(std::string text) {
    std::erase_if(text, [](unsigned char letter) { return letter < 0x20 || letter > 0x7e; });
    if (text.size() > limits::webhook_why_bytes) text.resize(limits::webhook_why_bytes);
    return text;
}

}  // namespace

std::string signature(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                      std::string_view body) {
    auto signed_text = std::string(id) + "." + std::to_string(timestamp_s) + ".";
    signed_text += body;
    return "v1," + tools::base64(hmac_sha256(key, signed_text).view());
}

net::ClientRequest request_of(Subscription const& subscription,
                              store::ClaimedDelivery const& delivery, Timestamp now) {
    auto const id = to_string(delivery.delivery);
    auto const timestamp_s = now.microseconds / 1'000'000;
    net::ClientRequest request{
        .method = "POST",
        .url = subscription.url,
        .headers = {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                    {"webhook-id", id},
                    {"webhook-timestamp", std::to_string(timestamp_s)}},
        .body = delivery.event.value_or(""),
        .timeout = subscription.timeout,
        .max_response_bytes = limits::webhook_answer_bytes};
    if (!subscription.key.empty())
        request.headers.push_back(
            {"webhook-signature", signature(subscription.key, id, timestamp_s, request.body)});
    return request;
}

store::DeliveryEnd end_of(Subscription const& subscription, store::ClaimedDelivery const& delivery,
                          net::Reply const& reply, Timestamp now, Random& random) {
    store::DeliveryEnd end{
        .delivery = delivery.delivery, .webhook = delivery.webhook, .attempt = delivery.attempt};
    auto const* response = std::get_if<net::Response>(&reply);
    if (response && response->status / 100 == 2) return end;
    end.why = shortened(why_not(reply));
    bool const is_unwanted = response && response->status == 410;
    if (is_unwanted || delivery.attempt >= subscription.attempts) return end;
    auto const asked = response ? asked_pause(*response, now) : std::nullopt;
    end.again_after = std::max(pause_after(delivery.attempt, random), asked.value_or(Duration{}));
    return end;
}

}  // namespace resolute::webhooks
