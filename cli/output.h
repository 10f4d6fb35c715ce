// How the command line speaks: plain sentences and tables for people, JSON for programs, colours
// only on a terminal.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace resolute::cli {

// Exit codes, the same for every command.
inline constexpr int exit_ok = 0;
// the run faulted, the decision was refused, the command failed
inline constexpr int exit_failed = 1;
inline constexpr int exit_bad_input = 2;  // usage, files, JSON, YAML
inline constexpr int exit_cancelled = 3;
inline constexpr int exit_waiting = 4;    // still waiting when the time was over
inline constexpr int exit_unavailable = 5;  // no database, port in use

enum class Tone { plain, bold, good, bad, warn, dim };
std::string toned(Tone tone, std::string const& text);  // for standard output

void say(std::string const& line);                       // standard output
void complain(std::string const& line);                  // standard error
void print_json(Json const& value);                      // one line
void print_diagnostics(Diagnostics const& diagnostics, bool json);
void print_table(std::vector<std::string> const& header,
                 std::vector<std::vector<std::string>> const& rows);

}  // namespace resolute::cli
