// resolute_simulate: many simulated worlds, and the shortest command that repeats one that failed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <thread>

#include "base/json.h"
#include "tests/simulation/campaign.h"
#include "tests/simulation/generator.h"

using namespace resolute;
using namespace resolute::simulation;

namespace {

constexpr std::size_t failures_shown = 5;
constexpr std::size_t moments_shown = 40;

std::string repeat_command(std::uint64_t seed) {
    return "./dev simulate --from " + std::to_string(seed) + " --seeds 1";
}

Json counts_of(Report const& report) {
    Json faults = Json::object();
    for (std::size_t i = 0; i < fault_count; ++i)
        faults[std::string(to_string(static_cast<Fault>(i)))] = report.faults[i];
    Json checks = Json::object();
    for (std::size_t i = 0; i < check_count; ++i)
        checks[std::string(to_string(static_cast<Check>(i)))] = report.checks[i];
    return {{"faults", faults}, {"checks", checks}};
}

Json as_json(Campaign const& campaign, Findings const& findings) {
    auto answer = counts_of(findings.total);
    answer["from"] = campaign.from;
    answer["seeds"] = campaign.seeds;
    answer["seconds"] = findings.seconds;
    answer["worlds_per_second"] = static_cast<double>(campaign.seeds) / findings.seconds;
    answer["threads"] = campaign.threads;
    answer["runs"] = findings.total.runs;
    answer["runs_of_generated_workflows"] = findings.total.generated;
    answer["events"] = findings.total.events;
    answer["repeated_for_the_same_bytes"] = findings.repeated;
    answer["clean"] = findings.is_clean();
    answer["failures"] = Json::array();
    for (auto const& failure : findings.failures) {
        Json breaches = Json::array();
        for (auto const& breach : failure.breaches)
            breaches.push_back({{"invariant", to_string(breach.check)}, {"what", breach.what}});
        answer["failures"].push_back({{"seed", failure.seed},
                                      {"breaches", breaches},
                                      {"repeat", repeat_command(failure.seed)}});
    }
    answer["never_struck"] = Json::array();
    for (auto const fault : findings.never_struck)
        answer["never_struck"].push_back(to_string(fault));
    answer["never_looked"] = Json::array();
    for (auto const check : findings.never_looked)
        answer["never_looked"].push_back(to_string(check));
    return answer;
}

void show(Campaign const& campaign, Findings const& findings) {
    std::cout << "faults that struck\n";
    for (std::size_t i = 0; i < fault_count; ++i)
        std::cout << "  " << findings.total.faults[i] << "\t" << to_string(static_cast<Fault>(i))
                  << "\n";
    std::cout << "checks that looked\n";
    for (std::size_t i = 0; i < check_count; ++i)
        std::cout << "  " << findings.total.checks[i] << "\t" << to_string(static_cast<Check>(i))
                  << "\n";
    std::cout << campaign.seeds << " worlds, " << findings.total.runs << " runs ("
              << findings.total.generated << " of generated workflows), " << findings.total.events
              << " events in " << findings.seconds
              << " s: " << static_cast<double>(campaign.seeds) / findings.seconds << " worlds/s on "
              << campaign.threads << " thread(s); " << findings.failures.size()
              << " worlds failed\n";
}

// The end of the world, told again: the same seed, this time with everything written down.
void explain(Failure const& failure, bool in_full) {
    std::cerr << "\nseed " << failure.seed << " breaks\n";
    for (auto const& breach : failure.breaches)
        std::cerr << "  " << to_string(breach.check) << ": " << breach.what << "\n";
    auto const trace = simulate(failure.seed, Trace::on).trace;
    auto const first = in_full || trace.size() < moments_shown ? 0 : trace.size() - moments_shown;
    if (first > 0) std::cerr << "  the last of " << trace.size() << " moments:\n";
    for (auto i = first; i < trace.size(); ++i) std::cerr << "  " << trace[i] << "\n";
    std::cerr << "repeat it with: " << repeat_command(failure.seed) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Simulates worlds in which everything goes wrong, and checks the invariants."};
    Campaign campaign{
        .seeds = 1000,
        .threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
    bool json = false;
    bool quiet = false;
    app.add_option("--seeds", campaign.seeds, "how many worlds")->check(CLI::PositiveNumber);
    app.add_option("--from", campaign.from, "the first seed");
    app.add_option("--threads", campaign.threads, "how many at a time")->check(CLI::Range(1, 256));
    app.add_flag("--json", json, "one JSON object on standard output");
    app.add_flag("--quiet", quiet, "no progress on standard error");
    std::optional<std::uint64_t> print;
    app.add_option("--print-workflow", print, "print the generated workflow of this seed, and end");
    bool for_chaos = false;
    app.add_flag("--for-chaos", for_chaos, "with it: calls the tools of the chaos run");
    CLI11_PARSE(app, argc, argv);

    if (print) {
        auto const random = seeded_random(*print);
        SimulatedToolbox const simulated;
        ChaosToolbox const chaos;
        Toolbox const& tools = for_chaos ? static_cast<Toolbox const&>(chaos) : simulated;
        std::cout << WorkflowGenerator(*random, tools).workflow("seed-" + std::to_string(*print));
        return 0;
    }
    auto progress = [&](std::uint64_t done) {
        if (!quiet && done % 1000 == 0)
            std::cerr << done << " of " << campaign.seeds << " worlds\n";
    };
    auto const findings = run(campaign, progress);
    if (json)
        std::cout << as_json(campaign, findings).dump(2) << "\n";
    else
        show(campaign, findings);
    for (std::size_t i = 0; i < std::min(failures_shown, findings.failures.size()); ++i)
        explain(findings.failures[i], campaign.seeds == 1);
    for (auto const fault : findings.never_struck)
        std::cerr << "never struck: " << to_string(fault) << "\n";
    for (auto const check : findings.never_looked)
        std::cerr << "never looked: " << to_string(check) << "\n";
    return findings.is_clean() ? 0 : 1;
}
