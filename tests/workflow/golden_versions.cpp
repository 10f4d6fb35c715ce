// Runs that were forked, and runs that came to follow another version.
#include "tests/workflow/golden_scenarios.h"

using std::chrono::seconds;

namespace resolute::testing {
namespace {

// What waits where a run is forked: for so long, for a moment, within a time.
std::string const forks = document(R"(
timeout: { after: P1D }
do:
  - order: { set: { total: '${ .n }' } }
  - both:
      fork:
        branches:
          - limited:
              timeout: { after: PT2H }
              do: [ { nap: { wait: PT1H } } ]
          - moment: { call: timer, with: { until: '2023-11-20T00:00:00Z' } }
          - quick: { do: [ { rest: { wait: PT5M } }, { told: { set: { quick: true } } } ] }
  - pay: { call: tool, with: { tool: left, arguments: { amount: '${ $tasks.order.total }' } } }
)");

// A run that slept when it was given another version, and was paused before that.
std::string const migrations_before = steps(R"(
  - pay: { call: tool, with: { tool: left } }
  - nap: { wait: PT1H }
  - tell: { set: { told: 1 } }
)");
std::string const migrations = steps(R"(
  - pay: { call: tool, with: { tool: left } }
  - nap: { wait: PT1H }
  - tell: { set: { told: 2 } }
  - again: { wait: PT1M }
)");

}  // namespace

std::vector<Scenario> scenarios_of_versions() {
    return {{"forks",
             forks,
             {{"n", 5}},
             answer_all,
             [](Driver& d) {
                 d.advance(seconds(300));
                 auto const place = std::to_string(d.history.size());
                 d.now = d.now + seconds(86'400);
                 d.fork_off({.at = place, .case_id = "again", .by = "ann"});
                 d.advance(seconds(600));
                 d.signal("note", {{"by", "bob"}});
                 auto const later = std::to_string(d.history.size());
                 d.now = d.now + seconds(864'000);
                 d.fork_off({.at = later, .by = "eve", .outputs = {{"order", Json{{"total", 9}}}}});
                 d.advance(seconds(0));
                 d.advance(seconds(2'700));
             }},
            {"migrations",
             migrations_before,
             {{"n", 1}},
             answer_all,
             [](Driver& d) {
                 d.pause();
                 CHECK(d.unpause().empty());
                 d.advance(seconds(60));
                 d.migrate_to(Driver(migrations));
                 d.advance(seconds(3'600));
                 d.advance(seconds(60));
             },
             migrations}};
}

}  // namespace resolute::testing
