// An engine whose runs go to sleep: for an event, or for a person who approves a payment; and a
// durable payments tool whose effects can be counted after a crash.
//
// The same parts as a user's process has: store, leases, gate, policy. Made and used by one thread.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/random.h"
#include "bench/distant.h"
#include "bench/ledger.h"
#include "engine/shell/engine.h"
#include "engine/store/inbox.h"
#include "engine/store/read_model.h"
#include "net/http_client.h"
#include "tools/tool_handler.h"
#include "workflow/interpreter.h"

namespace resolute::bench {

enum class Sleep { for_event, for_approval };
std::string name_of(Sleep sleep);

class Sleepers {
  public:
    struct Options {
        std::string url;
        int committers = 1;
        Duration lease = std::chrono::seconds(10);
        std::filesystem::path ledger;  // of the payments tool
        Duration delay{};  // until a payment is made
        std::set<RunId> awaited = {};  // whose next move is of interest
    };
    explicit Sleepers(Options options);
    ~Sleepers();

    // Starts so many runs and returns when all of them are durable and wait.
    void park(Sleep sleep, std::size_t runs);
    // Gives each run of this kind what it waits for; returns when all are over: how many.
    std::size_t wake(Sleep sleep);
    // Starts so many runs of five payments each and does not wait for them.
    void start_payments(std::size_t runs);

    // Seconds from `since` (seconds_now) until this engine had moved each run that is awaited.
    double moved_after(double since);
    void wait_until_closed(std::size_t runs);  // so many more than were closed at the beginning

    static constexpr int payments_per_run = 5;
    static constexpr std::size_t in_flight = 2'000;  // messages that are not answered yet

    Ledger const& ledger() const { return ledger_; }

  private:
    void committed(std::vector<Append> const& appends);
    void submit(Message message);
    void start(WorkflowRef const& workflow, Json input, std::string const& by);
    void wait(std::size_t const& count, std::size_t wanted);
    std::size_t approve_all();
    void post_all();
    std::string case_of(std::size_t nth) const { return source_ + "/" + std::to_string(nth); }
    std::unique_ptr<Orchestrator> definition(Digest const& digest) const;
    shell::Database database();
    tools::Deployment deployment();

    Options options_;
    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    Ledger ledger_;
    std::shared_ptr<workflow::Definition const> approved_, payments_, listening_;
    std::string source_;  // of this one's events
    std::size_t listeners_ = 0;
    net::Runtime runtime_;
    net::HttpClient http_;
    store::ReadModel reads_;
    store::Inbox inbox_;
    std::unique_ptr<tools::ToolHandler> tools_;
    std::unique_ptr<Distant> distant_;
    std::unique_ptr<shell::Engine> engine_;

    std::mutex mutex_;  // guards options_.awaited too
    std::condition_variable changed_;
    std::size_t unanswered_ = 0;  // guarded by mutex_, as all below
    std::size_t parked_ = 0;
    std::size_t closed_ = 0;
    std::set<RunId> awaited_;  // not moved yet
    std::string failure_;
};

}  // namespace resolute::bench
