#include "console/stream.h"

#include <charconv>

#include "approvals/inbox.h"
#include "base/limits.h"
#include "console/answers.h"

namespace resolute::console {
namespace {

std::string frame(std::uint64_t id, std::string const& kind, std::string const& body) {
    return "id: " + std::to_string(id) + "\nevent: " + kind + "\ndata: " + body + "\n\n";
}

std::optional<std::uint64_t> last_seen(net::ServerRequest const& request) {
    auto const text = request.header("Last-Event-ID");
    if (!text) return std::nullopt;
    std::uint64_t id = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return id;
}

}  // namespace

void ChangeStream::start() {
    std::lock_guard lock(mutex_);
    heartbeat_ = runtime_.after(std::chrono::milliseconds(limits::stream_heartbeat_ms),
                                [self = shared_from_this()] { self->beat(); });
}

void ChangeStream::beat() {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    std::erase_if(watchers_,
                  [](net::Stream const& watcher) { return !watcher.write(": alive\n\n"); });
    heartbeat_ = runtime_.after(std::chrono::milliseconds(limits::stream_heartbeat_ms),
                                [self = shared_from_this()] { self->beat(); });
}

void ChangeStream::publish(std::string const& kind, Json const& body) {
    auto const text = frame(++last_id_, kind, to_text(body));
    backlog_.push_back({last_id_, text});
    if (backlog_.size() > limits::stream_backlog) backlog_.pop_front();
    std::erase_if(watchers_, [&](net::Stream const& watcher) { return !watcher.write(text); });
}

void ChangeStream::committed(std::vector<Append> const& appends) {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    for (auto const& append : appends) {
        for (auto const& approval : append.approvals)
            publish("approval", {{"approval", to_string(approval.approval)},
                                 {"status", approvals::shown_status(approval.status)}});
        if (!append.events.empty())
            publish("run",
                    {{"run", to_string(append.run)}, {"sequence", append.events.back().sequence}});
    }
}

void ChangeStream::attach(net::ServerRequest const& request, net::Responder const& responder) {
    std::lock_guard lock(mutex_);
    if (closed_ || watchers_.size() >= limits::streams)
        return responder.respond(answer(ApiProblem{503,
                                                   "too_many_streams",
                                                   "Too many live views",
                                                   "Close some windows and try again.",
                                                   {},
                                                   {}}));
    auto stream = responder.start_stream({{"Content-Type", "text/event-stream"},
                                          {"Cache-Control", "no-store"},
                                          {"X-Accel-Buffering", "no"}});
    auto const seen = last_seen(request);
    auto const oldest = backlog_.empty() ? last_id_ + 1 : backlog_.front().id;
    stream.write("retry: 1000\n\n");
    if (seen && *seen + 1 >= oldest && *seen <= last_id_) {
        for (auto const& change : backlog_)
            if (change.id > *seen) stream.write(change.text);
    } else if (seen) {
        stream.write(frame(last_id_, "resync", "{}"));
    }
    watchers_.push_back(std::move(stream));
}

void ChangeStream::close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    heartbeat_.cancel();
    for (auto const& watcher : watchers_) watcher.close();
    watchers_.clear();
}

}  // namespace resolute::console
