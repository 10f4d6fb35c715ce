// Chance as a collaborator, so that a seeded run repeats byte by byte.
#pragma once

#include <cstdint>
#include <memory>

namespace resolute {

class Random {
  public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;  // 64 uniformly distributed bits

    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
};

// Seeded from the operating system; not thread-safe, one per thread.
std::unique_ptr<Random> system_random();
// The same seed gives the same sequence on every machine.
std::unique_ptr<Random> seeded_random(std::uint64_t seed);

}  // namespace resolute
