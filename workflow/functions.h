// Our functions: what stands in the `with` of `call: tool`, `model`, `policy`, `memory`,
// `approval`, `timer` and `map`.
//
// Internal to the loader. The first four make the request that the handler of their kind will get
// once it is evaluated:
//   tool    {tool, arguments}
//   model   {model, instructions, input, output?, limits?: {tokens}, fallback?}
//   policy  {policy, input}
//   memory  {op, scope, subject, key?, query?, value?, source?, limit?}
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

Call read_tool(Reading& reading, Fields& with);
Call read_model(Reading& reading, Fields& with);
Call read_policy(Reading& reading, Fields& with);
Call read_memory(Reading& reading, Fields& with);
Call read_case(Reading& reading, Fields& with);
Ask read_approval(Reading& reading, Fields& with);
Map read_map(Reading& reading, Fields& with);  // read_run.cpp
Wait read_timer(Reading& reading, Fields& with);

}  // namespace resolute::workflow
