#include "mcp/client.h"

#include <algorithm>
#include <deque>
#include <map>
#include <type_traits>
#include <utility>

#include "base/log.h"

namespace resolute::mcp {
namespace {

std::string in_ms(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) +
           " ms";
}

// One list_tools(), call() or request(): how to ask, and how to tell each end of it.
struct Job {
    std::function<ClientSession::Ticket(ClientSession&)> ask;
    std::function<void(ToolsReply)> on_listed;
    std::function<void(CallReply)> on_called;
    std::function<void(RequestReply)> on_answered;
    Duration timeout{};
    net::Timer deadline;
    std::optional<ClientSession::Ticket> ticket;  // once it has been sent

    // With a whole reply of its own kind, or with an end that all kinds can have.
    template <class End>
    void finish(End end) {
        deadline.cancel();
        if constexpr (std::is_convertible_v<End, ToolsReply>)
            if (on_listed) std::exchange(on_listed, nullptr)(end);
        if constexpr (std::is_convertible_v<End, CallReply>)
            if (on_called) std::exchange(on_called, nullptr)(end);
        if constexpr (std::is_convertible_v<End, RequestReply>)
            if (on_answered) std::exchange(on_answered, nullptr)(std::move(end));
    }
};
using JobPtr = std::shared_ptr<Job>;

}  // namespace

// Everything is touched in the turn of one Serial. idle -> opening -> open -> pausing -> idle or
// opening.
class Client::Core : public std::enable_shared_from_this<Client::Core> {
  public:
    Core(net::Runtime& runtime, ClientOptions options)
        : serial_(runtime),
          options_(std::move(options)),
          session_(options_.self, options_.protocol_version) {}

    void submit(JobPtr const& job) {
        serial_.post([self = shared_from_this(), job] { self->admit(job); });
    }
    void close() {
        serial_.post([self = shared_from_this()] { self->shut(); });
    }

  private:
    enum class State { idle, opening, open, pausing, closed };

    void admit(JobPtr const& job);
    void on_deadline(JobPtr const& job);
    void start();
    void send_waiting();
    void send(JobPtr const& job);
    bool flush();
    void receive(std::string const& line);
    void connection_lost(std::string const& why);
    void start_failed(std::string const& why);
    void pause();
    void shut();
    JobPtr take(ClientSession::Ticket ticket);

    void on(ClientSession::Opened const& event);
    void on(ClientSession::OpenFailed const& event) { start_failed(event.why); }
    void on(ClientSession::Listed& event);
    void on(ClientSession::Called& event);
    void on(ClientSession::Answered& event);
    void on(ClientSession::ToolsChanged const&) {
        if (options_.on_tools_changed) options_.on_tools_changed();
    }
    void on(ClientSession::Noise const& event) {
        log::warn("mcp: " + options_.name + ": " + event.what);
    }
    void on(ClientSession::Broken const& event) { connection_lost(event.why); }

    net::Serial serial_;
    ClientOptions options_;
    State state_ = State::idle;
    int generation_ = 0;  // of the connection; what an earlier one still says is passed over
    ClientSession session_;
    std::unique_ptr<Transport> transport_;
    net::Timer handshake_;
    int failures_ = 0;  // in a row
    std::deque<JobPtr> waiting_;
    std::map<ClientSession::Ticket, JobPtr> sent_;
};

void Client::Core::admit(JobPtr const& job) {
    if (state_ == State::closed)
        return job->finish(NotSent{"the client of " + options_.name + " is closed"});
    if (waiting_.size() + sent_.size() >= limits::mcp_requests)
        return job->finish(NotSent{options_.name + " has " + std::to_string(limits::mcp_requests) +
                                       " requests waiting or under way already",
                                   true});
    job->deadline =
        serial_.after(job->timeout, [self = shared_from_this(), job] { self->on_deadline(job); });
    if (state_ == State::open) return send(job);
    waiting_.push_back(job);
    if (state_ == State::idle) start();
}

void Client::Core::on_deadline(JobPtr const& job) {
    if (!job->ticket) {
        std::erase(waiting_, job);
        return job->finish(NotSent{options_.name + " was not ready within " + in_ms(job->timeout)});
    }
    session_.abandon(*job->ticket, "timeout");
    sent_.erase(*job->ticket);
    auto why = options_.name + " did not answer within " + in_ms(job->timeout);
    if (!session_.last_noise().empty()) why += "; but " + session_.last_noise();
    job->finish(SentNoAnswer{std::move(why)});
    flush();
}

void Client::Core::start() {
    state_ = State::opening;
    session_ = ClientSession(options_.self, options_.protocol_version);
    auto const self = weak_from_this();
    auto in_turn = [self, serial = serial_, generation = ++generation_](auto what) {
        serial.post([self, generation, what = std::move(what)] {
            auto const core = self.lock();
            if (core && core->generation_ == generation) what(*core);
        });
    };
    Transport::Listener listener;
    listener.on_line = [in_turn](std::string line) {
        in_turn([line = std::move(line)](Core& core) { core.receive(line); });
    };
    listener.on_closed = [in_turn](std::string why) {
        in_turn([why = std::move(why)](Core& core) { core.connection_lost(why); });
    };
    try {
        transport_ = options_.open(std::move(listener));
    } catch (std::exception const& error) {
        return start_failed(error.what());
    }
    handshake_ =
        serial_.after(options_.handshake_timeout, [in_turn, time = options_.handshake_timeout] {
            in_turn([time](Core& core) {
                core.connection_lost("it did not finish the handshake within " + in_ms(time));
            });
        });
    session_.open();
    flush();
}

void Client::Core::on(ClientSession::Opened const& event) {
    handshake_.cancel();
    state_ = State::open;
    if (options_.on_open) options_.on_open(event);
    send_waiting();
}

void Client::Core::send_waiting() {
    for (auto const& job : std::exchange(waiting_, {})) send(job);
}

void Client::Core::send(JobPtr const& job) {
    auto const ticket = job->ask(session_);
    if (!flush()) {
        session_.forget(ticket);
        return job->finish(NotSent{options_.name + " does not take any more requests"});
    }
    job->ticket = ticket;
    sent_.emplace(ticket, job);
}

bool Client::Core::flush() {
    bool all_sent = true;
    for (auto const& line : session_.take_output())
        all_sent = transport_ && transport_->send(line) && all_sent;
    return all_sent;
}

void Client::Core::receive(std::string const& line) {
    auto const generation = generation_;
    for (auto& event : session_.receive(line)) {
        bool const is_answer = std::holds_alternative<ClientSession::Listed>(event) ||
                               std::holds_alternative<ClientSession::Called>(event) ||
                               std::holds_alternative<ClientSession::Answered>(event);
        if (is_answer) failures_ = 0;
        std::visit([this](auto& kind) { on(kind); }, event);
        if (generation_ != generation) return;  // one of them ended the connection
    }
    flush();
}

JobPtr Client::Core::take(ClientSession::Ticket ticket) {
    auto const found = sent_.find(ticket);
    if (found == sent_.end()) return nullptr;
    auto job = found->second;
    sent_.erase(found);
    return job;
}

void Client::Core::on(ClientSession::Listed& event) {
    if (auto const job = take(event.ticket)) job->finish(std::move(event.reply));
}

void Client::Core::on(ClientSession::Called& event) {
    if (auto const job = take(event.ticket)) job->finish(std::move(event.reply));
}

void Client::Core::on(ClientSession::Answered& event) {
    if (auto const job = take(event.ticket)) job->finish(std::move(event.reply));
}

// What was sent may have run; what still waits goes to the next incarnation.
void Client::Core::connection_lost(std::string const& why) {
    if (state_ == State::opening) return start_failed(why);
    log::warn("mcp: " + options_.name + ": connection lost: " + why);
    auto events = session_.lost(options_.name + " was lost before it answered: " + why);
    pause();
    for (auto& event : events) std::visit([this](auto& kind) { on(kind); }, event);
}

void Client::Core::start_failed(std::string const& why) {
    log::warn("mcp: " + options_.name + ": cannot be used: " + why);
    auto const jobs = std::exchange(waiting_, {});
    pause();
    for (auto const& job : jobs) job->finish(NotSent{options_.name + " cannot be used: " + why});
}

void Client::Core::pause() {
    state_ = State::pausing;
    ++generation_;
    handshake_.cancel();
    transport_.reset();
    auto const doubled = options_.restart_pause * (std::int64_t{1} << std::min(failures_++, 20));
    serial_.after(std::min(doubled, options_.longest_restart_pause), [self = shared_from_this()] {
        if (self->state_ != State::pausing) return;
        self->state_ = State::idle;
        if (!self->waiting_.empty()) self->start();
    });
}

void Client::Core::shut() {
    state_ = State::closed;
    ++generation_;
    handshake_.cancel();
    transport_.reset();
    auto const why = "the client of " + options_.name + " is closed";
    for (auto const& job : std::exchange(waiting_, {})) job->finish(NotSent{why});
    for (auto const& [ticket, job] : std::exchange(sent_, {})) job->finish(SentNoAnswer{why});
}

Client::Client(net::Runtime& runtime, ClientOptions options)
    : core_(std::make_shared<Core>(runtime, std::move(options))) {}

Client::~Client() { core_->close(); }

void Client::list_tools(std::function<void(ToolsReply)> done, Duration timeout) {
    auto const job = std::make_shared<Job>();
    job->ask = [](ClientSession& session) { return session.list_tools(); };
    job->on_listed = std::move(done);
    job->timeout = timeout;
    core_->submit(job);
}

void Client::call(CallRequest request, std::function<void(CallReply)> done, Duration timeout) {
    auto const job = std::make_shared<Job>();
    job->ask = [request = std::move(request)](ClientSession& session) {
        return session.call(request);
    };
    job->on_called = std::move(done);
    job->timeout = timeout;
    core_->submit(job);
}

void Client::request(std::string method, Json params, std::function<void(RequestReply)> done,
                     Duration timeout) {
    auto const job = std::make_shared<Job>();
    job->ask = [method = std::move(method), params = std::move(params)](ClientSession& session) {
        return session.request(method, params);
    };
    job->on_answered = std::move(done);
    job->timeout = timeout;
    core_->submit(job);
}

}  // namespace resolute::mcp
