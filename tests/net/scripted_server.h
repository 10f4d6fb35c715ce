// A TCP server for tests that follows a script byte by byte: what no well-behaved server would do.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace resolute::net {

// One accepted connection, blocking. Closing is the script's business; the destructor closes what
// is left.
class Peer {
  public:
    explicit Peer(int socket) : socket_(socket) {}
    ~Peer() { close(); }
    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;

    // Reads until the text so far holds `mark`, or the other side closes; returns what was read.
    std::string read_until(std::string const& mark) const {
        std::string text;
        char buffer[4096];
        while (text.find(mark) == std::string::npos) {
            auto const got = ::recv(socket_, buffer, sizeof buffer, 0);
            if (got <= 0) break;
            text.append(buffer, static_cast<std::size_t>(got));
        }
        return text;
    }
    std::string read_all() const { return read_until(std::string("\0never", 6)); }
    void send(std::string const& text) const {
        (void)!::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    }
    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }
    int socket() const { return socket_; }
    void reset() {  // RST instead of FIN
        linger const now{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

  private:
    int socket_;
};

class ScriptedServer {
  public:
    // Calls script(peer, n) for the n-th connection, counting from 1, one after the other.
    explicit ScriptedServer(std::function<void(Peer&, int)> script) : script_(std::move(script)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 16);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedServer() {
        is_stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        ::shutdown(current_,
                   SHUT_RDWR);  // ends a script that waits for a client that stays connected
        thread_.join();
        ::close(listener_);
    }

    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    int connections() const { return connections_; }

  private:
    void serve() {
        while (!is_stopping_) {
            int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            current_ = socket;
            Peer peer(socket);
            script_(peer, ++connections_);
        }
    }

    std::function<void(Peer&, int)> script_;
    int listener_ = -1;
    std::atomic<int> current_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::atomic<bool> is_stopping_ = false;
    std::thread thread_;
};

// Connects to a port of this machine.
inline std::unique_ptr<Peer> connect_to(std::uint16_t port) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        return nullptr;
    }
    return std::make_unique<Peer>(socket);
}

}  // namespace resolute::net
