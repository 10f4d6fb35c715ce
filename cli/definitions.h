// Published definitions as this process uses them: what is in force, and every workflow that a run
// is pinned to.
//
// Thread-safe; may block on the database. Throws std::runtime_error with a plain sentence when a
// definition cannot be had.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cli/config.h"
#include "cli/project.h"
#include "console/schedules.h"
#include "console/versions.h"
#include "engine/store/definitions.h"
#include "workflow/sdk/code.h"

namespace resolute::cli {

// What can be started by its name: a workflow of either kind.
struct Startable {
    WorkflowRef ref;
    std::optional<JsonSchema> input;
};

class Library {
  public:
    explicit Library(std::string const& database) : store_(database) {}

    // Stores what is new and puts it in force; with `whole`, what is in force and not among these
    // is withdrawn.
    enum class Extent { these, whole };
    void publish(std::vector<Source> const& sources, Extent extent, std::string const& by,
                 Timestamp at);

    std::vector<Source> in_force();
    // Contracts that were in force once and that open runs may still use.
    std::vector<tools::Contract> retired(std::vector<Source> const& current,
                                         tools::Environment const& environment);

    // Makes known what this program has as code, and puts it in force.
    void publish(sdk::Workflows const& code, std::string const& by, Timestamp at);

    std::shared_ptr<workflow::Definition const> workflow(Digest const& digest);
    // The one in force, or the latest of a version; nullptr when there is none.
    std::shared_ptr<workflow::Definition const> workflow(std::string const& name,
                                                         std::string const& version);
    // Of those that were published, in force or not, the latest of a version or the one whose
    // digest begins so; nullptr when there is none.
    std::shared_ptr<workflow::Definition const> published(std::string const& name,
                                                          std::string const& version_or_digest);
    std::vector<std::string> workflow_names();
    // Of either kind; code also where only another program has it.
    std::optional<Startable> startable(std::string const& name, std::string const& version);
    bool is_code(Digest const& digest);

  private:
    store::Definitions store_;
    std::mutex mutex_;
    std::map<Digest, std::shared_ptr<workflow::Definition const>> loaded_;  // guarded by mutex_
    std::set<Digest> code_;  // guarded by mutex_
};

// What people ask of the schedules of this database. The library and the clock must outlive it.
console::Schedules open_schedules(std::string const& database, Library& library,
                                  Clock const& clock);

// What runs did, against what is published here. Both must outlive it.
console::Versions versions_of(store::ReadModel& reads, Library& library);

Digest digest_of(Source const& source);
CompileOptions compile_options(Config const& config);

}  // namespace resolute::cli
