#include "bench/allocations.h"

#include <array>
#include <atomic>

namespace resolute::bench {
namespace {

// Threads count apart from each other, so that counting does not become what is measured.
struct alignas(64) Counter {
    std::atomic<std::uint64_t> value = 0;
};
constexpr std::size_t counters = 16;
std::array<Counter, counters> counted;
std::atomic<std::size_t> threads = 0;

}  // namespace

void count_allocation() {
    thread_local Counter& mine = counted[threads++ % counters];
    mine.value.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t allocations() {
    std::uint64_t sum = 0;
    for (auto const& counter : counted) sum += counter.value.load(std::memory_order_relaxed);
    return sum;
}

}  // namespace resolute::bench
