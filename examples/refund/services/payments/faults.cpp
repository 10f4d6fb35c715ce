#include "examples/refund/services/payments/faults.h"

#include <algorithm>
#include <array>

namespace refund::payments {
namespace {

constexpr std::array names{"lost_before_commit", "lost_after_commit", "error_before_commit", "error_after_commit",
                           "crash_before_commit", "crash_after_commit", "slow", "refuse"};

bool fits(resolute::Json const& match, resolute::Json const& body) {
    return std::ranges::all_of(match.items(), [&](auto const& item) { return body.contains(item.key()) && body[item.key()] == item.value(); });
}

}  // namespace

std::optional<std::string> Faults::add(resolute::Json const& json) {
    if (!json.is_object() || !json.contains("match") || !json["match"].is_object() || json["match"].empty())
        return "a fault needs `match` with at least one member of the request, such as payment_id";
    if (!json.contains("fault") || !json["fault"].is_string()) return "a fault needs `fault`";
    auto const found = std::ranges::find(names, json["fault"].get<std::string>());
    if (found == names.end()) return "`" + json["fault"].get<std::string>() + "` is no fault";
    Fault fault;
    fault.kind = static_cast<FaultKind>(found - names.begin());
    fault.match = json["match"];
    fault.times = json.value("times", 1);
    fault.delay = std::chrono::milliseconds(json.value("delay_ms", 0));
    std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
    return std::nullopt;
}

std::optional<Fault> Faults::take(resolute::Json const& body) {
    std::lock_guard lock(mutex_);
    auto const found = std::ranges::find_if(faults_, [&](Fault const& f) { return f.times > 0 && fits(f.match, body); });
    if (found == faults_.end()) return std::nullopt;
    --found->times;
    return *found;
}

}  // namespace refund::payments
