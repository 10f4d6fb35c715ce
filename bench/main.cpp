// resolute_bench: measures the engine against what its PostgreSQL can do at best, in one run.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <thread>

#include "base/log.h"
#include "bench/asleep.h"
#include "bench/conditions.h"
#include "bench/fairness.h"
#include "bench/large.h"
#include "bench/overload.h"
#include "bench/workloads.h"
#include "engine/shell/engine.h"

using namespace resolute;

namespace {

struct Options {
    bool json = false;
    bool is_short = false;
    std::vector<std::string> only;
    int repeat = 5;
    int committers = shell::usual_committers();
    int conditions = 20'000;  // evaluations of each
    bench::Load load;
    bench::Asleep::Sizes asleep;
    std::size_t queued = 100'000;
    bench::Large::Sizes large;
    // of the process that a measurement kills: its database, and the ledger of its payments
    std::string be_killed, ledger;
    bench::GrowthOptions growth;
};

std::vector<std::string> all_names() {
    auto names = bench::Workloads::names();
    names.emplace_back(bench::Overload::name);
    names.emplace_back(bench::conditions_name);
    names.emplace_back(bench::Fairness::name);
    names.emplace_back(bench::Large::name);
    for (auto& name : bench::Asleep::names()) names.push_back(std::move(name));
    return names;
}

void read(Options& options, CLI::App& app) {
    app.add_flag("--json", options.json, "print one JSON object instead of a table");
    app.add_flag("--short", options.is_short, "one round of one second each: does it work at all?");
    app.add_option("--only", options.only, "measure only this; may be repeated")
        ->check(CLI::IsMember(all_names()));
    app.add_option("--repeat", options.repeat, "rounds; medians are shown")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--seconds", options.load.seconds, "of each measurement of throughput")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    app.add_option("--in-flight", options.load.in_flight, "runs at a time")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--committers", options.committers, "connections that write")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    app.add_option("--parked-runs", options.asleep.parked, "runs that wait, of each kind")
        ->check(CLI::Range(10, 10'000'000))
        ->capture_default_str();
    app.add_option("--in-flight-runs", options.asleep.in_flight, "runs open at the kill -9")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--queued-runs", options.queued, "runs of another tenant that wait")
        ->check(CLI::Range(100, 10'000'000))
        ->capture_default_str();
    app.add_option("--history-events", options.asleep.history, "of the run that is folded")
        ->check(CLI::Range(10, 10'000'000))
        ->capture_default_str();
    app.add_option("--be-killed", options.be_killed)->group("");
    app.add_option("--ledger", options.ledger)->group("");
}

void read_growth(Options& options, CLI::App& app) {
    app.add_option("--stored", options.growth.stored,
                   "events stored before growth is measured; 10000000 takes minutes and 7 GB")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    app.add_option("--turns", options.growth.turns, "of the long run's loop, two steps each")
        ->check(CLI::Range(100, 500'000))
        ->capture_default_str();
}

void note_conditions(bench::Report& report, bench::Server& server, Options const& options) {
    double load[1] = {};
    if (getloadavg(load, 1) == 1) report.note("load before", std::to_string(load[0]).substr(0, 5));
    report.note("cores, shared with the server",
                std::to_string(std::thread::hardware_concurrency()));
    report.note("runs in flight", std::to_string(options.load.in_flight));
    report.note("committers", std::to_string(options.committers));
    std::string settings;
    for (auto const& [name, value] : server.settings()) settings += name + "=" + value + " ";
    report.note("server", settings.substr(0, settings.size() - 1));
}

void repeat(Options const& options, std::function<void()> const& round) {
    for (int nth = 1; nth <= options.repeat; ++nth) {
        std::fprintf(stderr, "round %d of %d\n", nth, options.repeat);
        round();
    }
}

bool wants_any(std::set<std::string> const& wanted, std::vector<std::string> const& names) {
    return std::ranges::any_of(names, [&](auto const& name) { return wanted.contains(name); });
}

int measure(Options const& options) {
    auto const names = options.only.empty() ? all_names() : options.only;
    std::set<std::string> wanted(names.begin(), names.end());
    bool const with_overload = wanted.erase(bench::Overload::name) > 0;
    bool const with_fairness = wanted.erase(bench::Fairness::name) > 0;
    bool const with_large = wanted.erase(bench::Large::name) > 0;
    bench::Server server;
    bench::Report report;
    note_conditions(report, server, options);
    if (wanted.contains(bench::conditions_name))
        repeat(options, [&] { bench::measure_conditions(report, options.conditions); });
    // One engine at a time: two of them would share the runs.
    if (wants_any(wanted, bench::Workloads::names())) {
        if (!options.is_short) server.wear_in();
        bench::Stand stand(server.url(), options.committers);
        bench::Workloads workloads(server, stand, options.load, options.growth, report);
        repeat(options, [&] {
            server.checkpoint();
            workloads.round(wanted);
        });
        if (wanted.contains("growth")) workloads.growth(options.repeat);
    }
    // Each on a server of its own: runs that are open when its time is over are nobody's load, and
    // no other engine knows their workflows.
    if (with_overload) {
        bench::Server apart;
        bench::Overload overload(apart.url(), options.committers, options.load.seconds, report);
        repeat(options, [&] { overload.round(); });
    }
    if (with_fairness) {
        bench::Server apart;
        bench::Fairness fairness(apart.url(), options.committers, options.queued, report);
        repeat(options, [&] { fairness.round(); });
    }
    if (with_large) {
        bench::Server apart;
        bench::Large large(apart, options.committers, options.large, report);
        repeat(options, [&] { large.round(); });
    }
    auto sizes = options.asleep;
    sizes.committers = options.committers;
    bench::Asleep asleep(server, sizes, report);
    if (wants_any(wanted, bench::Asleep::names())) repeat(options, [&] { asleep.round(wanted); });
    std::fputs((options.json ? report.json().dump(2) + "\n" : report.table()).c_str(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Measures the engine against what its PostgreSQL can do at best.");
    read(options, app);
    read_growth(options, app);
    CLI11_PARSE(app, argc, argv);
    if (options.is_short) {
        options.repeat = 1;
        options.load.seconds = 1;
        options.conditions = 1'000;
        options.queued = 2'000;
        options.large = {.turns = 5'000, .branches = 1'000, .items = 1'000, .payload = 1u << 20};
        options.asleep = {.parked = 1'000, .in_flight = 200, .history = 20'000};
    }
    log::set_level(log::Level::warn);
    try {
        if (!options.be_killed.empty())
            bench::be_killed(options.be_killed, options.ledger, options.asleep.in_flight,
                             options.committers);
        return measure(options);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "resolute_bench: %s\n", error.what());
        return 1;
    }
}
