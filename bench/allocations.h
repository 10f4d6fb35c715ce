// How often this program has asked for memory: counted by its own operator new.
//
// Thread-safe; costs a few nanoseconds per allocation, which are in every figure of the benchmark.
#pragma once

#include <cstdint>

namespace resolute::bench {

void count_allocation();
std::uint64_t allocations();  // 0 in a build with a sanitizer

}  // namespace resolute::bench
