#include "bench/allocations.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Threads count apart from each other, so that counting does not become what is measured.
struct alignas(64) Counter {
    std::atomic<std::uint64_t> value = 0;
};
constexpr std::size_t counters = 16;
std::array<Counter, counters> counted;
std::atomic<std::size_t> threads = 0;

void count_one() {
    thread_local Counter& mine = counted[threads++ % counters];
    mine.value.fetch_add(1, std::memory_order_relaxed);
}

void* allocate(std::size_t bytes) {
    count_one();
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}

void* allocate(std::size_t bytes, std::align_val_t alignment) {
    count_one();
    auto const step = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(step, (bytes + step - 1) / step * step)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, std::align_val_t at) { return allocate(bytes, at); }
void* operator new[](std::size_t bytes, std::align_val_t at) { return allocate(bytes, at); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace resolute::bench {

std::uint64_t allocations() {
    std::uint64_t sum = 0;
    for (auto const& counter : counted) sum += counter.value.load(std::memory_order_relaxed);
    return sum;
}

}  // namespace resolute::bench
