#include "bench/growth.h"

#include "bench/queries.h"

namespace resolute::bench {
namespace {

constexpr std::uint64_t events_per_run = 13;  // of the chain whose bodies fill the table
constexpr int steps_per_turn = 2;

}  // namespace

Growth::Growth(Server& server, Stand& stand, GrowthOptions options, Report& report)
    : server_(server),
      stand_(stand),
      options_(std::move(options)),
      report_(report),
      connection_({.url = server.url(),
                   .application = "bench growth",
                   .statement_timeout = std::chrono::hours(2)}),
      loop_(stand.publish_loop("long-loop")) {}

void Growth::fill(std::uint64_t events, std::string const& workflow) {
    auto const there = connection_.run(queries::stored_events).at(0, 0).integer();
    auto const missing = static_cast<std::int64_t>(events) - there;
    if (missing <= 0) return;
    connection_.run(queries::fill_events,
                    store::Parameters()
                        .int8(missing / static_cast<std::int64_t>(events_per_run) + 1)
                        .text(workflow));
}

void Growth::stored(std::string const& sample, std::function<void(std::uint64_t)> const& measure) {
    for (auto const events : options_.stored) {
        fill(events, sample);
        measure(events);
    }
}

// Of all steps of one run; the reads run ahead of their commits, so parts of a run say nothing.
double Growth::cpu_per_step(int turns) {
    Json items = Json::array();
    for (int turn = 0; turn < turns; ++turn) items.push_back(turn);
    auto& watch = stand_.watch();
    auto const runs = watch.now().runs;
    auto const usage = server_.usage();
    stand_.start(loop_, Json{{"turns", std::move(items)}});
    watch.beyond(runs);
    return (server_.usage() - usage).engine_cpu_s * 1e6 / (steps_per_turn * turns);
}

void Growth::long_run() {
    auto const short_run = cpu_per_step(options_.turns / 10);
    auto const long_run = cpu_per_step(options_.turns);
    auto name = [](int turns) {
        return "one run of " + std::to_string(steps_per_turn * turns) + " steps, CPU per step";
    };
    report_.add({name(options_.turns / 10), "us"}, short_run);
    report_.add(
        {name(options_.turns), "us", {}, "a tenth of it", Target{Target::Side::at_most, 1.25}},
        long_run, short_run > 0 ? long_run / short_run : 0);
}

}  // namespace resolute::bench
