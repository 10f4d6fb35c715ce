// One client connection: connects, carries one exchange at a time, and says how it broke. Internal
// to the client.
//
// Everything happens in the turn of one Serial, calls and callbacks alike. After close() a callback
// that is still due comes with an error; the caller decides whether it still wants it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "net/http_client.h"

namespace resolute::net {

struct Origin {
    bool is_tls = false;
    std::string host;
    std::uint16_t port = 0;

    auto operator<=>(Origin const&) const = default;
};

// Certificates that we trust: the system's store and one file.
class TlsTrust;
std::shared_ptr<TlsTrust> make_tls_trust(
    std::string const& ca_file);  // throws when it cannot be read

class HttpConnection {
  public:
    struct Broken {
        SentNoAnswer what;
        bool got_some = false;  // at least one byte of an answer
    };
    struct Answered {
        Response response;
        bool can_go_on = false;  // another exchange may follow on this connection
    };
    using Exchanged = std::variant<Answered, Broken>;

    HttpConnection(Serial const& serial, std::shared_ptr<TlsTrust> trust, Origin origin);
    ~HttpConnection();

    void connect(std::function<void(std::optional<NotSent>)> done);
    void exchange(ClientRequest const& request, std::string const& user_agent,
                  std::function<void(Exchanged)> done);
    // Still open, and the server has said nothing in the meantime: fit for another request.
    bool is_quiet() const;
    void close();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace resolute::net
