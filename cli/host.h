// The engine of one process, wired by hand: database, handlers, engine, console. The composition
// root.
//
// Made and used by one thread. Throws StoreUnavailable, net::CannotListen or InvalidInput from its
// constructor.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "cli/config.h"
#include "cli/definitions.h"
#include "cli/lifecycle.h"
#include "console/schedules.h"
#include "console/server.h"
#include "engine/shell/engine.h"
#include "engine/shell/notifications.h"
#include "engine/shell/scheduler.h"
#include "engine/store/inbox.h"
#include "inference/model_handler.h"
#include "memory/case_handler.h"
#include "memory/memory_handler.h"
#include "net/http_client.h"
#include "tools/policy_handler.h"
#include "tools/tool_handler.h"
#include "webhooks/courier.h"

namespace resolute::cli {

struct HostOptions {
    std::string mode = "serve";     // serve, dev
    bool console = true;
    std::string assets;             // folder of the built console
    // What this program has in C++ beside what is deployed; both outlive the host.
    sdk::Workflows const* code = nullptr;
    ActivityHandler* activities = nullptr;
};

class Host {
  public:
    Host(Config const& config, std::string const& database, HostOptions options);
    ~Host();

    std::string url() const { return console_ ? console_->url() : std::string(); }
    // Puts in force what is deployed now; problems are logged and the old stays.
    void reload();
    void stop();
    // Returns when SIGINT or SIGTERM comes.
    void wait_for_signal();

  private:
    void keep_up(std::stop_token stopping);
    void hear_for_webhooks();
    void start_courier();
    void bring_back(sdk::Workflows const& code);
    tools::Deployment load_deployment();
    // What a step is, for people and for those who are told of it.
    std::string kind_of(WorkflowRef const& ref, StepId const& step);
    console::Surface surface();
    shell::Database database();
    shell::Scheduler::Surroundings around_schedules();
    std::variant<WorkflowRef, console::ApiProblem> prepare_start(std::string const& name,
                                                                 std::string const& version,
                                                                 Json const& input);

    Config const& config_;
    std::string url_;
    HostOptions options_;
    SystemClock clock_;
    // Of the API and the console: with one thread, no part of a request waits for another to wake.
    net::Runtime front_;
    net::Runtime runtime_{4};  // reading one large answer must not hold up the others
    net::HttpClient http_;
    tools::McpServers mcp_;
    Library library_;
    store::ReadModel reads_;
    store::Inbox inbox_;
    Lifecycle lifecycle_;
    inference::Backends backends_;
    std::vector<console::ModelFace> models_;
    std::unique_ptr<tools::ToolHandler> tools_;
    std::unique_ptr<tools::PolicyHandler> policy_;
    std::unique_ptr<inference::ModelHandler> model_handler_;
    std::unique_ptr<memory::MemoryHandler> memory_;
    std::unique_ptr<memory::CaseHandler> cases_;
    std::unique_ptr<shell::Engine> engine_;
    console::Schedules schedules_;
    console::Versions versions_;
    std::unique_ptr<console::Server> console_;
    std::unique_ptr<shell::Scheduler> scheduler_;
    std::unique_ptr<webhooks::Courier> courier_;  // none without webhooks
    std::unique_ptr<shell::Notifications> notifications_;
    std::jthread upkeep_;  // the database's hourly chores
    bool stopped_ = false;
};

}  // namespace resolute::cli
