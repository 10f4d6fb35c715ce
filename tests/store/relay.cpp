#include "tests/store/relay.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace resolute::testing {
namespace {

sockaddr_un address_of(std::filesystem::path const& path) {
    sockaddr_un address{.sun_family = AF_UNIX};
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

int make_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

void close_both(int& a, int& b) {
    if (a >= 0) ::close(a);
    if (b >= 0) ::close(b);
    a = b = -1;
}

// What is there to read; "" at the end of the stream.
std::string read_some(int socket) {
    std::string bytes(1 << 16, '\0');
    auto const count = ::read(socket, bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

bool write_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

// The server ends every answer with ReadyForQuery, in the state "idle".
bool is_answered(std::string_view bytes) {
    return bytes.ends_with(std::string_view("Z\0\0\0\5I", 6));
}

// A prepared statement's messages end with Sync.
bool is_whole_request(std::string_view bytes) {
    return bytes.starts_with('Q') || bytes.ends_with(std::string_view("S\0\0\0\4", 5));
}

void wait_for_answer(int server) {
    std::string answer;
    while (!is_answered(answer)) {
        auto const more = read_some(server);
        if (more.empty()) return;
        answer += more;
    }
}

}  // namespace

Relay::Relay(std::filesystem::path server) : server_(std::move(server)) {
    std::string pattern = "/tmp/relay-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
    folder_ = pattern;
    auto const address = address_of(folder_ / server_.filename());
    listener_ = make_socket();
    if (::bind(listener_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0)
        throw std::runtime_error("the relay cannot listen in " + pattern);
    thread_ = std::thread([this] { loop(); });
}

Relay::~Relay() {
    ::close(wake_[1]);
    thread_.join();
    ::close(wake_[0]);
    ::close(listener_);
    if (int held = held_line_; held >= 0) ::close(held);
    std::error_code kept;
    std::filesystem::remove_all(folder_, kept);
}

void Relay::release() {
    int server = held_line_.exchange(-1);
    if (server < 0) throw std::logic_error("nothing is held");
    if (write_all(server, held_)) wait_for_answer(server);
    ::close(server);
}

Relay::Line Relay::accept_one() {
    Line line{.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC),
              .server = make_socket()};
    auto const address = address_of(server_);
    if (::connect(line.server, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        close_both(line.client, line.server);
    return line;
}

bool Relay::from_client(Line& line) {
    auto bytes = read_some(line.client);
    if (bytes.empty()) return false;
    auto const plan = plan_.exchange(Plan::pass);
    while (plan != Plan::pass && !is_whole_request(bytes)) {
        auto const more = read_some(line.client);
        if (more.empty()) return false;
        bytes += more;
    }
    switch (plan) {
        case Plan::pass: return write_all(line.server, bytes);
        case Plan::lose_request: return false;
        case Plan::lose_answer:
            if (write_all(line.server, bytes)) wait_for_answer(line.server);
            return false;
        case Plan::hold_request:
            held_ = bytes;
            held_line_ = std::exchange(line.server, -1);
            return false;
    }
    return false;
}

bool Relay::from_server(Line& line) {
    auto const bytes = read_some(line.server);
    return !bytes.empty() && write_all(line.client, bytes);
}

void Relay::loop() {
    std::vector<Line> lines;
    while (true) {
        std::vector<pollfd> watched{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (auto const& line : lines) {
            watched.push_back({line.client, POLLIN, 0});
            watched.push_back({line.server, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) break;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            bool fine = true;
            if (watched[2 + 2 * i].revents != 0) fine = from_client(lines[i]);
            if (fine && watched[3 + 2 * i].revents != 0) fine = from_server(lines[i]);
            if (!fine) close_both(lines[i].client, lines[i].server);
        }
        if (watched[1].revents != 0) lines.push_back(accept_one());
        std::erase_if(lines, [](Line const& line) { return line.client < 0; });
    }
    for (auto& line : lines) close_both(line.client, line.server);
}

}  // namespace resolute::testing
