#include "tools/breaker.h"

#include <algorithm>

namespace resolute::tools {

std::optional<Duration> Breaker::wait_before(Duration now) {
    if (!opened_at_) return std::nullopt;
    auto const left = *opened_at_ + terms_.pause - now;
    if (left.count() > 0) return left;
    if (is_trying_) return terms_.pause;
    is_trying_ = true;
    return std::nullopt;
}

void Breaker::report(bool was_reached, Duration now) {
    is_trying_ = false;
    if (was_reached) {
        failures_ = 0;
        opened_at_.reset();
        return;
    }
    failures_ = std::min(failures_ + 1, terms_.failures);
    if (failures_ >= terms_.failures) opened_at_ = now;
}

}  // namespace resolute::tools
