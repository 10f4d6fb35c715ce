// Carries one attempt of a call to its system and brings back what is known of it.
//
// Thread-safe. The gate and the binding are behind us: whatever arrives here is sent, once, unless
// it is too late, the tool's breaker is open, or its turn does not come within half of its time:
// then it is postponed. Each dispatch is answered exactly once, on any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "engine/lease.h"
#include "net/http_client.h"
#include "tools/answer.h"
#include "tools/mcp_servers.h"
#include "tools/registry.h"

namespace resolute::tools {

struct Sending {
    std::shared_ptr<Registry const> registry;  // keeps the contract alive
    Contract const* contract = nullptr;
    Payload arguments;
    std::string key;                           // "" for a read that nobody needs to repeat
    Timestamp deadline;  // nothing is sent after it, and no answer is waited for
    std::shared_ptr<Lease const> lease = nullptr;  // nor once it is over
};

using OnAnswer = std::function<void(Answer)>;

// Roads to the outside. All outlive the dispatcher; those that are absent lead to a clear refusal.
struct Roads {
    Clock const& clock;
    net::Runtime* runtime = nullptr;  // for programs
    net::HttpClient* http = nullptr;
    McpServers* mcp = nullptr;
};

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
  public:
    explicit Dispatcher(Roads roads) : roads_(roads) {}

    void dispatch(Sending sending, OnAnswer done);

  private:
    struct Site;  // lane, breaker and pace of one contract
    struct Turn {
        std::shared_ptr<Site> site;
        std::shared_ptr<Sending const> call;
        Duration patient_until{};  // monotonic
        OnAnswer done;
    };

    std::shared_ptr<Site> site_of(Contract const& contract);
    void take(Turn const& turn);
    void send(Sending const& sending, OnAnswer done);
    void carry(Sending const& sending, OnAnswer const& done);

    Roads roads_;
    std::mutex mutex_;
    std::map<Digest, std::shared_ptr<Site>> sites_;
};

}  // namespace resolute::tools
