// A workflow that is written in C++: its name, version, shapes and body, and which of them a
// program has.
//
// A run is pinned to the digest of what is declared here: name, version and the schemas of input
// and output. It says nothing of the body: a body that no longer asks for what a run recorded is
// found out when that run is replayed, and the run is set aside. Give a body that changes what open
// runs go through a new version, and keep the old one registered until they are over.
#pragma once

#include <memory>

#include "base/json_schema.h"
#include "engine/orchestrator.h"
#include "workflow/sdk/flow.h"

namespace resolute::sdk {

struct Code {
    WorkflowRef ref;
    JsonSchema input;
    JsonSchema output;
    std::function<Task<Payload>(Flow&, Payload const&)> body;

    // What is published: {code, name, version, input, output}. Its digest is the ref's.
    Json declaration() const;
};

// Throws InvalidInput for a name that is not `namespace/name`, or schemas that cannot be used.
Code declare(std::string const& name, std::string const& version, Json const& input,
             Json const& output, std::function<Task<Payload>(Flow&, Payload const&)> body);

namespace detail {

template <class Out, class In>
Task<Payload> typed(Task<Out> (*function)(Flow&, In), Flow& flow, Payload input) {
    In argument = from_value<In>(input.json());
    auto work = function(flow, std::move(argument));
    Out result = co_await work;
    co_return Payload(to_value(result));
}

}  // namespace detail

// A coroutine `Task<Out> refund(Flow&, In)` as a workflow.
template <class Out, class In>
Code workflow(std::string const& name, std::string const& version,
              Task<Out> (*function)(Flow&, In)) {
    auto body = [function](Flow& flow, Payload const& input) {
        return detail::typed<Out, In>(function, flow, input);
    };
    return declare(name, version, schema_of<In>(), schema_of<Out>(), std::move(body));
}

// What a program has. Not changed once an engine uses it.
class Workflows {
  public:
    // Throws std::logic_error when there is one with this name and version.
    void add(Code code);

    Code const* find(Digest const& digest) const;
    // The one added last, unless a version is named; nullptr when there is none.
    Code const* find(std::string const& name, std::string const& version) const;
    std::vector<std::shared_ptr<Code const>> const& all() const { return all_; }
    std::unique_ptr<Orchestrator const> orchestrator(Digest const& digest) const;  // or nullptr

  private:
    std::vector<std::shared_ptr<Code const>> all_;
};

}  // namespace resolute::sdk
