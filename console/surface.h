// What the console needs from the process that serves it; the composition root fills it in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "console/run_view.h"
#include "engine/shell/engine.h"
#include "engine/store/read_model.h"

namespace resolute::console {

struct ModelFace {
    std::string name;
    std::string backend;
    bool scripted = false;
};

// A problem to be answered with: RFC 9457 members, and everything that is wrong with the input.
struct ApiProblem {
    int status = 500;
    std::string code;
    std::string title;
    std::string detail;
    std::string remedy;
    Diagnostics errors;
};

class Schedules;
class Versions;

struct Surface {
    shell::Engine& engine;
    store::ReadModel& reads;
    Clock const& clock;
    std::string version;
    std::string mode;                        // dev, serve
    std::vector<ModelFace> models;
    std::string assets;                      // folder with the built console; "" = API only
    // The deployed workflow of that name, checked against the input; the problem when it cannot be
    // started.
    std::function<std::variant<WorkflowRef, ApiProblem>(
        std::string const& name, std::string const& version, Json const& input)>
        prepare_start;
    KindOfStep kind_of;
    // The groups that a person belongs to; decides whose approval counts.
    std::function<std::vector<std::string>(std::string const& person)> groups_of;
    // Stores an event for whoever listens; false: its source and id are known already. May throw.
    std::function<bool(Json const& event)> post_event = nullptr;
    Schedules* schedules = nullptr;
    Versions const* versions = nullptr;
};

inline constexpr char tenant[] = "default";

}  // namespace resolute::console
