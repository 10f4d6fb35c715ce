#include "base/payload.h"

#include <mutex>

namespace resolute {

struct Payload::Rep {
    mutable std::once_flag parsed;
    mutable std::once_flag written;
    mutable Json value;
    mutable std::string text;
    bool has_value = false;
};

Payload::Payload() {
    static auto const null = [] {
        auto rep = std::make_shared<Rep>();
        rep->has_value = true;
        rep->text = "null";
        std::call_once(rep->written, [] {});
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
    std::call_once(rep->written, [] {});
    Payload payload;
    payload.rep_ = std::move(rep);
    return payload;
}

Json const& Payload::json() const {
    if (!rep_->has_value)
        std::call_once(rep_->parsed, [this] { rep_->value = Json::parse(rep_->text); });
    return rep_->value;
}

std::string const& Payload::text() const {
    std::call_once(rep_->written, [this] { rep_->text = to_text(rep_->value); });
    return rep_->text;
}

}  // namespace resolute
