// An engine as a user's process has it: YAML workflows, tools behind their gate, policies, store
// and console, wired by hand. The tools are functions of this process, so that only the engine is
// measured.
//
// Made and used by one thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/random.h"
#include "bench/watch.h"
#include "console/server.h"
#include "engine/shell/engine.h"
#include "engine/store/inbox.h"
#include "net/http_client.h"
#include "tools/tool_handler.h"
#include "workflow/interpreter.h"

namespace resolute::bench {

class Stand {
  public:
    Stand(std::string const& url, int committers);
    ~Stand();

    // A workflow of so many calls, one after the other, each with what the one before returned.
    WorkflowRef publish(std::string const& name, Effect effect, int steps);

    void start(WorkflowRef const& workflow);  // through the engine
    void start_by_http(WorkflowRef const& workflow);  // POST /api/v1/runs, returns with the answer

    Watch& watch() { return watch_; }
    std::uint64_t effects() const { return effects_; }  // calls of tools so far

  private:
    tools::Deployment deployment();
    shell::Database database();
    console::Surface surface();

    std::string url_;
    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    Watch watch_;
    std::atomic<std::uint64_t> effects_ = 0;
    std::map<std::string, std::shared_ptr<workflow::Definition const>>
        workflows_;  // by name; grows before use
    net::Runtime runtime_;
    net::HttpClient http_;
    store::ReadModel reads_;
    store::Inbox inbox_;
    std::unique_ptr<tools::ToolHandler> tools_;
    std::unique_ptr<shell::Engine> engine_;
    std::unique_ptr<console::Server> console_;
};

}  // namespace resolute::bench
