// An asynchronous HTTP/1.1 client whose answer says exactly what is known, and never more.
//
// Thread-safe. Each send() is called back exactly once, on a thread of the runtime (which must keep
// running for it, but the client need not live that long). Callbacks must be short and must not
// throw.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/limits.h"
#include "net/http_message.h"
#include "net/runtime.h"
#include "net/url.h"

namespace resolute::net {

struct ClientRequest {
    std::string method = "GET";
    Url url;
    Headers headers;  // Host, Content-Length, Connection and Transfer-Encoding belong to the client
    std::string body;
    // For everything from send() to the last byte of the answer; when it is over, nothing leaves.
    Duration timeout = std::chrono::milliseconds(limits::http_timeout_ms);
    std::size_t max_response_bytes = limits::http_response_bytes;
    // Asked just before the first byte leaves, after every queue and handshake; false: NotSent.
    std::function<bool()> may_send = nullptr;
};

// Why there is no answer, for programs; people read the sentence next to it.
enum class Cause {
    crowded,  // no connection was free in time, or too many requests wait for one
    invalid_request,  // method or header that cannot be sent
    unresolved,  // the name has no address
    unreachable,  // refused, no route
    tls,  // handshake or certificate
    timed_out,
    closed,  // reset, or closed before the whole answer was there
    malformed,  // an answer that is not HTTP
    withheld,  // may_send said no
    too_large,  // an answer over max_response_bytes or the header limit
};

// Surely not sent: not one byte of the request left. Trying again cannot do anything twice.
struct NotSent {
    Cause cause;
    std::string why;
};

// Bytes of the request may have left, and no usable answer came: nobody knows what happened.
struct SentNoAnswer {
    Cause cause;
    std::string why;
};

using Reply = std::variant<Response, NotSent, SentNoAnswer>;

struct HttpClientOptions {
    std::string ca_file;  // PEM certificates trusted besides the system's
    std::string user_agent = "resolute";
};

// Keeps connections open per origin and uses them again. Redirects are answers, not followed. A GET
// or HEAD that meets a pooled connection which the server has just closed is sent once more on a
// fresh one; any other method is SentNoAnswer there. So many connections per origin; then requests
// wait for one, in a queue that is bounded as well.
class HttpClient {
  public:
    explicit HttpClient(Runtime& runtime, HttpClientOptions options = {});
    ~HttpClient();
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;

    void send(ClientRequest request, std::function<void(Reply)> done);

  private:
    class Pool;
    std::shared_ptr<Pool> pool_;
};

}  // namespace resolute::net
