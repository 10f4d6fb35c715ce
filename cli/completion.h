// Tab completion for shells, made from the table of commands itself, so that it never lags behind.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace resolute::cli {

// The script for bash, zsh or fish; "" for any other shell. Names of workflows are asked of
// `resolute completion workflows` when they are needed.
std::string completion_script(CLI::App const& app, std::string const& shell);

}  // namespace resolute::cli
