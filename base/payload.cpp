#include "base/payload.h"

#include <atomic>
#include <mutex>

namespace resolute {

// What is there already is read without a lock; the first who needs the other form makes it.
struct Payload::Rep {
    mutable std::mutex making;
    mutable std::atomic<bool> has_value = false;
    mutable std::atomic<bool> has_text = false;
    mutable Json value;
    mutable std::string text;
};

Payload::Payload() {
    static auto const null = [] {
        auto rep = std::make_shared<Rep>();
        rep->has_value = true;
        rep->text = "null";
        rep->has_text = true;
        return rep;
    }();
    rep_ = null;
}

Payload::Payload(Json value) {
    auto rep = std::make_shared<Rep>();
    rep->value = std::move(value);
    rep->has_value = true;
    rep_ = std::move(rep);
}

Payload Payload::from_text(std::string text) {
    auto rep = std::make_shared<Rep>();
    rep->text = std::move(text);
    rep->has_text = true;
    Payload payload;
    payload.rep_ = std::move(rep);
    return payload;
}

Json const& Payload::json() const {
    if (rep_->has_value.load(std::memory_order_acquire)) return rep_->value;
    std::lock_guard const lock(rep_->making);
    if (!rep_->has_value) {
        rep_->value = Json::parse(rep_->text);
        rep_->has_value.store(true, std::memory_order_release);
    }
    return rep_->value;
}

std::string const& Payload::text() const {
    if (rep_->has_text.load(std::memory_order_acquire)) return rep_->text;
    std::lock_guard const lock(rep_->making);
    if (!rep_->has_text) {
        rep_->text = to_text(rep_->value);
        rep_->has_text.store(true, std::memory_order_release);
    }
    return rep_->text;
}

}  // namespace resolute
