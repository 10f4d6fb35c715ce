// The built-in tools behind `call: http`, one for each method, `http.get` to `http.delete`, and
// `openapi.operation` behind `call: openapi`.
//
// They go through the same gate as every tool: get, head and options are reads; the others are
// writes, denied unless a policy permits them. A write sends its key in `Idempotency-Key`, but
// nobody promises that the other side honours it, and nothing can be asked what became of it: when
// its answer is lost, a person says.
#pragma once

#include "tools/contract.h"

namespace resolute::tools {

std::vector<Contract> request_contracts(std::shared_ptr<Reach const> reach);

}  // namespace resolute::tools
