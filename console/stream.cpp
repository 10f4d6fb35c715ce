#include "console/stream.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "approvals/inbox.h"
#include "base/limits.h"
#include "console/answers.h"

namespace resolute::console {
namespace {

std::string frame(std::uint64_t id, std::string_view kind, std::string_view body) {
    std::string text = "id: " + std::to_string(id);
    text.reserve(text.size() + kind.size() + body.size() + 20);
    return text.append("\nevent: ").append(kind).append("\ndata: ").append(body).append("\n\n");
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

void ChangeStream::committed(std::vector<Append> const& appends) {
    std::lock_guard lock(pending_mutex_);
    for (auto const& append : appends) {
        if (pending_.is_overrun) break;
        for (auto const& approval : append.approvals)
            pending_.approvals[approval.approval] = approval.status;
        if (!append.events.empty()) pending_.runs[append.run] = append.events.back().sequence;
        pending_.is_overrun =
            pending_.approvals.size() + pending_.runs.size() > limits::stream_backlog;
    }
    if (pending_.is_scheduled) return;
    pending_.is_scheduled = true;
    auto const pause = std::chrono::milliseconds(limits::stream_pause_ms);
    auto const passed = SystemClock().monotonic() - delivered_;
    runtime_.after(std::max<Duration>(Duration::zero(), pause - passed),
                   [self = shared_from_this()] { self->deliver(); });
}

void ChangeStream::deliver() {
    Pending changed;
    {
        std::lock_guard lock(pending_mutex_);
        changed = std::exchange(pending_, {});
        delivered_ = SystemClock().monotonic();
    }
    std::lock_guard lock(mutex_);
    if (closed_) return;
    auto const text = text_of(changed);
    std::erase_if(watchers_, [&](net::Stream const& watcher) { return !watcher.write(text); });
}

std::string ChangeStream::text_of(Pending const& changed) {
    if (changed.is_overrun) {
        backlog_.clear();
        return add("resync", "{}");
    }
    std::string text;
    for (auto const& [approval, status] : changed.approvals)
        text += add("approval", to_text({{"approval", to_string(approval)},
                                         {"status", approvals::shown_status(status)}}));
    for (auto const& [run, sequence] : changed.runs)
        text += add("run", "{\"run\":\"" + to_string(run) +
                               "\",\"sequence\":" + std::to_string(sequence) + "}");
    return text;
}

std::string ChangeStream::add(std::string_view kind, std::string_view body) {
    auto text = frame(++last_id_, kind, body);
    backlog_.push_back({last_id_, text});
    if (backlog_.size() > limits::stream_backlog) backlog_.pop_front();
    return text;
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
