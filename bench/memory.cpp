#include "bench/memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

namespace resolute::bench {
namespace {

double peak_bytes() {
    std::ifstream file("/proc/self/status");
    for (std::string word; file >> word;)
        if (double kilobytes = 0; word == "VmHWM:" && file >> kilobytes) return kilobytes * 1024;
    throw std::runtime_error("/proc/self/status does not say how much memory was in use at most");
}

}  // namespace

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

MemoryPeak::MemoryPeak() {
    std::ofstream("/proc/self/clear_refs") << 5 << std::flush;  // the peak begins anew (proc(5))
    before_ = resident_bytes();
    if (peak_bytes() > before_ * 1.5)
        throw std::runtime_error("the peak of this process's memory cannot be measured anew");
}

double MemoryPeak::grown_bytes() const { return std::max(0.0, peak_bytes() - before_); }

}  // namespace resolute::bench
