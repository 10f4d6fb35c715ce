#include "bench/fairness.h"

#include <algorithm>
#include <stdexcept>

#include "bench/bare.h"
#include "bench/queries.h"
#include "bench/server.h"

namespace resolute::bench {
namespace {

constexpr int ones = 60;
constexpr int many = 40;
constexpr int starts_at_once = 2'000;
constexpr int places = 8;  // as in the text below
constexpr char limited_text[] = R"(
document:
  dsl: 1.0.3
  namespace: bench
  name: limited
  version: 1.0.0
  metadata: { limits: [ { key: workflow, concurrency: 8 } ] }
do:
  - work: { wait: { milliseconds: 50 } }
)";

}  // namespace

Fairness::Fairness(std::string const& database, int committers, std::size_t queued, Report& report)
    : queued_(queued),
      report_(report),
      finishes_("bench/limited"),
      stand_(database, committers,
             {{}, [this](std::vector<Append> const& appends) { finishes_.committed(appends); }}),
      limited_(stand_.publish("limited", limited_text)),
      connection_({.url = database, .application = "bench fairness"}) {
    for (int run = 0; run < many; ++run) finishes_.wait_for(start_of("quiet"));
}

void Fairness::round() {
    auto const alone = delay_of_quiet();
    fill_queue();
    auto const before = waiting();
    auto const beside = delay_of_quiet();
    auto const after = waiting();
    if (after < before / 2) throw std::runtime_error("the queue was not there all the time");
    Target const bound{Target::Side::at_most, 2};
    report_.add({"fairness, runs that wait beside it", ""}, static_cast<double>(after));
    report_.add({"fairness, alone p50", "ms"}, alone.one_p50_ms);
    report_.add({"fairness, alone p99", "ms"}, alone.one_p99_ms);
    report_.add({"fairness, beside a queue p50", "ms", {}, "alone p50", bound}, beside.one_p50_ms,
                beside.one_p50_ms / alone.one_p50_ms);
    report_.add({"fairness, beside a queue p99", "ms", {}, "alone p99", bound}, beside.one_p99_ms,
                beside.one_p99_ms / alone.one_p99_ms);
    report_.add({"fairness, 40 at once, alone", "ms"}, alone.many_ms);
    report_.add({"fairness, 40 at once, beside a queue", "ms", {}, "alone"}, beside.many_ms,
                beside.many_ms / alone.many_ms);
}

Fairness::Delay Fairness::delay_of_quiet() {
    std::vector<double> each;
    for (int run = 0; run < ones; ++run) {
        auto const start = seconds_now();
        each.push_back((finishes_.wait_for(start_of("quiet")) - start) * 1e3);
    }
    auto const start = seconds_now();
    std::vector<RunId> runs;
    for (int run = 0; run < many; ++run) runs.push_back(start_of("quiet"));
    double last = start;
    for (auto const& run : runs) last = std::max(last, finishes_.wait_for(run));
    return {quantile(each, 0.5), quantile(each, 0.99), (last - start) * 1e3};
}

RunId Fairness::start_of(char const* tenant) {
    return stand_.start(limited_, Json::object(), tenant);
}

// In pieces, each when the one before is stored: more starts at once would be refused. Those that
// go on are neither waiting nor over, and no more than there are places.
void Fairness::fill_queue() {
    auto const before = waiting() + static_cast<std::int64_t>(stand_.watch().now().runs);
    std::int64_t started = 0;
    while (waiting() < static_cast<std::int64_t>(queued_)) {
        for (int i = 0; i < starts_at_once; ++i) start_of("busy");
        started += starts_at_once;
        auto const until = seconds_now() + 60;
        auto const stored = [&] {
            return static_cast<std::int64_t>(stand_.watch().now().runs) + waiting() - before;
        };
        while (stored() + places < started)
            if (seconds_now() > until) throw std::runtime_error("the queue does not fill");
    }
}

std::int64_t Fairness::waiting() {
    return connection_.run(queries::waiting_for_places).at(0, 0).integer();
}

}  // namespace resolute::bench
