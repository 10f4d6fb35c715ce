// The outbox of webhooks on PostgreSQL: which events they have looked at, and what each is still to
// be sent.
//
// An event is in the outbox of those who want it exactly once, whoever looks and however often.
// Whoever takes a delivery has it for a while; when nobody says by then what became of it, it is
// taken again. Used by one thread at a time; reconnects by itself. Throws StoreUnavailable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/ids.h"
#include "engine/schedule.h"
#include "engine/store/session.h"

namespace resolute::store {

using DeliveryId = Id<struct DeliveryTag>;

// Events that a webhook has not looked at, from `before` on.
struct UnheardEvents {
    struct One {
        EventMark mark;
        std::string type;
    };
    std::string webhook;
    EventMark before;
    std::vector<One> events;  // in order
};

struct WebhookRoom {
    std::string webhook;
    std::size_t room = 0;  // deliveries that may be begun
    Duration lease{};  // of each
};

struct ClaimedDelivery {
    DeliveryId delivery;
    std::string webhook;
    int attempt = 1;
    std::optional<std::string> event;  // none: somebody has deleted it
};

struct DeliveryEnd {
    DeliveryId delivery;
    std::string webhook;
    int attempt = 1;
    std::string why;  // "": the receiver has taken it
    std::optional<Duration> again_after = std::nullopt;  // none: never again
};

struct WebhookState {
    std::string name;
    std::int64_t delivered = 0;
    std::optional<Timestamp> delivered_at;
    std::int64_t failures = 0;  // in a row
    std::optional<Timestamp> held_until;
    std::string last_failure;
    std::optional<Timestamp> last_failure_at;
    std::int64_t waiting = 0;
    std::int64_t given_up = 0;
    std::optional<Timestamp> oldest_at;
    std::optional<Timestamp> next_at;
};

struct DeliveryState {
    DeliveryId delivery;
    std::string type, source, event;  // "" when somebody has deleted it
    Timestamp posted_at;
    std::int64_t attempts = 0;
    std::optional<Timestamp> next_at;  // none: given up
    bool is_being_sent = false;
    std::string why;
};

class Webhooks {
  public:
    explicit Webhooks(std::string url, std::string tenant = "default")
        : session_({.url = std::move(url), .application = "resolute webhooks"}),
          tenant_(std::move(tenant)) {}

    // Those that are new are sent what comes from now on.
    void subscribe(std::vector<std::string> const& names);
    std::vector<UnheardEvents> unheard(std::vector<std::string> const& names, std::size_t most);
    // The events are looked at, and those at `wanted` are in the outbox; false: somebody else did.
    bool fan_out(UnheardEvents const& heard, std::vector<std::int64_t> const& wanted);
    std::vector<ClaimedDelivery> claim(std::vector<WebhookRoom> const& rooms);
    void settle(std::vector<DeliveryEnd> const& ends);

    struct Next {
        std::optional<Duration> due;  // from now; none: nothing waits
        bool is_unsettled = false;  // there are events that cannot be read in order yet
    };
    Next next(std::vector<std::string> const& names);

    // For operators.
    std::vector<WebhookState> all();
    std::vector<DeliveryState> deliveries(std::string const& webhook, std::size_t most);
    // Both of all deliveries or of one; answer how many it came to.
    std::size_t retry(std::string const& webhook, std::optional<DeliveryId> only);
    std::size_t forget(std::string const& webhook, std::optional<DeliveryId> only);  // given up
    std::size_t forget_webhook(std::string const& webhook);  // with everything that waits

  private:
    Rows ask(Query const& query, Parameters const& parameters);
    std::size_t drop(std::string const& webhook, std::optional<DeliveryId> only, bool whole);

    Session session_;
    std::string tenant_;
};

}  // namespace resolute::store
