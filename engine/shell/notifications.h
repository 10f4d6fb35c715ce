// Listens for hints from other processes on a thread of its own: a message was posted, something
// was deployed.
//
// A hint may be lost while the connection is; whoever listens must also look by itself now and
// then. Callbacks run on the listener's thread. After a reconnect all of them are called once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "engine/store/inbox.h"

namespace resolute::shell {

class Notifications {
  public:
    Notifications(std::string url, std::map<std::string, std::function<void()>> callbacks);
    ~Notifications();

  private:
    void loop();
    void listen(store::Listener& listener);
    bool wait(int socket);  // false: stopping

    std::string url_;
    std::map<std::string, std::function<void()>> callbacks_;
    int stop_;  // an eventfd: writing wakes the thread, whatever children hold it open, too
    std::thread thread_;
};

}  // namespace resolute::shell
