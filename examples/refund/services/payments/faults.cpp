#include "examples/refund/services/payments/faults.h"

#include <algorithm>
#include <array>

namespace refund::payments {
namespace {

constexpr std::array names{"lost_before_commit",
                           "lost_after_commit",
                           "error_before_commit",
                           "error_after_commit",
                           "crash_before_commit",
                           "crash_after_commit",
                           "slow",
                           "refuse"};

bool fits(resolute::Json const& match, resolute::Json const& body) {
    return std::ranges::all_of(match.items(), [&](auto const& item) {
        return body.contains(item.key()) && body[item.key()] == item.value();
    });
}

bool is_count(resolute::Json const& value) {
    return value.is_number_integer() && value >= 0 && value <= 1'000'000;
}

}  // namespace

std::optional<std::string> Faults::add(resolute::Json const& json) {
    if (!json.is_object() || !json.contains("match") || !json["match"].is_object() ||
        json["match"].empty())
        return "a fault needs `match` with at least one member of the request, such as payment_id";
    if (!json.contains("fault") || !json["fault"].is_string()) return "a fault needs `fault`";
    for (char const* member : {"times", "delay_ms"})
        if (json.contains(member) && !is_count(json[member]))
            return std::string("`") + member + "` must be a whole number from 0 to 1000000";
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
    auto const found = std::ranges::find_if(
        faults_, [&](Fault const& f) { return f.times > 0 && fits(f.match, body); });
    if (found == faults_.end()) return std::nullopt;
    --found->times;
    ++found->fired;
    return *found;
}

resolute::Json Faults::list() const {
    std::lock_guard lock(mutex_);
    auto all = resolute::Json::array();
    for (auto const& fault : faults_)
        all.push_back({{"fault", names[static_cast<std::size_t>(fault.kind)]},
                       {"match", fault.match},
                       {"times", fault.times},
                       {"fired", fault.fired}});
    return all;
}

}  // namespace refund::payments
