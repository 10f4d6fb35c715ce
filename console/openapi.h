// The API's description as it is served; the build makes its definition from console/openapi.json.
#pragma once

#include <string_view>

namespace resolute::console {

extern std::string_view const openapi_json;

}  // namespace resolute::console
