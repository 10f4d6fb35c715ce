// fork: a new run that begins with what another one has done.
#include <thread>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "engine/fork.h"
#include "engine/names.h"

namespace resolute::cli {
namespace {

std::vector<Event> first_events(store::ReadModel& reads, RunId run) {
    std::vector<Event> events;
    while (events.size() < limits::forked_events) {
        auto const page = reads.history(run, events.size(), limits::list_page);
        if (page.empty()) break;
        for (auto const& event : page) events.push_back(decode(event));
    }
    return events;
}

// STEP=JSON, several times.
Result<std::map<std::string, Payload>> read_outputs(std::vector<std::string> const& texts) {
    std::map<std::string, Payload> outputs;
    for (auto const& text : texts) {
        auto const sign = text.find('=');
        if (sign == std::string::npos)
            return Diagnostic{.code = "malformed_json",
                              .message = "`" + text + "` is no STEP=JSON.",
                              .remedy = "Write --set 'order={\"found\": true}'.",
                              .file = {},
                              .pointer = {}};
        auto value = parse_json(text.substr(sign + 1), "--set " + text.substr(0, sign));
        if (!value) return value.diagnostics();
        outputs.insert_or_assign(text.substr(0, sign), Payload(*std::move(value)));
    }
    return outputs;
}

}  // namespace

int fork(Config const& config, ForkOptions const& options, bool json) {
    auto const outputs = read_outputs(options.outputs);
    if (!outputs) return print_diagnostics(outputs.diagnostics(), false), exit_bad_input;
    auto const database = open_database(config, MayStart::no);
    Outside outside(database.url);
    auto const origin = find_run(outside.reads, options.run);
    if (!origin) return exit_bad_input;
    auto start = plan_fork(origin->run, first_events(outside.reads, origin->run),
                           {options.at, options.case_id, options.by, *outputs});
    if (!start) return print_diagnostics(start.diagnostics(), false), exit_bad_input;
    auto const sequence = start->forked->sequence;
    auto const run = RunId::make(outside.clock.now(), *outside.random);
    outside.post(run, *std::move(start));
    auto const until = outside.clock.monotonic() + options.timeout;
    auto row = outside.reads.run(run);
    for (; !row && outside.clock.monotonic() < until; row = outside.reads.run(run))
        std::this_thread::sleep_for(std::chrono::milliseconds(limits::wait_poll_ms));
    if (json)
        print_json({{"run", to_string(run)},
                    {"origin", to_string(origin->run)},
                    {"sequence", sequence},
                    {"status", row ? Json(name(row->status)) : Json()}});
    else
        say("run " + to_string(run) + " begins with the first " + std::to_string(sequence) +
            " events of " + to_string(origin->run) +
            (row ? "" : "; nobody has taken it yet, is `resolute serve` running?"));
    return row ? exit_ok : exit_waiting;
}

}  // namespace resolute::cli
