// The part of the CoreLoop that takes shards on and lets them go.
#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/log.h"
#include "engine/shell/core_loop.h"

namespace resolute::shell {

void CoreLoop::own(std::vector<int> shards) {
    {
        std::lock_guard lock(mutex_);
        changes_.push_back(std::move(shards));  // each is seen, also one that is soon over
    }
    boost::asio::post(context_, [this] { pump(); });
}

void CoreLoop::change_owned(std::vector<int> const& shards) {
    std::vector<int> gone;
    std::set<int> const now(shards.begin(), shards.end());
    std::ranges::set_difference(owned_, now, std::back_inserter(gone));
    owned_ = now;
    if (!gone.empty()) retire(gone);
}

void CoreLoop::retire(std::vector<int> const& shards) {
    for (int const number : shards) {
        leaving_.insert(number);
        std::vector<ShardOutput> outputs;
        if (auto const found = shards_.find(number); found != shards_.end())
            found->second->retire(outputs);
        route(outputs);
    }
    auto const patience = std::make_shared<boost::asio::steady_timer>(context_, sinks_.patience);
    patience->async_wait([this, patience, shards](boost::system::error_code const& error) {
        if (!error) give_up(shards);
    });
}

// Effects that take longer than anybody waits: the new owner finds their intents and asks what
// became of them, not before the time until which they may still be sent.
void CoreLoop::give_up(std::vector<int> const& shards) {
    for (int const number : shards) {
        auto const found = shards_.find(number);
        if (!leaving_.contains(number) || found == shards_.end()) continue;
        log::warn("shard=" + std::to_string(number) + " handed over with " +
                  std::to_string(found->second->resident_runs()) + " runs under way");
        std::vector<ShardOutput> outputs;
        found->second->abandon(outputs);
        route(outputs);
    }
    report_drained();
}

void CoreLoop::report_drained() {
    std::vector<int> drained;
    for (int const number : leaving_) {
        auto const found = shards_.find(number);
        if (found != shards_.end() && !found->second->is_at_rest()) continue;
        if (found != shards_.end()) shards_.erase(found);
        drained.push_back(number);
    }
    for (int const number : drained) leaving_.erase(number);
    if (!drained.empty()) sinks_.drained(drained);
}

}  // namespace resolute::shell
