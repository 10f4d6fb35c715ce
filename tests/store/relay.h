// Stands between a client and the server's Unix socket, and cuts the line where a test wants it
// cut.
//
// Its own thread moves the bytes; `next` may be called from the test's thread. Each plan is used
// once, by the next bytes that any client sends, then everything passes again.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace resolute::testing {

class Relay {
  public:
    enum class Plan {
        pass,
        lose_request,  // the server never sees it
        lose_answer,   // the server carries it out; the client never hears
        hold_request,  // the client loses the line; the server gets the request at `release`
    };

    // `server` is the socket of a running server, such as /run/postgresql/.s.PGSQL.5432.
    explicit Relay(std::filesystem::path server);
    ~Relay();

    std::string host() const { return folder_.string(); }  // for a connection string
    void next(Plan plan) { plan_ = plan; }
    bool is_used_up() const { return plan_ == Plan::pass; }
    void release();  // returns when the server has answered what was held, or closed the line

  private:
    struct Line {
        int client = -1;
        int server = -1;
    };

    void loop();
    Line accept_one();
    bool from_client(Line& line);
    bool from_server(Line& line);

    std::filesystem::path server_;
    std::filesystem::path folder_;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    std::atomic<Plan> plan_ = Plan::pass;
    std::string held_;
    std::atomic<int> held_line_ = -1;
    std::thread thread_;
};

}  // namespace resolute::testing
