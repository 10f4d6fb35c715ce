// A tool that is a program: arguments on its standard input, result on its standard output, one
// JSON text each.
//
// Exit code 0 = done. 65 = refused, surely nothing was done. 75 = surely nothing was done, try
// again later. (These are EX_DATAERR and EX_TEMPFAIL of sysexits.) Anything else, a signal or a
// timeout leave it open.
#pragma once

#include <functional>

#include "base/limits.h"
#include "net/process.h"
#include "tools/dispatcher.h"

namespace resolute::tools {

// What is started, what it reads, and what its end means.
struct Program {
    net::ProcessOptions options;
    std::string input;
    // Of what it prints to standard error: the first lines tell enough, or, with the bound of an
    // answer, more is too much.
    std::size_t most_error_bytes = limits::tool_excerpt_bytes;
    std::function<Answer(net::Exit const&, std::string const& output, std::string const& errors)>
        answer = nullptr;
};

// Until it ends or its time is over; then it is stopped.
void run_program(net::Runtime& runtime, Sending const& sending, Program program, Clock const& clock,
                 OnAnswer const& done);

void call_process(net::Runtime& runtime, Sending const& sending, ProcessCall const& call,
                  Clock const& clock, OnAnswer const& done);

// What the end of such a program means.
Answer process_answer(Contract const& contract, net::Exit const& exit, std::string const& output,
                      std::string const& errors);

}  // namespace resolute::tools
