// How often this program has asked for memory: counted by its own operator new.
//
// Thread-safe; costs a few nanoseconds per allocation, which are in every figure of the benchmark.
#pragma once

#include <cstdint>

namespace resolute::bench {

std::uint64_t allocations();

}  // namespace resolute::bench
