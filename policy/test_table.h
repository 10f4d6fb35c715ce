// Tests of policies, written as a table beside them: a request, and what must be decided.
//
// `given` is the request that all tests share; each test's `when` is merged into it (RFC 7396).
#pragma once

#include <string>
#include <vector>

#include "policy/set.h"

namespace resolute::policy {

struct TestOutcome {
    std::string file;
    int line = 0;
    std::string name;
    bool passed = false;
    std::string problem;  // one sentence when it failed
    Decision decision;
};

// Runs every test of the files (`policies/*.test.yaml`), in order. Problems in the files come all
// at once.
Result<std::vector<TestOutcome>> run_tests(Set const& set, std::vector<File> const& files);

}  // namespace resolute::policy
