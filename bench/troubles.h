// What may go wrong around an engine, each as something that goes on while it lives: a tool that
// hangs, messages that cannot be read, payloads of a hundred megabytes, clients that dribble.
//
// Made and destroyed by the measuring thread; each has threads of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/stand.h"

namespace resolute::bench {

class Trouble {
  public:
    virtual ~Trouble() = default;
    // How much of it there has been; nothing is measured where there was none.
    virtual std::uint64_t happened() const = 0;
};

// The systems behind the stand's tools `bench.hang`, which never answers, and `bench.huge`, which
// answers a hundred megabytes.
class BadSystems {
  public:
    BadSystems();
    ~BadSystems();
    std::vector<std::string> contracts() const;
    std::uint64_t hanging() const;
    std::uint64_t huge_answers() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// `runs` runs of a tool that hangs, started when this is made.
std::unique_ptr<Trouble> hanging_tool(Stand& stand, BadSystems& systems,
                                      WorkflowRef const& workflow, int runs);
// Rows in the inbox that are no messages, and signals to runs that do not exist, all the time.
std::unique_ptr<Trouble> poison_messages(Stand& stand, std::string const& database);
// Bodies of a hundred megabytes to the API, announced and in pieces, and runs whose tool answers as
// much, all the time.
std::unique_ptr<Trouble> huge_payloads(Stand& stand, BadSystems& systems,
                                       WorkflowRef const& workflow);
std::unique_ptr<Trouble> slow_clients(Stand& stand, int count);

}  // namespace resolute::bench
