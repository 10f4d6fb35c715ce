// Every tool that may be called, by name and by digest, checked against each other. Immutable,
// thread-safe to read.
//
// A run calls the current contract of a name; an activity that has begun goes on with the contract
// of its digest, so retired contracts stay until no open run needs them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/rule.h"
#include "tools/contract.h"
#include "tools/function.h"
#include "tools/server.h"

namespace resolute::tools {

class Registry {
  public:
    struct Parts {
        std::vector<Contract> contracts;
        std::vector<Function> functions;  // those that no contract calls become tools of their own
        std::vector<Server> servers;
        std::vector<Contract> retired;  // of earlier deployments, no longer for new calls
    };

    // Refused, all at once: names declared twice, a `verify` or `call` that leads nowhere, a
    // `verify` that is no read.
    static Result<std::shared_ptr<Registry const>> make(Parts parts);

    Contract const* find(std::string_view name) const;
    Contract const* find(Digest const& digest) const;  // current or retired
    Function const* function(std::string const& name) const;
    Server const* server(std::string const& name) const;

    std::vector<Contract const*> current() const;  // by name
    std::vector<std::string> names() const;  // without those that are built in
    std::vector<Server> servers() const;
    std::vector<Contract> all_contracts() const;  // for the `retired` of the next deployment
    policy::Tools for_policies() const;

    // The system that a call of this contract reaches: part of what is approved. "" for a function.
    std::string identity_of(Contract const& contract) const;

  private:
    Registry() = default;
    void check(Contract const& contract, Diagnostics& problems) const;

    std::map<std::string, std::shared_ptr<Contract const>, std::less<>> by_name_;
    std::map<Digest, std::shared_ptr<Contract const>> by_digest_;
    std::map<std::string, Function> functions_;
    std::map<std::string, Server> servers_;
};

}  // namespace resolute::tools
