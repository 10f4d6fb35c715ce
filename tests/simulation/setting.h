// What all parts of one simulated world share: virtual time, chance, the agenda, and the report.
//
// Everything that happens is an action on the agenda, in the order of its time; a seed decides all
// chance. Not thread-safe; one world lives on one thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "tests/simulation/report.h"

namespace resolute::simulation {

class Setting {
  public:
    Setting(std::uint64_t seed, bool is_traced);

    Timestamp now() const { return now_; }
    Random& random() { return *random_; }
    Duration some(Duration most);                    // from nothing to `most`
    bool maybe(double probability) { return random_->unit() < probability; }

    void at(Duration delay, std::function<void()> action);
    // The next action; false when there is none before `end`.
    bool go_on(Timestamp end);

    // Rates are drawn per seed: some worlds see much of one fault and nothing of another.
    bool strikes(Fault fault);
    bool is_calm() const { return is_calm_; }
    void calm_down() { is_calm_ = true; }            // no fault strikes from now on

    void count(Fault fault) { ++report_.faults[static_cast<std::size_t>(fault)]; }
    void looked(Check check) { ++report_.checks[static_cast<std::size_t>(check)]; }
    void breach(Check check, std::string what);
    // Counts the look, and the breach when it is not so.
    void require(bool holds, Check check, char const* otherwise);

    bool is_traced() const { return is_traced_; }
    void note(std::string const& line);              // only when it is traced
    Report& report() { return report_; }

  private:
    struct Action {
        Timestamp at;
        std::uint64_t order = 0;
        std::function<void()> act;
    };
    static bool is_later(Action const& a, Action const& b) {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }

    Timestamp now_{1'760'000'000'000'000};
    std::unique_ptr<Random> random_;
    std::array<double, fault_count> rates_{};
    std::vector<Action> agenda_;                     // a heap, earliest first
    std::uint64_t order_ = 0;
    bool is_calm_ = false;
    bool is_traced_ = false;
    Report report_;
};

}  // namespace resolute::simulation
