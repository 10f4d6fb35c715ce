// The JSON Schema by which an editor completes and checks the workflows of a project: our language,
// and the tools, models and policies that this project has.
//
// Draft 07, which editors' language servers understand. It helps while writing; `resolute lint` is
// what decides.
#pragma once

#include <string_view>

#include "cli/config.h"
#include "cli/project.h"

namespace resolute::cli {

// The language alone; the build makes its definition from cli/editor_schema.json.
extern std::string_view const editor_schema_text;

Json editor_schema(Compiled const& project, Config const& config);

}  // namespace resolute::cli
