// Live changes for browsers: server-sent events that carry ids only; what changed is asked for
// through the API.
//
// Thread-safe. A bounded backlog lets a reconnecting browser catch up by `Last-Event-ID`; one that
// was away for longer is told to read everything again.
#pragma once

#include <deque>
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
    void publish(std::string const& kind, Json const& body);   // with the lock held
    void beat();

    net::Runtime& runtime_;
    std::mutex mutex_;
    std::uint64_t last_id_ = 0;
    std::deque<Change> backlog_;
    std::vector<net::Stream> watchers_;
    bool closed_ = false;
    net::Timer heartbeat_;
};

}  // namespace resolute::console
