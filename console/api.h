// The HTTP API under /api/v1, as console/openapi.json describes it; a test holds the two together.
//
// Handlers block for a round trip or two to the database, so they run on a few threads of their
// own, never on the network's. Answers to changes come when the change is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "console/stream.h"
#include "console/surface.h"

namespace resolute::console {

struct Route {
    std::string method;
    std::vector<std::string> path;   // segments; "{id}" stands for any
};

class Api {
  public:
    Api(Surface surface, std::shared_ptr<ChangeStream> changes, int threads = 2);
    ~Api();

    void handle(net::ServerRequest request, net::Responder responder);
    static std::vector<Route> routes();

  private:
    using Parameters = std::vector<std::string>;
    struct Entry {
        Route route;
        void (Api::*handler)(net::ServerRequest const&, Parameters const&, net::Responder const&);
    };
    static std::vector<Entry> const& table();

    void work();
    void dispatch(net::ServerRequest const& request, net::Responder const& responder);

    void status(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void list_runs(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void start_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void get_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void get_history(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void cancel_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void post_event(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void pause_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void resume_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    // Sends what somebody wants of a run, with who and why.
    template <class Content>
    void tell_run(net::ServerRequest const&, Parameters const&, net::Responder const&,
                  Content content);
    void replay_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void migrate_runs(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void fork_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void submit_start(StartRun start, net::Responder const& responder);  // answers with the run
    void signal_run(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void list_schedules(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void get_schedule(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void pause_schedule(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void resume_schedule(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void trigger_schedule(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void backfill_schedule(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void list_approvals(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void get_approval(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void decide(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void stream(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void description(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void health(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void ready(net::ServerRequest const&, Parameters const&, net::Responder const&);
    void metrics(net::ServerRequest const&, Parameters const&, net::Responder const&);

    MessageId message_id();
    // What to answer when the message is durable. `at_once`: what can be said without reading the
    // database, if anything. `read` reads it. When it cannot be read, `taken` says so: nobody may
    // hear of something that was taken that it was not.
    struct Answers {
        std::function<std::optional<net::Response>(Accepted const&)> at_once;
        std::function<net::Response(Accepted const&)> read;
        std::function<net::Response(Accepted const&)> taken;
    };
    void submit(Message message, net::Responder const& responder, Answers answers);
    void follow_up(std::function<void()> job);
    Json approval_json(ApprovalId id);

    Surface surface_;
    std::shared_ptr<ChangeStream> changes_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;  // guarded by mutex_
    // What must be answered because it was taken: before the others, and one at most for each
    // request in flight. Guarded by mutex_.
    std::deque<std::function<void()>> follow_ups_;
    bool stopping_ = false;  // guarded by mutex_
    std::vector<std::thread> threads_;
};

}  // namespace resolute::console
