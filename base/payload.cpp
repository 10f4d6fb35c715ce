#include "base/payload.h"

#include <atomic>
#include <mutex>

#include "base/json_text.h"

namespace resolute {

// What is there already is read without a lock; the first who needs the other form makes it.
struct Payload::Rep {
    mutable std::mutex making;
    mutable std::atomic<Json const*> value = nullptr;  // `own`, or inside of `whole`
    mutable std::atomic<bool> has_text = false;
    mutable Json own;
    mutable std::string text;
    std::shared_ptr<Rep const> whole;
};

namespace {

Json const* member_of(Json const& whole, std::string_view name) {
    auto const* object = whole.get_ptr<Json::object_t const*>();
    if (!object) return nullptr;
    auto const found = object->find(name);
    return found == object->end() ? nullptr : &found->second;
}

}  // namespace

Payload::Payload() {
    static auto const null = [] {
        auto rep = std::make_shared<Rep>();
        rep->value = &rep->own;
        rep->text = "null";
        rep->has_text = true;
        return rep;
    }();
    rep_ = null;
}

Payload::Payload(Json value) {
    auto rep = std::make_shared<Rep>();
    rep->own = std::move(value);
    rep->value.store(&rep->own, std::memory_order_relaxed);  // nobody else has it yet
    rep_ = std::move(rep);
}

Payload Payload::from_text(std::string text) {
    auto rep = std::make_shared<Rep>();
    rep->text = std::move(text);
    rep->has_text.store(true, std::memory_order_relaxed);
    Payload payload;
    payload.rep_ = std::move(rep);
    return payload;
}

Json const& Payload::json() const {
    if (auto const* value = rep_->value.load(std::memory_order_acquire)) return *value;
    std::lock_guard const lock(rep_->making);
    if (!rep_->value) {
        rep_->own = Json::parse(rep_->text);
        rep_->value.store(&rep_->own, std::memory_order_release);
    }
    return rep_->own;
}

std::string const& Payload::text() const {
    if (rep_->has_text.load(std::memory_order_acquire)) return rep_->text;
    std::lock_guard const lock(rep_->making);
    if (!rep_->has_text) {
        rep_->text = to_text(*rep_->value);
        rep_->has_text.store(true, std::memory_order_release);
    }
    return rep_->text;
}

bool Payload::is_null() const {
    if (auto const* value = rep_->value.load(std::memory_order_acquire)) return value->is_null();
    return rep_->text.find_first_not_of(" \t\r\n") == rep_->text.find('n');  // no other begins so
}

std::optional<Payload> Payload::member(std::string_view name) const {
    auto const* found = member_of(json(), name);
    if (!found) return std::nullopt;
    auto rep = std::make_shared<Rep>();
    rep->value.store(found, std::memory_order_relaxed);
    rep->whole = rep_;
    Payload part;
    part.rep_ = std::move(rep);
    return part;
}

std::optional<std::string> Payload::text_at(std::string_view name) const {
    if (!rep_->value.load(std::memory_order_acquire)) {
        JsonText text(rep_->text);
        bool is_readable = text.take('{');
        while (is_readable) {
            auto const key = text.plain_string();
            if (!key || !text.take(':')) break;
            if (*key == name)
                if (auto const content = text.plain_string()) return std::string(*content);
            is_readable = *key != name && text.value() && text.take(',');
        }
    }
    auto const* found = member_of(json(), name);
    if (!found || !found->is_string()) return std::nullopt;
    return found->get_ref<std::string const&>();
}

}  // namespace resolute
