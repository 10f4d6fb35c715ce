#include "bench/troubles.h"

#include <sys/socket.h>

#include <functional>
#include <mutex>
#include <thread>

#include "bench/queries.h"
#include "bench/slow_clients.h"
#include "net/http_server.h"
#include "tests/net/scripted_server.h"

namespace resolute::bench {
namespace {

constexpr std::size_t hundred_megabytes = 100u << 20;

std::string contract(std::string const& name, std::string const& url, std::string const& rest) {
    return "tool: " + name +
           "\nversion: 1.0.0\neffect: read\ninput: { type: object }\noutput: {}\n"
           "call: { http: { method: GET, url: \"" +
           url + "\" } }\n" + rest;
}

// Does something again and again until it is destroyed.
class Repeated : public Trouble {
  public:
    explicit Repeated(std::chrono::milliseconds pause, std::function<void()> once)
        : thread_([pause, once = std::move(once), this](std::stop_token stopping) {
              std::unique_lock lock(mutex_);
              do {
                  once();
                  ++times_;
              } while (!never_.wait_for(lock, stopping, pause, [] { return false; }) &&
                       !stopping.stop_requested());
          }) {}
    std::uint64_t happened() const override { return times_; }

  private:
    std::atomic<std::uint64_t> times_ = 0;
    std::mutex mutex_;
    std::condition_variable_any never_;
    std::jthread thread_;
};

class SlowTrouble final : public Trouble {
  public:
    SlowTrouble(std::uint16_t port, int count) : clients_(port, count) {}
    std::uint64_t happened() const override { return clients_.connects(); }

  private:
    SlowClients clients_;
};

class Counted final : public Trouble {
  public:
    explicit Counted(std::function<std::uint64_t()> count) : count_(std::move(count)) {}
    std::uint64_t happened() const override { return count_(); }

  private:
    std::function<std::uint64_t()> count_;
};

std::string post_head(std::string const& length) {
    return "POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
           length + "\r\n\r\n";
}

// Sends until the server will not have more; true when it said why.
bool is_refused(std::uint16_t port, std::string const& length) {
    auto const peer = net::connect_to(port);
    if (!peer) return false;
    peer->send(post_head(length));
    if (length.starts_with("Transfer")) {
        std::string const piece = "100000\r\n" + std::string(1u << 20, 'x') + "\r\n";
        for (std::size_t sent = 0; sent < hundred_megabytes; sent += piece.size())
            if (::send(peer->socket(), piece.data(), piece.size(), MSG_NOSIGNAL) < 0) break;
    }
    return peer->read_until("\r\n").find(" 413 ") != std::string::npos;
}

}  // namespace

struct BadSystems::Parts {
    net::Runtime runtime{1};
    std::mutex mutex;
    std::vector<net::Responder> held;  // guarded by mutex
    std::unique_ptr<net::HttpServer> hang;
    std::atomic<std::uint64_t> huge_answers = 0;
    net::ScriptedServer huge{[this](net::Peer& peer, int) {
        if (peer.read_until("\r\n\r\n").empty()) return;
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6400000\r\n");
        std::string const piece(1u << 20, 'x');
        while (::send(peer.socket(), piece.data(), piece.size(), MSG_NOSIGNAL) > 0) continue;
        ++huge_answers;
    }};
};

BadSystems::BadSystems() : parts_(std::make_unique<Parts>()) {
    parts_->runtime.start();
    parts_->hang = std::make_unique<net::HttpServer>(
        parts_->runtime, net::HttpServerOptions{.stop_grace = std::chrono::milliseconds(1)},
        [parts = parts_.get()](net::ServerRequest const&, net::Responder responder) {
            std::lock_guard const lock(parts->mutex);
            parts->held.push_back(std::move(responder));
        });
}

BadSystems::~BadSystems() = default;

std::vector<std::string> BadSystems::contracts() const {
    return {
        contract("bench.hang", parts_->hang->url(), "timeout: PT60S\nlimits: { concurrency: 8 }\n"),
        contract("bench.huge", parts_->huge.url(), "timeout: PT20S\n")};
}

std::uint64_t BadSystems::hanging() const {
    std::lock_guard const lock(parts_->mutex);
    return parts_->held.size();
}

std::uint64_t BadSystems::huge_answers() const { return parts_->huge_answers; }

std::unique_ptr<Trouble> hanging_tool(Stand& stand, BadSystems& systems,
                                      WorkflowRef const& workflow, int runs) {
    for (int run = 0; run < runs; ++run) stand.start(workflow);
    return std::make_unique<Counted>([&systems] { return systems.hanging(); });
}

std::unique_ptr<Trouble> poison_messages(Stand& stand, std::string const& database) {
    auto const connection = std::make_shared<store::Connection>(
        store::ConnectionOptions{.url = database, .application = "bench poison"});
    return std::make_unique<Repeated>(std::chrono::milliseconds(100), [connection, &stand] {
        connection->run(queries::poison);
        stand.signal_by_http(RunId{});  // there is no such run
    });
}

std::unique_ptr<Trouble> huge_payloads(Stand& stand, BadSystems& systems,
                                       WorkflowRef const& workflow) {
    struct Flood final : Trouble {
        std::atomic<std::uint64_t> refused = 0;
        BadSystems& systems;
        std::vector<std::unique_ptr<Repeated>> senders;

        explicit Flood(BadSystems& with) : systems(with) {}
        std::uint64_t happened() const override {
            return std::min(refused.load(), systems.huge_answers());
        }
    };
    auto flood = std::make_unique<Flood>(systems);
    auto send = [&refused = flood->refused, port = stand.port()](std::string const& length) {
        return [&refused, port, length] { refused += is_refused(port, length) ? 1 : 0; };
    };
    auto const pause = std::chrono::milliseconds(200);  // the flood shares two cores with us
    flood->senders.push_back(std::make_unique<Repeated>(pause, send("Content-Length: 104857600")));
    flood->senders.push_back(std::make_unique<Repeated>(pause, send("Transfer-Encoding: chunked")));
    flood->senders.push_back(
        std::make_unique<Repeated>(pause, [&stand, workflow] { stand.start(workflow); }));
    return flood;
}

std::unique_ptr<Trouble> slow_clients(Stand& stand, int count) {
    return std::make_unique<SlowTrouble>(stand.port(), count);
}

}  // namespace resolute::bench
