// A process of a simulated world: a machine with its own clock, on which one life follows the
// other.
#pragma once

#include <memory>
#include <string>

#include "tests/simulation/life.h"

namespace resolute::simulation {

// Not copied or moved once it has booted: its lives refer to it.
class Process {
  public:
    Process(Ground& ground, int number);

    void boot();
    bool is_up() const { return life_ && !life_->is_over() && !life_->is_leaving(); }
    Life* life() { return life_.get(); }

  private:
    void disturb();
    void ended(Life::End how);

    Ground& ground_;
    std::string name_;
    OwnClock clock_;
    std::shared_ptr<Life> life_;
    int lives_ = 0;
};

}  // namespace resolute::simulation
