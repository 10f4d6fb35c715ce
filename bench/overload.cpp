#include "bench/overload.h"

#include <algorithm>
#include <stdexcept>

#include "bench/bare.h"
#include "bench/memory.h"
#include "bench/server.h"

namespace resolute::bench {
namespace {

constexpr int hanging_runs = 1'000;
constexpr int clients = 1'200;  // more than the server takes
constexpr int warm_up = 50;
// Of the same engine, a moment before: other work on this machine makes some of it.
constexpr double at_most_times = 5;
constexpr char probed[] = "overload-one";

}  // namespace

Overload::Overload(std::string const& database, int committers, double seconds, Report& report)
    : database_(database),
      seconds_(seconds),
      report_(report),
      finishes_(std::string("bench/") + probed),
      stand_(database, committers,
             {systems_.contracts(),
              [this](std::vector<Append> const& appends) { finishes_.committed(appends); }}),
      one_read_(stand_.publish(probed, Effect::read, 1)),
      hang_(stand_.publish_call("overload-hang", "bench.hang")),
      huge_(stand_.publish_call("overload-huge", "bench.huge")) {
    for (int run = 0; run < warm_up; ++run) finishes_.wait_for(stand_.start_by_http(one_read_));
}

void Overload::round() {
    measure("slow clients", [this] { return slow_clients(stand_, clients); });
    measure("poison", [this] { return poison_messages(stand_, database_); });
    measure("payloads", [this] { return huge_payloads(stand_, systems_, huge_); });
    measure("hanging tool", [this] { return hanging_tool(stand_, systems_, hang_, hanging_runs); });
}

Overload::Latency Overload::probe(double seconds) {
    std::vector<double> each;
    auto const until = seconds_now() + seconds;
    do {
        auto const start = seconds_now();
        auto const run = stand_.start_by_http(one_read_);
        each.push_back((finishes_.wait_for(run) - start) * 1e3);
    } while (seconds_now() < until);
    return {quantile(each, 0.5), quantile(each, 0.99)};
}

void Overload::measure(std::string const& trouble, Begin const& begin) {
    auto const before = probe(seconds_);
    auto const memory = resident_bytes();
    auto const going_on = begin();
    probe(seconds_ * 0.2);  // until it is in full swing
    auto const during = probe(seconds_);
    auto const grown = std::max(0.0, resident_bytes() - memory);
    if (going_on->happened() == 0)
        throw std::runtime_error("overload by " + trouble +
                                 " did not happen: nothing was measured");
    auto const kind = "overload, " + trouble;
    report_.add({kind + ": quiet p50", "ms"}, before.p50_ms);
    report_.add({kind + ": quiet p99", "ms"}, before.p99_ms);
    Target const bound{Target::Side::at_most, at_most_times};
    report_.add({kind + ": p50", "ms", {}, "quiet p50", bound}, during.p50_ms,
                during.p50_ms / before.p50_ms);
    report_.add({kind + ": p99", "ms", {}, "quiet p99", bound}, during.p99_ms,
                during.p99_ms / before.p99_ms);
    report_.add({kind + ": times", ""}, static_cast<double>(going_on->happened()));
    report_.add({kind + ": memory", "MiB"}, grown / (1 << 20));
}

}  // namespace resolute::bench
