#include "base/random.h"

#include <random>

namespace resolute {
namespace {

// SplitMix64: tiny, well distributed, and defined to the bit.
class SplitMix final : public Random {
  public:
    explicit SplitMix(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() override {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

  private:
    std::uint64_t state_;
};

}  // namespace

std::unique_ptr<Random> system_random() {
    std::random_device device;
    auto high = static_cast<std::uint64_t>(device());
    return seeded_random((high << 32) ^ device());
}

std::unique_ptr<Random> seeded_random(std::uint64_t seed) {
    return std::make_unique<SplitMix>(seed);
}

}  // namespace resolute
