#include "webhooks/courier.h"

#include <algorithm>
#include <map>

#include "base/failpoint.h"
#include "base/log.h"

namespace resolute::webhooks {

// Requests outlive the courier when its process ends; they keep this alive.
struct Courier::Answers {
    struct One {
        store::ClaimedDelivery delivery;
        net::Reply reply;
    };
    std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<One> came;                             // guarded by mutex
    std::map<std::string, std::size_t> under_way = {};  // guarded by mutex; by webhook
    bool is_news = false;                              // guarded by mutex; an answer came
    bool is_hint = false;                              // guarded by mutex; events may have come

    void add(store::ClaimedDelivery delivery, net::Reply reply) {
        RESOLUTE_FAILPOINT("webhook.answered");
        std::lock_guard const lock(mutex);
        --under_way[delivery.webhook];
        came.push_back({std::move(delivery), std::move(reply)});
        is_news = true;
        changed.notify_all();
    }
    // The first hint is followed at once. They come in crowds: what follows is for one look.
    void wait(std::stop_token const& stopping, Duration pause, Clock const& clock,
              Duration looked_at) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, stopping, pause, [&] { return is_news || is_hint; });
        Duration const moment = std::chrono::milliseconds(limits::hurried_poll_ms);
        auto const soonest = looked_at + moment - clock.monotonic();
        if (is_hint && soonest > Duration{})
            changed.wait_for(lock, stopping, soonest, [&] { return is_news; });
        is_news = is_hint = false;
    }
    bool is_anything_under_way() const {
        return std::ranges::any_of(under_way, [](auto const& one) { return one.second > 0; });
    }
};

Courier::Courier(Surroundings surroundings)
    : around_(std::move(surroundings)),
      random_(system_random()),
      answers_(std::make_shared<Answers>()) {
    for (auto const& one : around_.subscriptions) names_.push_back(one.name);
    thread_ = std::jthread([this](std::stop_token const& stopping) { loop(stopping); });
}

Courier::~Courier() {
    thread_.request_stop();
    answers_->changed.notify_all();
}

void Courier::poke() {
    {
        std::lock_guard const lock(answers_->mutex);
        answers_->is_hint = true;
    }
    answers_->changed.notify_all();
}

void Courier::loop(std::stop_token const& stopping) {
    Duration pause{};
    while (!stopping.stop_requested()) {
        auto const looked_at = around_.clock.monotonic();
        try {
            pause = look();
        } catch (std::exception const& error) {
            pause = std::chrono::milliseconds(limits::store_retry_longest_ms);
            log::warn(std::string("sending to webhooks is put off: ") + error.what());
        }
        answers_->wait(stopping, pause, around_.clock, looked_at);
    }
    try {
        wait_for_answers();
        settle();
    } catch (std::exception const& error) {
        log::warn(std::string("what was sent to webhooks last is sent again: ") + error.what());
    }
}

// How long until the next look, unless something happens.
Duration Courier::look() {
    if (!is_known_) around_.store->subscribe(names_);
    is_known_ = true;
    settle();
    bool const has_more = sort_events();
    bool const has_sent = send_what_is_due();
    if (has_more || has_sent) return std::chrono::milliseconds(limits::hurried_poll_ms);
    auto const next = around_.store->next(names_);
    Duration pause = std::chrono::milliseconds(limits::webhook_poll_ms);
    if (next.is_unsettled) pause = std::chrono::milliseconds(limits::webhook_unsettled_ms);
    // What is due and was not sent has no place: whoever gives one up wakes us.
    if (next.due && *next.due > Duration{}) pause = std::min(pause, *next.due);
    return pause;
}

void Courier::settle() {
    std::vector<Answers::One> came;
    {
        std::lock_guard const lock(answers_->mutex);
        came.swap(answers_->came);
    }
    for (auto const& one : came) {
        auto const& subscription = find(one.delivery.webhook);
        auto end = end_of(subscription, one.delivery, one.reply, around_.clock.now(), *random_);
        if (!end.why.empty() && !end.again_after)
            log::error("webhook=" + end.webhook + " delivery=" + to_string(end.delivery) +
                       " is given up: " + end.why);
        unrecorded_.push_back(std::move(end));
    }
    if (unrecorded_.empty()) return;
    RESOLUTE_FAILPOINT("webhook.settling");
    around_.store->settle(unrecorded_);
    RESOLUTE_FAILPOINT("webhook.settled");
    unrecorded_.clear();
}

// True when there may be more.
bool Courier::sort_events() {
    auto const unheard = around_.store->unheard(names_, limits::webhook_events_per_look);
    bool has_more = false;
    for (auto const& heard : unheard) {
        auto const& subscription = find(heard.webhook);
        std::vector<std::int64_t> wanted;
        for (auto const& event : heard.events)
            if (wants(subscription, event.type)) wanted.push_back(event.mark.position);
        RESOLUTE_FAILPOINT("webhook.sorting");
        around_.store->fan_out(heard, wanted);
        RESOLUTE_FAILPOINT("webhook.sorted");
        has_more = has_more || heard.events.size() == limits::webhook_events_per_look;
    }
    return has_more;
}

bool Courier::send_what_is_due() {
    std::vector<store::WebhookRoom> rooms;
    {
        std::lock_guard const lock(answers_->mutex);
        for (auto const& one : around_.subscriptions) {
            auto const taken = answers_->under_way[one.name];
            if (taken >= limits::webhook_places) continue;
            Duration const margin = std::chrono::milliseconds(limits::webhook_claim_margin_ms);
            rooms.push_back({one.name, limits::webhook_places - taken, one.timeout + margin});
        }
    }
    if (rooms.empty()) return false;
    auto claimed = around_.store->claim(rooms);
    if (!claimed.empty()) RESOLUTE_FAILPOINT("webhook.claimed");
    for (auto& delivery : claimed) {
        auto const& subscription = find(delivery.webhook);  // while the delivery has its name
        if (delivery.event)
            send(subscription, std::move(delivery));
        else
            unrecorded_.push_back({delivery.delivery, delivery.webhook, delivery.attempt,
                                   "its event was deleted from the store"});
    }
    return !claimed.empty();
}

void Courier::send(Subscription const& subscription, store::ClaimedDelivery delivery) {
    auto request = request_of(subscription, delivery, around_.clock.now());
    {
        std::lock_guard const lock(answers_->mutex);
        ++answers_->under_way[delivery.webhook];
    }
    delivery.event.reset();  // it is in the request
    RESOLUTE_FAILPOINT("webhook.sending");
    around_.http.send(std::move(request), [answers = answers_, delivery = std::move(delivery)](
                                              net::Reply reply) mutable {
        answers->add(std::move(delivery), std::move(reply));
    });
}

Subscription const& Courier::find(std::string const& name) const {
    return *std::ranges::find(around_.subscriptions, name, &Subscription::name);
}

void Courier::wait_for_answers() {
    std::unique_lock lock(answers_->mutex);
    answers_->changed.wait_for(lock, std::chrono::milliseconds(limits::webhook_farewell_ms),
                               [&] { return !answers_->is_anything_under_way(); });
}

}  // namespace resolute::webhooks
