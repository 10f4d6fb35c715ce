// Random valid workflow definitions, as YAML text: branches, loops, forks, timers, tries,
// approvals, events, runs over lists and calls of every class of tool, some of which can be undone.
//
// The same chance gives the same text. Every loop, retry and wait is bounded, so that every run of
// them can come to an end. Expressions stay within what is evaluated natively.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "tests/simulation/toolbox.h"

namespace resolute::simulation {

class WorkflowGenerator {
  public:
    WorkflowGenerator(Random& random, Toolbox const& tools) : random_(random), tools_(tools) {}

    // `name` becomes the document's; the namespace is "generated".
    std::string workflow(std::string const& name);

  private:
    enum class Kind {
        call,
        set,
        wait,
        choose,
        loop,
        fork,
        attempt,
        raise,
        ask,
        group,
        emit,
        listen,
        start,
        sweep
    };

    void block(int depth, int indent);
    void step(std::string const& name, std::vector<std::string> const& later, int depth,
              int indent);
    Kind kind(int depth);
    void call(std::string const& name, int indent);
    void choose(std::vector<std::string> const& later, int indent);
    void loop(int depth, int indent);
    void fork(int depth, int indent);
    void attempt(int depth, int indent);
    void raise(int indent);
    void ask(int indent);
    void emit(int indent);
    void listen(int depth, int indent);
    std::string event_filter();
    void start(std::string const& name, int indent);
    void sweep(std::string const& name, int indent);
    std::string event_type();

    void limit(int indent);
    std::string places();
    void line(int indent, std::string const& text);
    std::string condition();
    std::string number(std::uint64_t below);
    bool maybe(double probability) { return random_.unit() < probability; }

    Random& random_;
    Toolbox const& tools_;
    std::string text_;
    std::vector<std::string> numbers_;  // expressions of numbers in outputs of earlier steps
    int names_ = 0;
    int forks_around_ = 0;
    int repeats_around_ = 0;  // loops and tries
    int listening_around_ = 0;  // steps that do this for each event
};

}  // namespace resolute::simulation
