#include "bench/bare.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "bench/queries.h"
#include "bench/server.h"
#include "engine/ids.h"
#include "engine/store/run_rows.h"

namespace resolute::bench {

using store::Array;
using store::Type;

double quantile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    auto const last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(last * share + 0.5)];
}

Bare::Bare(std::string const& url, std::string const& workflow)
    : connection_({.url = url,
                   .application = "bench bare",
                   .plans = store::ConnectionOptions::Plans::fixed}) {
    auto const rows = connection_.run(queries::sample_bodies, store::Parameters().text(workflow));
    // Of bodies alone, so it does not matter whose they are.
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (auto& event : store::unpacked({}, store::history_row_at(rows, i)))
            bodies_.push_back(std::move(event.body));
    if (bodies_.empty()) throw std::runtime_error("no run of " + workflow + " is stored");
    connection_.run_script(queries::bare_table.sql);
}

double Bare::mean_body_bytes() const {
    auto const sum = std::accumulate(bodies_.begin(), bodies_.end(), std::size_t{0},
                                     [](auto n, auto const& body) { return n + body.size(); });
    return static_cast<double>(sum) / static_cast<double>(bodies_.size());
}

void Bare::clear() { connection_.run(queries::bare_clear); }

void Bare::insert(std::size_t rows) {
    Array run(Type::uuid), sequence(Type::int8), at(Type::time), kind(Type::int2),
        tenant(Type::text), chain(Type::bytes), body(Type::bytes);
    std::string const digest(32, 'c');
    auto const id = RunId::make(clock_.now(), *random_);
    for (std::size_t i = 0; i < rows; ++i) {
        run.add_uuid(id.value);
        sequence.add_integer(static_cast<std::int64_t>(i) + 1);
        at.add_time(clock_.now());
        kind.add_integer(7);
        tenant.add_text("default");
        chain.add_text(digest);
        body.add_text(bodies_[turn_++ % bodies_.size()]);
    }
    connection_.run(queries::bare_insert, store::Parameters()
                                              .array(run)
                                              .array(sequence)
                                              .array(at)
                                              .array(kind)
                                              .array(tenant)
                                              .array(chain)
                                              .array(body));
}

double Bare::rows_per_second(std::size_t batch, double seconds) {
    auto const start = seconds_now();
    double rows = 0;
    for (; seconds_now() - start < seconds; rows += static_cast<double>(batch)) insert(batch);
    return rows / (seconds_now() - start);
}

Bare::Commits Bare::one_row_commits(double seconds) {
    std::vector<double> milliseconds;
    auto const start = seconds_now();
    auto now = start;
    while (now - start < seconds) {
        auto const before = now;
        insert(1);
        now = seconds_now();
        milliseconds.push_back((now - before) * 1e3);
    }
    auto const count = static_cast<double>(milliseconds.size());
    return {count / (now - start), quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)};
}

}  // namespace resolute::bench
