#include "bench/workloads.h"

#include <algorithm>
#include <stdexcept>

#include "bench/queries.h"

namespace resolute::bench {
namespace {

constexpr int chain_steps = 10;
constexpr int long_steps = 200;
constexpr int sample_runs = 100;
constexpr double baseline_share = 0.4;  // of a workload's seconds

Target at_least(double value) { return {Target::Side::at_least, value}; }
Target at_most(double value) { return {Target::Side::at_most, value}; }

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

}  // namespace

Workloads::Workloads(Server& server, Stand& stand, Load load, GrowthOptions growth, Report& report)
    : server_(server),
      stand_(stand),
      load_(load),
      report_(report),
      read_chain_(stand.publish("chain10-read", Effect::read, chain_steps)),
      write_chain_(stand.publish("chain10-write", Effect::write, chain_steps)),
      long_chain_(stand.publish("chain200-write", Effect::write, long_steps)),
      one_read_(stand.publish("one-read", Effect::read, 1)),
      one_write_(stand.publish("one-write", Effect::write, 1)),
      growth_(server, stand, std::move(growth), report) {
    // The first runs warm everything up, and their histories are the bytes of the ceiling.
    auto done = stand_.watch().now().runs;
    auto const all = done + sample_runs;
    for (int run = 0; run < sample_runs; ++run) stand_.start(read_chain_);
    while (done < all) done = stand_.watch().beyond(done).runs;
    bare_ = std::make_unique<Bare>(server_.url(), read_chain_.name);
    report_.note("mean body of an event",
                 std::to_string(static_cast<int>(bare_->mean_body_bytes())) + " bytes");
}

std::vector<std::string> Workloads::names() {
    return {"ceiling",         "chain10-read", "chain10-write", "latency",
            "start-to-result", "growth",       "long-run"};
}

void Workloads::round(std::set<std::string> const& wanted) {
    ceiling();
    if (wanted.contains("chain10-read")) chain("chain10-read", read_chain_, Targets::of_reads);
    if (wanted.contains("chain10-write")) chain("chain10-write", write_chain_, Targets::of_writes);
    if (wanted.contains("latency")) latency();
    if (wanted.contains("start-to-result")) {
        start_to_result("start-to-result, read", one_read_, true);
        start_to_result("start-to-result, write", one_write_, false);
    }
    if (wanted.contains("long-run")) growth_.long_run();
}

void Workloads::growth(int repeat) {
    store::Connection connection({.url = server_.url(), .application = "bench growth"});
    connection.run(queries::forget_histories);
    auto const done = stand_.watch().now().runs;
    stand_.start(read_chain_);
    stand_.watch().beyond(done);
    growth_.stored(read_chain_.name, [&](std::uint64_t events) {
        for (int i = 0; i < repeat; ++i)
            chain("chain10-write, " + std::to_string(events) + " events stored", write_chain_,
                  Targets::none);
    });
}

void Workloads::ceiling() {
    auto const seconds = load_.seconds * baseline_share;
    bare_->clear();
    report_.add({"ceiling, batches of 100", "row/s"}, bare_->rows_per_second(100, seconds));
    auto const before = server_.usage();
    baseline_.rows_per_second = bare_->rows_per_second(500, seconds);
    auto const used = server_.usage() - before;
    report_.add({"ceiling, batches of 500", "row/s"}, baseline_.rows_per_second);
    report_.add({"ceiling, server CPU per row", "us"},
                ratio(used.server_cpu_s * 1e6, baseline_.rows_per_second * used.wall_s));
    baseline_.commits = bare_->one_row_commits(seconds);
    report_.add({"bare commit", "1/s"}, baseline_.commits.per_second);
    report_.add({"bare commit p50", "ms"}, baseline_.commits.p50_ms);
    report_.add({"bare commit p99", "ms"}, baseline_.commits.p99_ms);
}

// Keeps a number of runs in flight, measures between two moments of it, then lets it run dry.
Workloads::Flow Workloads::flow(WorkflowRef const& workflow, int steps, double seconds) {
    auto& watch = stand_.watch();
    auto const effects = stand_.effects();
    auto const first = watch.now().runs;
    auto done = first;
    auto started = first;
    auto keep_full_for = [&](double duration) {
        auto const until = seconds_now() + duration;
        do {
            for (; started < done + load_.in_flight; ++started) stand_.start(workflow);
            done = watch.beyond(done).runs;
        } while (seconds_now() < until);
    };
    keep_full_for(seconds * 0.2);
    auto const usage = server_.usage();
    auto const before = watch.now();
    keep_full_for(seconds);
    Flow measured{watch.now() - before, server_.usage() - usage};
    while (done < started) done = watch.beyond(done).runs;
    check_effects(effects, (started - first) * static_cast<std::uint64_t>(steps));
    return measured;
}

void Workloads::check_effects(std::uint64_t before, std::uint64_t expected) const {
    auto const made = stand_.effects() - before;
    if (made == expected) return;
    throw std::runtime_error("the tools were called " + std::to_string(made) + " times, not " +
                             std::to_string(expected) + " times: nothing measured here counts");
}

void Workloads::chain(std::string const& name, WorkflowRef const& workflow, Targets targets) {
    bare_->clear();
    auto const ceiling = bare_->rows_per_second(500, load_.seconds * baseline_share);
    auto const measured = flow(workflow, chain_steps, load_.seconds);
    auto const& [committed, usage] = measured;
    auto const steps = static_cast<double>(committed.runs) * chain_steps;
    auto const events = static_cast<double>(committed.events);
    std::optional<Target> rate, share, cpu;
    if (targets == Targets::of_reads)
        rate = at_least(90'000), share = at_least(0.6), cpu = at_most(8);
    if (targets == Targets::of_writes) rate = at_least(40'000);
    report_.add({name + " steps", "1/s", rate}, steps / usage.wall_s);
    report_.add({name + " events", "1/s", {}, "ceiling", share}, events / usage.wall_s,
                ratio(events / usage.wall_s, ceiling));
    report_.add({name + " engine CPU per step", "us", cpu}, ratio(usage.engine_cpu_s * 1e6, steps));
    report_.add({name + " server CPU per step", "us"}, ratio(usage.server_cpu_s * 1e6, steps));
    if (targets != Targets::none) costs(name, measured);
}

void Workloads::costs(std::string const& name, Flow const& flow) {
    auto const& [committed, usage] = flow;
    auto const steps = static_cast<double>(committed.runs) * chain_steps;
    auto const events = static_cast<double>(committed.events);
    auto const commits = static_cast<double>(committed.commits);
    auto add = [&](char const* what, char const* unit, double value) {
        report_.add({name + " " + what, unit}, value);
    };
    add("allocations per step", "", ratio(static_cast<double>(usage.allocations), steps));
    add("server CPU per event", "us", ratio(usage.server_cpu_s * 1e6, events));
    add("log per event", "byte", ratio(static_cast<double>(usage.wal_bytes), events));
    add("body per event", "byte", ratio(static_cast<double>(committed.bytes), events));
    add("events per run", "", ratio(events, static_cast<double>(committed.runs)));
    add("events per commit", "", ratio(events, commits));
    add("round trips per commit", "", ratio(static_cast<double>(usage.transactions), commits));
    add("dead rows per step", "", ratio(static_cast<double>(usage.dead_rows), steps));
    add("dead index entries per step", "", ratio(static_cast<double>(usage.dead_entries), steps));
}

void Workloads::latency() {
    auto const bare = bare_->one_row_commits(load_.seconds * baseline_share);
    auto& watch = stand_.watch();
    auto const effects = stand_.effects();
    std::vector<double> each;
    auto const until = seconds_now() + load_.seconds;
    auto const commits = watch.now().commits;
    do {
        auto const start = seconds_now();
        auto const runs = watch.now().runs;
        stand_.start(long_chain_);
        each.push_back((watch.beyond(runs).last_completed_s - start) * 1e3 / long_steps);
    } while (seconds_now() < until);
    check_effects(effects, each.size() * long_steps);
    auto const steps = static_cast<double>(each.size() * long_steps);
    auto const per_step = quantile(each, 0.5);
    report_.add({"latency, one run of 200 writes", "ms", {}, "bare commit p50", at_most(1.3)},
                per_step, ratio(per_step, bare.p50_ms));
    report_.add({"latency, commits per step", ""},
                static_cast<double>(watch.now().commits - commits) / steps);
}

void Workloads::start_to_result(std::string const& name, WorkflowRef const& workflow,
                                bool with_targets) {
    auto const bare = bare_->one_row_commits(load_.seconds * baseline_share);
    auto& watch = stand_.watch();
    auto const effects = stand_.effects();
    std::vector<double> each;
    auto const until = seconds_now() + load_.seconds * baseline_share;
    do {
        auto const start = seconds_now();
        auto const runs = watch.now().runs;
        stand_.start_by_http(workflow);
        each.push_back((watch.beyond(runs).last_completed_s - start) * 1e3);
    } while (seconds_now() < until);
    check_effects(effects, each.size());
    std::optional<Target> p50, p99;
    if (with_targets) p50 = at_most(3), p99 = at_most(6);
    auto const half = quantile(each, 0.5);
    auto const most = quantile(each, 0.99);
    report_.add({name + " p50", "ms", {}, "bare commit p50", p50}, half, ratio(half, bare.p50_ms));
    report_.add({name + " p99", "ms", {}, "bare commit p50", p99}, most, ratio(most, bare.p50_ms));
}

}  // namespace resolute::bench
