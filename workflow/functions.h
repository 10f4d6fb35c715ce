// Our functions: what stands in the `with` of `call: tool`, `model`, `policy`, `memory` and
// `approval`.
//
// Internal to the loader. Each makes the request that the handler of its kind will get once it is
// evaluated:
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
Ask read_approval(Reading& reading, Fields& with);

}  // namespace resolute::workflow
