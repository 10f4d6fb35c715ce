// Definitions as published: workflows, tools, servers and policies, immutable by digest, and which are in force.
//
// Thread-safe, blocking; throws StoreUnavailable while the database cannot be reached.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "engine/store/session.h"

namespace resolute::store {

struct DefinitionRow {
    std::string kind;      // workflow, tool, server, policy
    std::string name;
    std::string version;
    Digest digest;         // of the body's bytes
    std::string body;      // exactly as published
    Timestamp at;          // deployed, or published
};

class DefinitionStore {
  public:
    explicit DefinitionStore(std::string url);

    // In one transaction: stores what is new and puts it in force. With `whole`, names of the same kinds that are
    // not among these are no longer in force.
    enum class Extent { these, whole };
    void publish(std::string const& tenant, std::vector<DefinitionRow> const& definitions, Extent extent, std::string const& by, Timestamp at);

    std::vector<DefinitionRow> deployed(std::string const& tenant);
    std::optional<DefinitionRow> by_digest(std::string const& tenant, std::string const& kind, Digest const& digest);
    std::optional<DefinitionRow> by_name(std::string const& tenant, std::string const& kind, std::string const& name, std::string const& version = {});

  private:
    std::mutex mutex_;
    Session session_;
};

}  // namespace resolute::store
