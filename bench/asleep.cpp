#include "bench/asleep.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "bench/long_history.h"
#include "bench/memory.h"
#include "bench/queries.h"
#include "engine/store/connection.h"
#include "engine/verified_fold.h"

namespace resolute::bench {
namespace {

constexpr Duration lease = std::chrono::seconds(5);
constexpr Duration payment_delay = std::chrono::seconds(2);  // calls that are under way at the kill

Target at_least(double value) { return {Target::Side::at_least, value}; }
Target at_most(double value) { return {Target::Side::at_most, value}; }

std::size_t lines_of(std::filesystem::path const& path) {
    std::ifstream file(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    return lines;
}

std::filesystem::path fresh_ledger() {
    auto path =
        std::filesystem::temp_directory_path() / ("resolute-ledger-" + std::to_string(getpid()));
    std::filesystem::remove(path);
    return path;
}

// This program again, as the process that is to be killed.
pid_t start_victim(std::string const& url, std::filesystem::path const& ledger, std::size_t runs,
                   int committers) {
    auto const count = std::to_string(runs);
    auto const writers = std::to_string(committers);
    auto const child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
    if (child > 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it must not outlive a measurement that failed
    execl("/proc/self/exe", "resolute_bench", "--be-killed", url.c_str(), "--ledger",
          ledger.c_str(), "--in-flight-runs", count.c_str(), "--committers", writers.c_str(),
          nullptr);
    _exit(127);
}

}  // namespace

void Asleep::round(std::set<std::string> const& wanted) {
    ++round_;
    if (wanted.contains("parked")) {
        parked(Sleep::for_event);
        parked(Sleep::for_approval);
    }
    if (wanted.contains("recovery")) recovery();
    if (wanted.contains("replay")) replay();
}

std::int64_t Asleep::database_bytes() {
    store::Connection connection({.url = server_.url(), .application = "resolute bench"});
    return connection.run(queries::database_bytes, store::Parameters()).at(0, 0).integer();
}

std::set<RunId> Asleep::open_runs() {
    store::Connection connection({.url = server_.url(), .application = "resolute bench"});
    auto const rows = connection.run(queries::open_runs, store::Parameters());
    std::set<RunId> runs;
    for (std::size_t i = 0; i < rows.size(); ++i) runs.insert(RunId{rows.at(i, 0).uuid()});
    return runs;
}

// Some of them first, until as many were under way as ever are: what the process needs for working
// at all is not the memory of runs that wait.
void Asleep::parked(Sleep sleep) {
    auto const ledger = fresh_ledger();
    Sleepers sleepers({.url = server_.url(), .committers = sizes_.committers, .ledger = ledger});
    auto const first =
        std::min(sizes_.parked / 2, std::max(sizes_.parked / 10, 3 * Sleepers::in_flight));
    auto const more = sizes_.parked - first;
    auto const name = "parked for an " + name_of(sleep);
    sleepers.park(sleep, first);
    auto const memory = resident_bytes();
    auto const database = database_bytes();
    auto const began = seconds_now();
    sleepers.park(sleep, more);
    auto const took = seconds_now() - began;
    auto const runs = static_cast<double>(more);
    report_.add({name + ", started and parked", "1/s"}, runs / took);
    report_.add({name + ", memory per run", "byte"}, (resident_bytes() - memory) / runs);
    report_.add(
        {name + ", database per run", "byte", at_most(sleep == Sleep::for_event ? 1024 : 2048)},
        static_cast<double>(database_bytes() - database) / runs);
    auto const wake = seconds_now();
    auto const woken = sleepers.wake(sleep);
    if (woken != sizes_.parked)
        throw std::runtime_error(std::to_string(woken) + " runs were parked, not " +
                                 std::to_string(sizes_.parked));
    report_.add({name + ", woken and over", "1/s", at_least(5'000)},
                static_cast<double>(woken) / (seconds_now() - wake));
    std::filesystem::remove(ledger);
}

void be_killed(std::string const& url, std::filesystem::path const& ledger, std::size_t runs,
               int committers) {
    Sleepers sleepers({.url = url,
                       .committers = committers,
                       .lease = lease,
                       .ledger = ledger,
                       .delay = payment_delay});
    sleepers.start_payments(runs);
    while (true) pause();
}

void Asleep::recovery() {
    auto const ledger = fresh_ledger();
    auto const payments = sizes_.in_flight * Sleepers::payments_per_run;
    auto const victim = start_victim(server_.url(), ledger, sizes_.in_flight, sizes_.committers);
    // All have begun and each has most of its payments before it.
    while (lines_of(ledger) < payments / 4 || open_runs().size() < sizes_.in_flight) {
        if (waitpid(victim, nullptr, WNOHANG) == victim)
            throw std::runtime_error("the process that was to be killed ended by itself");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    kill(victim, SIGKILL);
    waitpid(victim, nullptr, 0);
    auto const killed = seconds_now();
    auto const open = open_runs();
    Sleepers next({.url = server_.url(),
                   .committers = sizes_.committers,
                   .lease = lease,
                   .ledger = ledger,
                   .awaited = open});
    auto const resumed = next.moved_after(killed);
    next.wait_until_closed(open.size());
    auto const over = seconds_now() - killed;
    auto const lease_s = std::chrono::duration<double>(lease).count();
    report_.add({"recovery, runs open at the kill", ""}, static_cast<double>(open.size()));
    report_.add({"recovery, all resumed after", "s", at_most(lease_s + 2)}, resumed);
    report_.add({"recovery, all over after", "s"}, over);
    report_.add({"recovery, runs lost", "", at_most(0)}, static_cast<double>(open_runs().size()));
    report_.add({"recovery, payments missing", "", at_most(0)},
                static_cast<double>(payments) - static_cast<double>(next.ledger().payments()));
    report_.add({"recovery, payments made twice", "", at_most(0)},
                static_cast<double>(Ledger::doubled(ledger)));
    report_.add({"recovery, calls repeated under their key", ""},
                static_cast<double>(next.ledger().repeated_calls()));
    std::filesystem::remove(ledger);
}

void Asleep::replay() {
    auto const history = long_history(sizes_.history);
    VerifiedFold proved(history.run);
    auto const began = seconds_now();
    for (auto const& event : history.events) proved.add(event);
    auto const took = seconds_now() - began;
    if (proved.run().sequence != history.events.size())
        throw std::runtime_error("the history was not folded to its end");
    // The fold by itself: events decoded beforehand, a page at a time.
    constexpr std::size_t page = 10'000;
    Run run{.id = history.run};
    double folding = 0;
    for (std::size_t at = 0; at < history.events.size(); at += page) {
        std::vector<Event> events;
        for (auto i = at; i < std::min(at + page, history.events.size()); ++i)
            events.push_back(decode(history.events[i]));
        auto const start = seconds_now();
        for (auto const& event : events) apply(run, event);
        folding += seconds_now() - start;
    }
    auto const count = static_cast<double>(history.events.size());
    report_.add({"replay, folded", "1/s", at_least(1e6)}, count / folding);
    report_.add({"replay, decoded, proved and folded", "1/s"}, count / took);
    report_.add({"replay, a whole history", "s", at_most(2)}, took);
}

}  // namespace resolute::bench
