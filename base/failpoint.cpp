#include "base/failpoint.h"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <string>

namespace resolute::failpoint {
namespace {

struct Plan {
    std::string name;
    std::string action;
    int hit = 1;
};

// One for the process, as it has one environment; written before other threads run.
Plan armed;
std::atomic<int> hits = 0;

[[noreturn]] void refuse(std::string_view plan) {
    throw std::invalid_argument("RESOLUTE_FAILPOINT is `" + std::string(plan) +
                                "`; write NAME:kill, NAME:stop or NAME:cut, and perhaps :HIT, with "
                                "a name of base/failpoint_names.h");
}

void say(std::string_view name, std::string_view action) {
    auto const line = "failpoint " + std::string(name) + ": " + std::string(action) + "\n";
    // Nothing to do about a standard error that is closed: the deed is proof enough.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void arm(std::string_view plan) {
    auto const first = plan.find(':');
    if (first == plan.npos) refuse(plan);
    auto const second = plan.find(':', first + 1);
    Plan read{.name = std::string(plan.substr(0, first)),
              .action = std::string(plan.substr(first + 1, second - first - 1))};
    bool const is_known = std::ranges::find(names, read.name) != std::ranges::end(names);
    bool const is_deed = read.action == "kill" || read.action == "stop" || read.action == "cut";
    if (!is_known || !is_deed) refuse(plan);
    if (second != plan.npos) {
        auto const number = plan.substr(second + 1);
        auto const [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), read.hit);
        if (error != std::errc() || end != number.data() + number.size() || read.hit < 1)
            refuse(plan);
    }
    armed = std::move(read);
    hits = 0;
}

bool reached(std::string_view name) {
    if (armed.name != name || ++hits != armed.hit) return false;
    say(name, armed.action);
    if (armed.action == "cut") return true;
    ::kill(::getpid(), armed.action == "kill" ? SIGKILL : SIGSTOP);
    return false;
}

}  // namespace resolute::failpoint
