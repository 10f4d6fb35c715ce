#include "bench/growth.h"

#include "bench/queries.h"

namespace resolute::bench {
namespace {

constexpr std::uint64_t events_per_run = 13;  // of the chain whose bodies fill the table
constexpr int events_per_turn = 3;

// Two steps a turn: a read and what is made of its answer.
std::string loop_text(std::string const& name) {
    return "document: { dsl: 1.0.3, namespace: bench, name: " + name +
           ", version: 1.0.0 }\n"
           "do:\n"
           "  - turns:\n"
           "      for: { in: '${ .turns }' }\n"
           "      do:\n"
           "        - look: { call: tool, with: { tool: bench.look,"
           " arguments: { turn: '${ $index }' } } }\n"
           "        - note: { set: { turn: '${ .turn }' } }\n";
}

double per_event(Usage const& usage, Committed const& committed) {
    return usage.engine_cpu_s * 1e6 /
           static_cast<double>(std::max<std::uint64_t>(1, committed.events));
}

}  // namespace

Growth::Growth(Server& server, Stand& stand, GrowthOptions options, Report& report)
    : server_(server),
      stand_(stand),
      options_(std::move(options)),
      report_(report),
      connection_({.url = server.url(),
                   .application = "bench growth",
                   .statement_timeout = std::chrono::hours(2)}),
      loop_(stand.publish("long-loop", loop_text("long-loop"))) {}

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

void Growth::long_run() {
    Json turns = Json::array();
    for (int turn = 0; turn < options_.turns; ++turn) turns.push_back(turn);
    auto const all = static_cast<std::uint64_t>(options_.turns) * events_per_turn;
    auto& watch = stand_.watch();
    auto const first = watch.now();
    stand_.start(loop_, Json{{"turns", std::move(turns)}});
    auto cost_between = [&](double from, double to) {
        auto events_at = [&](double share) {
            return first.events + static_cast<std::uint64_t>(share * static_cast<double>(all));
        };
        auto const before = watch.until_events(events_at(from));
        auto const usage = server_.usage();
        auto const after = watch.until_events(events_at(to));
        return per_event(server_.usage() - usage, after - before);
    };
    auto const begin = cost_between(0.1, 0.3);
    auto const end = cost_between(0.7, 0.9);
    watch.beyond(first.runs);
    auto const steps = std::to_string(2 * options_.turns);
    report_.add({"long run of " + steps + " steps, CPU per event", "us"}, begin);
    report_.add({"long run, the same near its end",
                 "us",
                 {},
                 "its beginning",
                 Target{Target::Side::at_most, 1.25}},
                end, begin > 0 ? end / begin : 0);
}

}  // namespace resolute::bench
