// What A2A 1.0 says otherwise than 0.3: a workflow speaks as 0.3 does, whichever its agent speaks.
//
// Pure. Both ways what is in the other's words already, and what neither has, is left as it is.
// Words of 1.0: specification/a2a.proto of 1.0.1, in ProtoJSON.
#pragma once

#include <string>

#include "base/json.h"

namespace resolute::tools {

inline constexpr char agent_version_1[] = "1.0";

// Of a method of 0.3: "message/send" is "SendMessage". One that 1.0 has no other name for is
// itself.
std::string method_in_1_0(std::string const& method);
Json parameters_in_1_0(std::string const& method, Json parameters);
// A result of 1.0, or one of a stream, as 0.3 has it. The extended card stays as it is.
Json result_in_0_3(std::string const& method, Json result);

}  // namespace resolute::tools
