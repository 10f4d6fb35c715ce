// The road of a program that a workflow brings along: `run: shell` and `run: script`.
//
// It gets what the workflow gives it and nothing of the engine: no environment, no working folder.
// Thread-safe; `done` is called exactly once, on any thread.
#pragma once

#include "net/process.h"
#include "tools/dispatcher.h"

namespace resolute::tools {

void call_program(net::Runtime& runtime, Sending const& sending, ProgramCall const& call,
                  Clock const& clock, OnAnswer const& done);

// How it is started: the shell or interpreter, the program's text, its arguments.
std::vector<std::string> program_command(ProgramCall const& call, Json const& arguments);

// What the end of such a program means. An exit code other than 0 is the program's own word that it
// failed, unless the workflow asked for the code; a signal says nothing.
Answer program_answer(Contract const& contract, Json const& arguments, net::Exit const& exit,
                      std::string const& output, std::string const& errors);

}  // namespace resolute::tools
