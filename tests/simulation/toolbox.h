// The tools that a random workflow may call, as they are written down in YAML.
//
// Two sets: those of the simulation (tests/simulation/tools.h), and those of the real services of
// the chaos run (tests/chaos/project/tools). Pure: all chance is handed in.
#pragma once

#include <string>

#include "base/random.h"

namespace resolute::simulation {

class Toolbox {
  public:
    virtual ~Toolbox() = default;

    struct Place {
        std::string step;
        bool is_repeated = false;  // in a loop or a try: the step may run more than once
    };
    struct Call {
        std::string with;    // the step's `with`
        std::string number;  // the member of its output that is a number
    };
    virtual Call call(Random& random, Place const& place) const = 0;
    // The context from now on: the number `n` of the call before, and whatever calls need of it.
    virtual std::string context_of(std::string const& number) const = 0;
    virtual std::string pause(Random& random) const = 0;  // a short duration
    virtual std::string question_due(Random& random) const = 0;  // when a question expires
    virtual std::string limit(Random& random) const = 0;  // how long a step may take
    // Who may not answer a question.
    virtual std::string excluded() const = 0;
    // What a step starts as a run of its own, and as a run for each item of a list.
    virtual std::string start(Random& random, Place const& place) const = 0;
    virtual std::string sweep(Random& random, Place const& place) const = 0;
    // Somebody emits events of the types t0, t1 and t2.
    virtual bool has_events() const = 0;
};

// Writes of every class and terms behind every gate, by names that say what they are.
class SimulatedToolbox final : public Toolbox {
  public:
    Call call(Random& random, Place const& place) const override;
    std::string context_of(std::string const& number) const override;
    std::string pause(Random& random) const override;
    std::string question_due(Random& random) const override;
    std::string limit(Random& random) const override;
    std::string excluded() const override { return "initiator"; }
    std::string start(Random& random, Place const& place) const override;
    std::string sweep(Random& random, Place const& place) const override;
    bool has_events() const override { return true; }
};

// Bookings of the chaos run's tool server; their input names the case. A class C booking has no key
// and goes by its reference, so that it is made only where a step runs once. A reference with a `~`
// is of a booking whose call says how it is undone, and that is a booking with `-undo` after it:
// whoever checks knows without the workflow what must have been undone.
class ChaosToolbox final : public Toolbox {
  public:
    Call call(Random& random, Place const& place) const override;
    std::string context_of(std::string const& number) const override;
    std::string pause(Random& random) const override;
    std::string question_due(Random& random) const override;
    std::string limit(Random& random) const override;
    std::string excluded() const override { return "dora"; }
    std::string start(Random& random, Place const& place) const override;
    std::string sweep(Random& random, Place const& place) const override;
    bool has_events() const override { return false; }

  private:
    static std::string amount(Random& random);
    static std::string booking(Random& random, Place const& place);
};

}  // namespace resolute::simulation
