// What memory this process holds, and the most that it held since a moment.
#pragma once

namespace resolute::bench {

double resident_bytes();  // now (proc(5))

// The most since it was made; of the whole process, so one at a time.
class MemoryPeak {
  public:
    MemoryPeak();
    double grown_bytes() const;  // over what the process held when this was made

  private:
    double before_;
};

}  // namespace resolute::bench
