// The part of a life that brings back what a dead process left behind: the engine's own search for
// the run that kills whoever resumes it.
#include "base/limits.h"
#include "tests/simulation/life.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

class ClockOf final : public Clock {
  public:
    explicit ClockOf(Life const& life) : life_(life) {}
    Timestamp now() const override { return life_.clock(); }
    Duration monotonic() const override { return Duration(life_.clock().microseconds); }

  private:
    Life const& life_;
};

}  // namespace

void Life::begin_recovery() {
    recovery_clock_ = std::make_unique<ClockOf>(*this);
    shell::Recovery::Callbacks callbacks{
        .found =
            [this](std::vector<std::pair<RunId, ShardInput>> inputs) {
                for (auto& [run, input] : inputs) feed(run, std::move(input));
            },
        .loading = [this] { return loading_; },
        .quarantine = [this](RunId run, std::string const& reason) { set_aside(run, reason); }};
    recovery_ = std::make_unique<shell::Recovery>(*reader_, *recovery_clock_, std::move(callbacks));
}

void Life::sweep() {
    recovery_->owns(owned_);
    std::erase_if(unswept_, [&](int shard) { return !owns(shard); });
    recovery_->took_over({unswept_.begin(), unswept_.end()});
    unswept_.clear();
}

// Whom this life may come to be blamed on: what is tried alone when it ends, whyever it ends.
void Life::note_trials() {
    for (auto const& [run, marker] : ground_.database.tables.probation)
        if (marker.member == member_ && marker.alone) ++ground_.ends_while_alone[run];
}

// Whoever was only there when chance struck twice is released by an operator, who knows that.
void Life::set_aside(RunId run, std::string const& reason) {
    auto& setting = ground_.setting;
    setting.note(name_ + " sets " + to_string(run) + " aside: " + reason);
    setting.require(ground_.ends_while_alone[run] >= limits::probation_deaths,
                    Check::blamed_by_two_deaths,
                    "a run was set aside that was not alone at two deaths");
    later(1ms, [this, run, reason] { reader_->quarantine(run, reason, clock(), ""); });
    if (ground_.is_poison(ground_.fold_of(run))) return;
    setting.count(Fault::blamed_by_chance);
    setting.at(1s + setting.some(20s), [&ground = ground_, run] { ground.database.release(run); });
}

}  // namespace resolute::simulation
