// An engine as a user's process has it: YAML workflows, tools behind their gate, policies, store
// and console, wired by hand. The tools are functions of this process, so that only the engine is
// measured.
//
// Made and used by one thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/random.h"
#include "bench/watch.h"
#include "console/server.h"
#include "engine/shell/engine.h"
#include "engine/shell/notifications.h"
#include "engine/store/inbox.h"
#include "net/http_client.h"
#include "tools/tool_handler.h"
#include "workflow/interpreter.h"

namespace resolute::bench {

class Stand {
  public:
    struct Extras {
        std::vector<std::string> contracts;  // of tools outside, in YAML
        std::function<void(std::vector<Append> const&)> committed;  // told besides the watch
    };
    Stand(std::string const& url, int committers, Extras extras = {});
    ~Stand();

    // A workflow of so many calls, one after the other, each with what the one before returned.
    WorkflowRef publish(std::string const& name, Effect effect, int steps);
    WorkflowRef publish(std::string const& name, std::string const& text);
    // A loop over `turns`, two steps a turn: a read, and what is made of its answer.
    WorkflowRef publish_loop(std::string const& name);
    WorkflowRef publish_call(std::string const& name, std::string const& tool);

    // Through the engine.
    RunId start(WorkflowRef const& workflow, Json input = Json{{"turn", 0}},
                std::string tenant = console::tenant);
    // POST /api/v1/runs, returns with the answer
    RunId start_by_http(WorkflowRef const& workflow, Json input = Json{{"turn", 0}});
    std::string get(std::string const& path);  // the body of the answer
    int signal_by_http(RunId run);  // returns the status
    std::uint16_t port() const;  // of the console

    Watch& watch() { return watch_; }
    std::uint64_t effects() const { return effects_; }  // calls of tools so far

  private:
    tools::Deployment deployment();
    net::Response send(net::ClientRequest request);
    net::Response post(std::string const& path, Json const& body);
    shell::Database database();
    console::Surface surface();

    std::string url_;
    Extras extras_;
    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    Watch watch_;
    std::atomic<std::uint64_t> effects_ = 0;
    std::map<std::string, std::shared_ptr<workflow::Definition const>>
        workflows_;  // by name; grows before use
    net::Runtime front_, runtime_{4};  // as cli/host.h has them
    net::Runtime outside_;  // of the client, which is another process for a user
    net::HttpClient client_;
    net::HttpClient http_;
    store::ReadModel reads_;
    store::Inbox inbox_;
    std::unique_ptr<tools::ToolHandler> tools_;
    std::unique_ptr<shell::Engine> engine_;
    std::unique_ptr<console::Server> console_;
    std::unique_ptr<shell::Notifications> notifications_;
};

}  // namespace resolute::bench
