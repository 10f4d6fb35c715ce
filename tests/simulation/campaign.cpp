#include "tests/simulation/campaign.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace resolute::simulation {
namespace {

bool is_same(Report const& a, Report const& b) {
    return a.digest == b.digest && a.faults == b.faults && a.checks == b.checks;
}

Failure explain(std::uint64_t seed, std::exception const& error) {
    return {seed, {{Check::nothing_set_aside, std::string("the world broke: ") + error.what()}}};
}

class Worker {
  public:
    Worker(Campaign const& campaign, std::atomic<std::uint64_t>& next,
           std::function<void(std::uint64_t)> const& progress)
        : campaign_(campaign), next_(next), progress_(progress) {}

    void operator()() {
        for (auto i = next_++; i < campaign_.seeds; i = next_++) {
            auto const seed = campaign_.from + i;
            try {
                visit(seed, i % campaign_.repeat_every == 0);
            } catch (std::exception const& error) {
                findings.failures.push_back(explain(seed, error));
            }
            if (i % 100 == 99) progress_(i + 1);
        }
    }

    Findings findings;

  private:
    void visit(std::uint64_t seed, bool is_repeated) {
        auto report = simulate(seed);
        findings.total.add(report);
        if (is_repeated) {
            ++findings.repeated;
            if (!is_same(report, simulate(seed)))
                report.breaches.push_back(
                    {Check::same_seed_same_bytes, "it differs when repeated"});
        }
        if (!report.breaches.empty())
            findings.failures.push_back({seed, std::move(report.breaches)});
    }

    Campaign const& campaign_;
    std::atomic<std::uint64_t>& next_;
    std::function<void(std::uint64_t)> const& progress_;
};

void find_zero_rows(Findings& findings) {
    for (std::size_t i = 0; i < fault_count; ++i)
        if (findings.total.faults[i] == 0) findings.never_struck.push_back(static_cast<Fault>(i));
    for (std::size_t i = 0; i < check_count; ++i)
        if (findings.total.checks[i] == 0) findings.never_looked.push_back(static_cast<Check>(i));
}

}  // namespace

Findings run(Campaign const& campaign, std::function<void(std::uint64_t)> const& progress) {
    log::set_level(log::Level::error);  // that processes die is what the worlds are about
    auto const began = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> next = 0;
    std::vector<Worker> workers;
    for (int i = 0; i < campaign.threads; ++i) workers.emplace_back(campaign, next, progress);
    {
        std::vector<std::jthread> threads;
        for (auto& worker : workers) threads.emplace_back(std::ref(worker));
    }
    Findings findings;
    for (auto& worker : workers) {
        findings.total.add(worker.findings.total);
        findings.repeated += worker.findings.repeated;
        std::ranges::move(worker.findings.failures, std::back_inserter(findings.failures));
    }
    findings.total.checks[static_cast<std::size_t>(Check::same_seed_same_bytes)] +=
        static_cast<int>(findings.repeated);
    std::ranges::sort(findings.failures, {}, &Failure::seed);
    if (campaign.seeds >= seeds_that_see_all) find_zero_rows(findings);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    findings.seconds = took.count();
    return findings;
}

}  // namespace resolute::simulation
