// libjq, and nothing else: compiles programs once and runs them on JSON text.
//
// libjq aborts the process when memory runs out, recurses without bound and cannot be interrupted,
// so this runs only inside the processes of jq_process.h.
#pragma once

#include <list>
#include <string>
#include <string_view>

struct jq_state;

namespace resolute::workflow {

enum class JqEnding : char {
    value,           // text: the one value, as JSON
    none,            // the program yields no value
    several,         // the program yields more than one value
    failed,          // text: jq's own words
    not_compiled,    // text: jq's own words
    too_large,       // the value is longer than limits::expression_result_bytes
    out_of_time,     // the process had to be ended
    out_of_memory,   // the process died, of memory or stack as a rule
    unavailable,     // no process could be started; text: why
};

struct JqAnswer {
    JqEnding ending;
    std::string text;
};

// A bounded collection of compiled programs. One thread.
class Jq {
  public:
    Jq() = default;
    Jq(Jq const&) = delete;
    ~Jq();

    // Compiles the program unless it is known; none means that it is ready.
    JqAnswer compile(std::string const& program);
    // Runs a program that is ready.
    JqAnswer run(std::string_view input);

  private:
    struct Compiled {
        std::string program;
        jq_state* state;
    };
    std::list<Compiled> recent_;  // the one that is ready first
};

}  // namespace resolute::workflow
