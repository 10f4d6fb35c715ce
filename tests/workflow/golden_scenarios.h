// What the recorded histories were recorded of: workflows, and what happened to a run of each.
#pragma once

#include <functional>

#include "tests/workflow/golden.h"

namespace resolute::testing {

struct Scenario {
    std::string name;
    std::string yaml;
    Json input;
    std::function<void(Driver&)> script;  // answers, before the start
    std::function<void(Driver&)> play;    // what happens after it
    std::string migrates_to = {};  // what it follows in the end, if not the same
};

inline void answer_all(Driver& driver) {
    driver.outside.answers = {{"judge", {good({{"amount", 5}, {"id", "c1"}})}},
                              {"pay", {good({{"amount", 5}})}},
                              {"left", {good({{"left", true}})}},
                              {"flaky", {bad(communication_failure("No route."))}},
                              {"remember", {good({{"id", "m1"}})}}};
}

std::vector<Scenario> scenarios_of_versions();  // runs that were forked or follow another version

}  // namespace resolute::testing
