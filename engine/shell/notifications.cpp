#include "engine/shell/notifications.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <set>

#include "base/limits.h"
#include "base/log.h"

namespace resolute::shell {

Notifications::Notifications(std::string url,
                             std::map<std::string, std::function<void()>> callbacks)
    : url_(std::move(url)), callbacks_(std::move(callbacks)), stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (stop_ < 0) throw std::runtime_error("no eventfd can be made");
    thread_ = std::thread([this] { loop(); });
}

Notifications::~Notifications() {
    ::eventfd_write(stop_, 1);
    thread_.join();
    ::close(stop_);
}

void Notifications::loop() {
    while (true) {
        try {
            std::vector<std::string> channels;
            for (auto const& [channel, callback] : callbacks_) channels.push_back(channel);
            store::Listener listener(url_, channels);
            listen(listener);
            return;
        } catch (std::exception const& error) {
            log::debug(std::string("listening failed: ") + error.what());
        }
        pollfd stop{stop_, POLLIN, 0};
        if (::poll(&stop, 1, limits::store_retry_longest_ms) != 0) return;
    }
}

void Notifications::listen(store::Listener& listener) {
    for (auto const& [channel, callback] : callbacks_) callback();
    while (wait(listener.socket())) {
        std::set<std::string> heard;  // many hints are one
        for (auto const& notification : listener.drain()) heard.insert(notification.channel);
        for (auto const& channel : heard)
            if (auto const found = callbacks_.find(channel); found != callbacks_.end())
                found->second();
    }
}

bool Notifications::wait(int socket) {
    pollfd both[2] = {{socket, POLLIN, 0}, {stop_, POLLIN, 0}};
    while (::poll(both, 2, -1) < 0 && errno == EINTR) continue;
    return both[1].revents == 0;
}

}  // namespace resolute::shell
