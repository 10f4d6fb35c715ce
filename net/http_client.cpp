#include <algorithm>
#include <deque>
#include <list>
#include <map>

#include "net/http_connection.h"

namespace resolute::net {
namespace {

bool may_repeat(std::string const& method) { return method == "GET" || method == "HEAD"; }

std::optional<std::string> why_unsendable(ClientRequest const& request) {
    if (!is_valid_method(request.method)) return "`" + request.method + "` is not an HTTP method";
    std::size_t header_bytes = 0;
    for (auto const& header : request.headers) {
        header_bytes += header.name.size() + header.value.size() + 4;
        if (header_bytes > limits::http_header_bytes) return "the headers are too large";
        if (!is_valid_header(header)) return "the header `" + header.name + "` is malformed";
        for (auto owned : {"Host", "Content-Length", "Connection", "Transfer-Encoding"})
            if (equal_ignoring_case(header.name, owned))
                return "the header `" + header.name + "` is set by the client itself";
    }
    return std::nullopt;
}

std::string timeout_text(Duration timeout) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count()) +
           " ms";
}

// One send() on its way. `is_sending` turns true just before the first byte of the request may
// leave.
struct Exchange {
    ClientRequest request;
    std::function<void(Reply)> done;
    Origin origin;
    Timer deadline;
    Duration until{};  // monotonic; the timer tells of it, but may come late
    std::shared_ptr<HttpConnection> connection;
    bool has_place = false;
    bool is_sending = false;
    bool is_reusing = false;  // on a pooled connection
    bool is_finished = false;
};
using ExchangePtr = std::shared_ptr<Exchange>;

struct Idle {
    std::shared_ptr<HttpConnection> connection;
    Timer expiry;
};

struct Site {  // everything about one origin
    std::list<Idle> idle;  // the most recently used first
    std::deque<ExchangePtr> waiting;  // some may be finished: their time was over
    std::size_t under_way = 0;

    bool is_unused() const { return under_way == 0 && waiting.empty() && idle.empty(); }
};

}  // namespace

class HttpClient::Pool : public std::enable_shared_from_this<HttpClient::Pool> {
  public:
    Pool(Runtime& runtime, HttpClientOptions options)
        : runtime_(runtime), serial_(runtime), options_(std::move(options)) {
        if (!options_.ca_file.empty()) trust_ = make_tls_trust(options_.ca_file);
    }

    void send(ClientRequest request, std::function<void(Reply)> done) {
        auto exchange = std::make_shared<Exchange>();
        exchange->request = std::move(request);
        exchange->done = std::move(done);
        exchange->until = SystemClock().monotonic() + exchange->request.timeout;
        serial_.post([self = shared_from_this(), exchange] { self->admit(exchange); });
    }

    // No more pooled connections; exchanges under way end by themselves.
    void close() {
        serial_.post([self = shared_from_this()] {
            self->is_closed_ = true;
            for (auto& [origin, site] : self->sites_) {
                for (auto& idle : site.idle) idle.expiry.cancel();
                site.idle.clear();
            }
        });
    }

  private:
    void admit(ExchangePtr const& exchange);
    bool enqueue(ExchangePtr const& exchange);
    void start(ExchangePtr const& exchange);
    void connect(ExchangePtr const& exchange);
    void exchange_on(ExchangePtr const& exchange);
    void settle(ExchangePtr const& exchange, HttpConnection::Exchanged how);
    void on_deadline(ExchangePtr const& exchange);
    void finish(ExchangePtr const& exchange, Reply reply);
    void leave(ExchangePtr const& exchange);
    std::shared_ptr<HttpConnection> take_idle(Origin const& origin);
    void keep(Origin const& origin, std::shared_ptr<HttpConnection> connection);

    Runtime& runtime_;
    Serial serial_;
    HttpClientOptions options_;
    std::shared_ptr<TlsTrust>
        trust_;  // made when first needed: reading the system's store takes a while
    std::map<Origin, Site> sites_;
    bool is_closed_ = false;
};

void HttpClient::Pool::admit(ExchangePtr const& exchange) {
    auto const& url = exchange->request.url;
    exchange->origin = {url.is_tls(), url.host, url.port};
    if (auto why = why_unsendable(exchange->request))
        return finish(exchange, NotSent{Cause::invalid_request, *why});
    exchange->deadline =
        serial_.after(exchange->until - SystemClock().monotonic(),
                      [self = shared_from_this(), exchange] { self->on_deadline(exchange); });
    if (auto& site = sites_[exchange->origin];
        site.under_way < limits::http_connections_per_origin && site.waiting.empty()) {
        ++site.under_way;
        exchange->has_place = true;
        start(exchange);
    } else if (!enqueue(exchange)) {
        finish(exchange, NotSent{Cause::crowded, std::to_string(limits::http_waiting_per_origin) +
                                                     " requests to " + exchange->origin.host +
                                                     " wait already"});
    }
}

bool HttpClient::Pool::enqueue(ExchangePtr const& exchange) {
    auto& waiting = sites_[exchange->origin].waiting;
    if (waiting.size() >= limits::http_waiting_per_origin)
        std::erase_if(waiting, [](ExchangePtr const& one) { return one->is_finished; });
    if (waiting.size() >= limits::http_waiting_per_origin) return false;
    waiting.push_back(exchange);
    return true;
}

void HttpClient::Pool::start(ExchangePtr const& exchange) {
    exchange->connection = take_idle(exchange->origin);
    exchange->is_reusing = exchange->connection != nullptr;
    if (exchange->is_reusing)
        exchange_on(exchange);
    else
        connect(exchange);
}

void HttpClient::Pool::connect(ExchangePtr const& exchange) {
    exchange->is_reusing = false;
    if (exchange->origin.is_tls && !trust_) trust_ = make_tls_trust({});
    exchange->connection = std::make_shared<HttpConnection>(serial_, trust_, exchange->origin);
    exchange->connection->connect([self = shared_from_this(),
                                   exchange](std::optional<NotSent> problem) {
        if (exchange->is_finished) return;
        if (!problem)
            self->exchange_on(exchange);
        else if (exchange->is_sending)  // the second try of a GET: the first one may have arrived
            self->finish(exchange, SentNoAnswer{problem->cause, std::move(problem->why)});
        else
            self->finish(exchange, std::move(*problem));
    });
}

void HttpClient::Pool::exchange_on(ExchangePtr const& exchange) {
    // After a long wait for its turn the timer may not have been heard yet.
    if (SystemClock().monotonic() >= exchange->until) return on_deadline(exchange);
    if (exchange->request.may_send && !exchange->request.may_send()) {
        std::string const why = "its time was over before it could be sent";
        if (exchange->is_sending)  // the second try of a GET: the first one may have arrived
            return finish(exchange, SentNoAnswer{Cause::withheld, why});
        return finish(exchange, NotSent{Cause::withheld, why});
    }
    exchange->is_sending = true;
    auto on_exchanged = [self = shared_from_this(), exchange](HttpConnection::Exchanged how) {
        if (!exchange->is_finished) self->settle(exchange, std::move(how));
    };
    exchange->connection->exchange(exchange->request, options_.user_agent, std::move(on_exchanged));
}

void HttpClient::Pool::settle(ExchangePtr const& exchange, HttpConnection::Exchanged how) {
    if (auto* broken = std::get_if<HttpConnection::Broken>(&how)) {
        bool const was_stale = exchange->is_reusing && !broken->got_some;
        if (was_stale && may_repeat(exchange->request.method)) return connect(exchange);
        return finish(exchange, std::move(broken->what));
    }
    auto& answered = std::get<HttpConnection::Answered>(how);
    if (answered.can_go_on) keep(exchange->origin, std::move(exchange->connection));
    finish(exchange, std::move(answered.response));
}

void HttpClient::Pool::on_deadline(ExchangePtr const& exchange) {
    if (exchange->is_finished) return;
    auto const within = timeout_text(exchange->request.timeout);
    if (exchange->is_sending)
        finish(exchange, SentNoAnswer{Cause::timed_out, "no complete answer within " + within});
    else if (!exchange->has_place)
        finish(
            exchange,
            NotSent{Cause::crowded,
                    "none of the " + std::to_string(limits::http_connections_per_origin) +
                        " connections to " + exchange->origin.host + " was free within " + within});
    else
        finish(exchange, NotSent{Cause::timed_out, "no connection to " + exchange->origin.host +
                                                       ":" + std::to_string(exchange->origin.port) +
                                                       " within " + within});
}

void HttpClient::Pool::finish(ExchangePtr const& exchange, Reply reply) {
    exchange->is_finished = true;
    exchange->deadline.cancel();
    if (exchange->connection) exchange->connection->close();
    exchange->connection.reset();
    exchange->request = {};  // it may stay in the queue for a while
    leave(exchange);
    // Out of turn: reading a large answer must not hold up the others.
    runtime_.post([done = std::move(exchange->done), reply = std::move(reply)]() mutable {
        done(std::move(reply));
    });
}

// Gives the place of a finished exchange to the next one that waits.
void HttpClient::Pool::leave(ExchangePtr const& exchange) {
    auto const found = sites_.find(exchange->origin);
    if (found == sites_.end()) return;
    auto& site = found->second;
    if (exchange->has_place) --site.under_way;
    while (!site.waiting.empty() && site.under_way < limits::http_connections_per_origin) {
        auto const next = site.waiting.front();
        site.waiting.pop_front();
        if (next->is_finished) continue;
        next->has_place = true;
        ++site.under_way;
        // Posted, so that a long queue of failures does not grow the stack.
        serial_.post([self = shared_from_this(), next] {
            if (!next->is_finished) self->start(next);
        });
    }
    if (site.is_unused()) sites_.erase(found);
}

std::shared_ptr<HttpConnection> HttpClient::Pool::take_idle(Origin const& origin) {
    auto& idle = sites_[origin].idle;
    while (!idle.empty()) {
        auto const first = std::move(idle.front());
        idle.pop_front();
        if (first.connection->is_quiet()) {
            Timer expiry = first.expiry;
            expiry.cancel();
            return first.connection;
        }
    }
    return nullptr;
}

void HttpClient::Pool::keep(Origin const& origin, std::shared_ptr<HttpConnection> connection) {
    auto& idle = sites_[origin].idle;
    if (is_closed_ || idle.size() >= limits::http_idle_per_origin) return;
    std::weak_ptr<HttpConnection> const kept = connection;
    auto expire = [self = shared_from_this(), origin, kept] {
        auto const site = self->sites_.find(origin);
        if (site == self->sites_.end()) return;
        site->second.idle.remove_if([&](Idle const& one) { return one.connection == kept.lock(); });
        if (site->second.is_unused()) self->sites_.erase(site);
    };
    auto expiry = serial_.after(std::chrono::milliseconds(limits::http_idle_ms), std::move(expire));
    idle.push_front({std::move(connection), expiry});
}

HttpClient::HttpClient(Runtime& runtime, HttpClientOptions options)
    : pool_(std::make_shared<Pool>(runtime, std::move(options))) {}

HttpClient::~HttpClient() { pool_->close(); }

void HttpClient::send(ClientRequest request, std::function<void(Reply)> done) {
    pool_->send(std::move(request), std::move(done));
}

}  // namespace resolute::net
