// Sends events to webhooks: puts what they want into the outbox, and empties it.
//
// One thread with its own connection; the requests are on the HTTP client's. Every process that
// knows a webhook may send for it: each delivery is taken by one at a time. At least once: what
// was sent and could not be recorded as sent is sent again, with the same `webhook-id`.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/random.h"
#include "webhooks/attempt.h"

namespace resolute::webhooks {

class Courier {
  public:
    struct Surroundings {
        std::unique_ptr<store::Webhooks> store;
        net::HttpClient& http;
        Clock const& clock;
        std::vector<Subscription> subscriptions;  // with different names
    };
    explicit Courier(Surroundings surroundings);
    // Begins nothing new and waits for answers for a moment; what has none by then is sent again
    // by whoever comes next.
    ~Courier();

    void poke();  // thread-safe: there may be new events

  private:
    struct Answers;  // that came, and how many have not; shared with the requests under way

    void loop(std::stop_token const& stopping);
    Duration look();
    void settle();
    bool sort_events();
    bool send_what_is_due();
    void send(Subscription const& subscription, store::ClaimedDelivery delivery);
    Subscription const& find(std::string const& name) const;
    void wait_for_answers();

    Surroundings around_;
    std::vector<std::string> names_;
    std::unique_ptr<Random> random_;
    std::vector<store::DeliveryEnd> unrecorded_;  // the store was away
    bool is_known_ = false;  // the store knows the webhooks
    std::shared_ptr<Answers> answers_;
    std::jthread thread_;
};

}  // namespace resolute::webhooks
