// A workflow in C++ in the same driver as those in YAML.
#pragma once

#include "tests/workflow/driver.h"
#include "workflow/sdk/coroutines.h"

namespace resolute::testing {

template <class Out, class In>
Driver code_driver(sdk::Task<Out> (*function)(sdk::Flow&, In),
                   std::size_t kept = limits::resident_coroutines) {
    auto code = std::make_shared<sdk::Code const>(sdk::workflow("test/flow", "1.0.0", function));
    return Driver(std::make_shared<sdk::Coroutines>(code, kept), code->ref);
}

}  // namespace resolute::testing
