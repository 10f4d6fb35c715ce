// Published definitions (workflows, tools, policies, servers): immutable by digest, and which one
// is in force.
//
// Thread-safe: one connection behind a mutex; every call blocks and throws StoreUnavailable while
// the database cannot be reached. Every call is harmless to repeat.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/schedule.h"
#include "engine/store/session.h"

namespace resolute::store {

struct Definition {
    std::string kind;          // workflow, tool, policy, server, project
    std::string name;
    std::string version;
    Digest digest;             // names the body; the publisher says how it is computed
    std::string body;          // the text as it was written
    Timestamp published_at;
    std::string published_by;
};

struct Deploy {
    std::string kind;
    std::string name;
    Digest digest;             // of a published definition
    Timestamp at;
    std::string by;
    std::optional<SchedulePlan> schedule = {};  // of a workflow: comes into force with it
};

class Definitions {
  public:
    Definitions(std::string url, std::string tenant = "default");

    void publish(Definition const& definition);
    // Puts a published one in force and tells listeners. Throws std::invalid_argument when nothing
    // of this kind, name and digest was published.
    void deploy(Deploy const& deploy);
    void withdraw(std::string const& kind, std::string const& name);

    std::optional<Definition> find(std::string const& kind, Digest const& digest);
    std::optional<Definition> current(std::string const& kind, std::string const& name);
    std::vector<Definition> current(std::string const& kind);  // by name
    std::vector<Definition> versions(std::string const& kind,
                                     std::string const& name);  // newest first

  private:
    std::vector<Definition> ask(Query const& query, Parameters const& parameters);

    std::string tenant_;
    std::mutex mutex_;
    Session session_;
};

}  // namespace resolute::store
