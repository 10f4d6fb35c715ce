// All policies in force, compiled: answers whether one tool call may happen.
//
// Immutable, cheap to copy (shared), safe to use from many threads. `decide` does no I/O and never
// throws: whatever goes wrong inside it denies.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "policy/decision.h"
#include "policy/reader.h"

namespace resolute::policy {

struct SetOptions {
    Tools tools;                       // every tool that may be called
    std::set<std::string>
        obligations; // what the caller keeps; anything else that a rule asks for denies
};

class Set {
  public:
    Set();  // no rules: only reads of no tool at all are permitted, so nothing is

    // All problems of all files at once. No files is a valid set, which lets only reads through.
    static Result<Set> compile(std::vector<File> const& files, SetOptions options);

    Decision decide(Request const& request) const noexcept;
    // As if the policy of this name were the only one.
    Decision decide(Request const& request, std::string const& policy) const noexcept;

    // What is recorded of a call of a tool that only reads and of which no rule speaks: it passes,
    // whatever it asks for. Null when the rules must be asked. Its reasons would be longer than
    // itself, so they are left out.
    Payload const* permitted_read(std::string const& tool) const;

    // SHA-256 over name, version and text of every policy, sorted by name.
    Digest digest() const;
    Diagnostics const& warnings() const;
    Tools const& tools() const;
    std::vector<std::string> policies() const;  // names
    std::vector<std::string> rules() const;  // names
    Json document() const;  // [{name, version, text}]: what the digest covers

  private:
    struct Compiled;
    std::shared_ptr<Compiled const> compiled_;
};

}  // namespace resolute::policy
