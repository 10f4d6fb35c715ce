#include "bench/slow_clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>

namespace resolute::bench {
namespace {

constexpr std::chrono::milliseconds between_bytes{200};

std::string_view opening_of(int kind) {
    static constexpr std::string_view texts[] = {
        "GET /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        "POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: 100000\r\n\r\n{",
        "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"};
    return texts[kind];
}

}  // namespace

SlowClients::SlowClients(std::uint16_t port, int count) : port_(port) {
    for (int i = 0; i < count; ++i) clients_.push_back({static_cast<Kind>(i % 3), -1});
    thread_ = std::thread([this] { loop(); });
}

SlowClients::~SlowClients() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    for (auto const& client : clients_)
        if (client.socket >= 0) ::close(client.socket);
}

void SlowClients::loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        for (auto& client : clients_) {
            if (client.socket < 0)
                open(client);
            else
                dribble(client);
        }
        lock.lock();
        changed_.wait_for(lock, between_bytes, [&] { return stopping_; });
    }
}

void SlowClients::open(Client& client) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return;
    int const small = 4096;  // whoever does not read soon stops the one who writes
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    client.socket = socket;
    ++connects_;
    auto const text = opening_of(static_cast<int>(client.kind));
    if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) >= 0) return;
    ::close(socket);  // not yet: the next turn tries again
    client.socket = -1;
}

// A byte more, or nothing; and whether the server still wants us.
void SlowClients::dribble(Client& client) {
    char got[64];
    bool is_over = false;
    if (client.kind != Kind::stream) {
        auto const read = ::recv(client.socket, got, sizeof got, MSG_DONTWAIT);
        is_over = read >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        is_over = is_over || ::send(client.socket, "x", 1, MSG_NOSIGNAL) < 0;
    } else {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(client.socket, SOL_SOCKET, SO_ERROR, &error, &size);
        is_over = error != 0;
    }
    if (!is_over) return;
    ::close(client.socket);
    client.socket = -1;
}

}  // namespace resolute::bench
