// Clients that use up a server by doing almost nothing: they dribble headers, dribble bodies, or
// watch the live stream without reading it.
//
// One thread of its own; a client whom the server closes comes back.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace resolute::bench {

class SlowClients {
  public:
    SlowClients(std::uint16_t port, int count);
    ~SlowClients();

    std::uint64_t connects() const { return connects_; }  // so far, with those that came back

  private:
    enum class Kind { headers, body, stream };
    struct Client {
        Kind kind = Kind::headers;
        int socket = -1;
    };

    void loop();
    void open(Client& client);
    void dribble(Client& client);

    std::uint16_t port_;
    std::vector<Client> clients_;
    std::atomic<std::uint64_t> connects_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::bench
