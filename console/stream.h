// Live changes for browsers: server-sent events that carry ids only; what changed is asked for
// through the API.
//
// Thread-safe. Commits never wait for browsers: what changed is collected and delivered from the
// runtime, a few times a second, once per run. A bounded backlog lets a browser that reconnects, or
// was closed because it read too slowly, catch up by `Last-Event-ID`; one that was away for longer,
// and everyone when more changed than the backlog holds, is told to read everything again.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/append.h"
#include "net/http_server.h"
#include "net/runtime.h"

namespace resolute::console {

class ChangeStream : public std::enable_shared_from_this<ChangeStream> {
  public:
    explicit ChangeStream(net::Runtime& runtime) : runtime_(runtime) {}

    void start();                                              // heartbeats
    void committed(std::vector<Append> const& appends);       // from a committer's thread
    void attach(net::ServerRequest const& request, net::Responder const& responder);
    void close();                                              // all streams, when the server stops

  private:
    struct Change { std::uint64_t id = 0; std::string text; };
    struct Pending {
        std::map<ApprovalId, ApprovalStatus> approvals;
        std::map<RunId, std::uint64_t> runs;  // with the last sequence
        bool is_overrun = false;  // more than the backlog holds
        bool is_scheduled = false;
    };

    void deliver();
    std::string text_of(Pending const& pending);  // with the lock held
    std::string add(std::string_view kind, std::string_view body);  // JSON
    void beat();

    net::Runtime& runtime_;
    std::mutex pending_mutex_;
    Pending pending_;  // guarded by pending_mutex_
    Duration delivered_{};  // guarded by pending_mutex_; monotonic
    std::mutex mutex_;  // guards the rest
    std::uint64_t last_id_ = 0;
    std::deque<Change> backlog_;
    std::vector<net::Stream> watchers_;
    bool closed_ = false;
    net::Timer heartbeat_;
};

}  // namespace resolute::console
