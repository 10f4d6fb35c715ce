#include "bench/large.h"

#include <stdexcept>

#include "bench/memory.h"

namespace resolute::bench {
namespace {

constexpr int smaller = 10;  // times, of what each large thing is compared with
constexpr double flat = 1.5;
constexpr double mebibyte = 1 << 20;

std::string head(std::string const& name) {
    return "document: { dsl: 1.0.3, namespace: bench, name: " + name + ", version: 1.0.0 }\ndo:\n";
}

std::string turn_text() {
    return head("loop") +
           "  - turns:\n"
           "      for: { in: '${ .turns }' }\n"
           "      do: [ { note: { set: { turn: '${ $item }' } } } ]\n";
}

std::string sweep_text() {
    return head("sweep") +
           "  - sweep:\n"
           "      call: map\n"
           "      with: { workflow: { namespace: bench, name: one }, items: '${ .items }',"
           " concurrency: 100 }\n";
}

std::string pass_on_text() {
    return head("pass-on") +
           "  - keep: { set: { document: '${ .document }' } }\n"
           "  - rest: { wait: { milliseconds: 1 } }\n"
           "  - size: { set: { kept: true } }\n";
}

std::string fork_text(int branches) {
    auto text = "document: { dsl: 1.0.3, namespace: bench, name: fork-" + std::to_string(branches) +
                ", version: 1.0.0 }\n"
                "use: { functions: { look: { call: tool,"
                " with: { tool: bench.look, arguments: { turn: 1 } } } } }\n"
                "do:\n  - all:\n      fork:\n        branches:\n";
    for (int i = 0; i < branches; ++i)
        text += "          - b" + std::to_string(i) + ": { call: look }\n";
    return text;
}

Json numbers(int count) {
    auto list = Json::array();
    for (int i = 0; i < count; ++i) list.push_back(i);
    return list;
}

}  // namespace

Large::Large(Server& server, int committers, Sizes sizes, Report& report)
    : server_(server),
      sizes_(sizes),
      report_(report),
      stand_(server.url(), committers),
      look_(stand_.publish_loop("long-loop")),
      turn_(stand_.publish("loop", turn_text())),
      one_(stand_.publish("one", head("one") + "  - done: { set: { done: true } }\n")),
      sweep_(stand_.publish("sweep", sweep_text())),
      pass_on_(stand_.publish("pass-on", pass_on_text())) {}

void Large::round() {
    steps();
    turns();
    branches();
    items();
    payload();
}

// Until all these runs have completed: the one that is started, and those that it starts.
Large::Cost Large::cost_of(WorkflowRef const& workflow, Json input, std::uint64_t runs,
                           double parts) {
    auto& watch = stand_.watch();
    auto const before = watch.now().runs;
    MemoryPeak const peak;
    auto const usage = server_.usage();
    stand_.start(workflow, std::move(input));
    for (auto done = before; done < before + runs;) done = watch.beyond(done).runs;
    auto const used = server_.usage() - usage;
    return {used.engine_cpu_s * 1e6 / parts, used.server_cpu_s * 1e6 / parts, peak.grown_bytes()};
}

void Large::compare(std::string const& what, Cost const& few, Cost const& many, double bound) {
    Target const target{Target::Side::at_most, flat};
    report_.add({what + ": engine CPU of each", "us", {}, "of a tenth", target}, many.engine_us,
                few.engine_us > 0 ? many.engine_us / few.engine_us : 0);
    report_.add({what + ": server CPU of each", "us"}, many.server_us);
    report_.add({what + ": memory at most", "MiB", Target{Target::Side::at_most, bound}},
                many.peak_bytes / mebibyte);
}

void Large::steps() {
    auto const cost = [&](int turns) {
        return cost_of(look_, Json{{"turns", numbers(turns)}}, 1, 2.0 * turns);
    };
    auto const few = cost(sizes_.turns / smaller);
    compare("a run of " + std::to_string(2 * sizes_.turns) + " steps", few, cost(sizes_.turns),
            256);
}

void Large::turns() {
    auto const turns = sizes_.turns / 5;
    auto const cost = [&](int count) {
        return cost_of(turn_, Json{{"turns", numbers(count)}}, 1, count);
    };
    auto const few = cost(turns / smaller);
    compare("a loop of " + std::to_string(turns) + " turns", few, cost(turns), 128);
}

void Large::branches() {
    auto const cost = [&](int count) {
        auto const workflow = stand_.publish("fork-" + std::to_string(count), fork_text(count));
        return cost_of(workflow, Json::object(), 1, count);
    };
    auto const few = cost(sizes_.branches / smaller);
    compare("a fork of " + std::to_string(sizes_.branches) + " branches", few,
            cost(sizes_.branches), 256);
}

void Large::items() {
    auto const cost = [&](int count) {
        return cost_of(sweep_, Json{{"items", numbers(count)}},
                       static_cast<std::uint64_t>(count) + 1, count);
    };
    auto const few = cost(sizes_.items / smaller);
    compare("a map over " + std::to_string(sizes_.items) + " items", few, cost(sizes_.items), 256);
}

// In by the API, through two steps and a wait, and out again: what a page of the console gets, and
// all of it.
void Large::payload() {
    auto const size = sizes_.payload - 64;  // {"document":"…"}
    Json const input{{"document", std::string(size, 'x')}};
    auto const what = "a payload of " + std::to_string(sizes_.payload >> 20) + " MiB";
    auto& watch = stand_.watch();
    auto const runs = watch.now().runs;
    MemoryPeak const peak;
    auto const begin = seconds_now();
    auto const run = to_string(stand_.start_by_http(pass_on_, input));
    report_.add({what + ": started in", "ms"}, (seconds_now() - begin) * 1e3);
    watch.beyond(runs);
    report_.add({what + ": over after", "ms"}, (seconds_now() - begin) * 1e3);
    auto const asked = seconds_now();
    auto const page = stand_.get("/api/v1/runs/" + run).size() +
                      stand_.get("/api/v1/runs/" + run + "/history?limit=500").size();
    report_.add({what + ": its run and history shown in", "ms"}, (seconds_now() - asked) * 1e3);
    report_.add({what + ": … with so much", "KiB", Target{Target::Side::at_most, 256}},
                static_cast<double>(page) / 1024);
    auto const whole =
        parse_json(stand_.get("/api/v1/runs/" + run + "/history?limit=1&extent=whole")).value();
    if (whole.at("items").at(0).at("body").at("input") != input)
        throw std::runtime_error("the payload came back changed");
    report_.add({what + ": memory at most", "MiB"}, peak.grown_bytes() / mebibyte);
}

}  // namespace resolute::bench
