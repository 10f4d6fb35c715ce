#include "memory/memory_handler.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "engine/postponement.h"

namespace resolute::memory {
namespace {

std::string text(Json const& request, char const* member) {
    auto const found = request.find(member);
    return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Failure malformed(std::string detail) {
    return validation_failure(std::move(detail), "malformed_call");
}

std::optional<Failure> problem_with(Json const& request) {
    if (!request.is_object()) return malformed("A memory step needs an object.");
    auto const op = text(request, "op");
    std::vector<std::string> const known{"recall", "remember", "forget"};
    if (std::ranges::find(known, op) == known.end())
        return malformed("`" + op + "` is not something memory can do: recall, remember, forget." +
                         did_you_mean(op, known));
    for (char const* member : {"scope", "subject"})
        if (text(request, member).empty())
            return malformed(std::string("A memory step needs a `") + member + "` that is a text.");
    if (op == "remember" && text(request, "key").empty())
        return malformed("Remembering needs a `key`.");
    if (op == "remember" && !request.contains("value"))
        return malformed("Remembering needs a `value`.");
    if (op != "remember" && request.contains("source"))
        return malformed("Only what is remembered has a `source`.");
    return std::nullopt;
}

// The same step remembers the same item however often it is sent.
Uuid item_id(std::string const& key) {
    auto const digest = sha256({"memory item|", key});
    Uuid id;
    std::copy_n(digest.bytes.begin(), id.size(), id.begin());
    // version 8: made by a rule of our own
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x80);
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
    return id;
}

Outcome not_now(Attempt const& attempt) {
    return postponed(
        attempt, communication_failure("Too many memory steps wait already.", codes::tool_busy));
}

// Where an item comes from: the step that wrote it, and what the author says that it rests on.
Json source_of(Attempt const& attempt) {
    Json source{{"run", to_string(attempt.run)}, {"step", attempt.step.path}};
    auto const& request = attempt.intent.request.json();
    if (request.contains("source")) source["stated"] = request["source"];
    return source;
}

Place place_of(Attempt const& attempt) {
    auto const& request = attempt.intent.request.json();
    return {attempt.tenant, text(request, "scope"), text(request, "subject"), text(request, "key")};
}

Json remembered(Uuid const& id, Place const& place) {
    return {{"id", to_string(id)}, {"key", place.key}};
}

Json shown(Item const& item) {
    return {{"id", to_string(item.id)},   {"key", item.place.key},
            {"value", item.value.json()}, {"integrity", item.integrity},
            {"class", item.class_name},   {"source", item.source.json()},
            {"writer", item.writer},      {"recordedAt", to_string(item.recorded_at)}};
}

}  // namespace

MemoryHandler::MemoryHandler(std::function<store::Connection()> connect, Clock const& clock)
    : connect_(std::move(connect)), clock_(clock), thread_([this] { loop(); }) {}

MemoryHandler::~MemoryHandler() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Admission MemoryHandler::admit(Proposal const& proposal) const {
    auto const& request = proposal.request.json();
    if (auto problem = problem_with(request)) return Rejected{std::move(*problem)};
    auto const op = text(request, "op");
    auto intent = unbound(proposal, "memory." + op, op == "recall" ? Effect::read : Effect::write);
    auto const allowed = terms(intent);
    return Permitted{std::move(intent), allowed, false};
}

Terms MemoryHandler::terms(ActivityIntent const&) const {
    Terms terms;
    terms.timeout = std::chrono::milliseconds(limits::memory_timeout_ms);
    terms.attempts = limits::memory_attempts;
    terms.can_verify = true;
    terms.settle = Duration::zero();  // its own database says what is in it
    return terms;
}

bool MemoryHandler::take(Job job) {
    {
        std::lock_guard lock(mutex_);
        if (queue_.size() >= limits::memory_queue) return false;
        queue_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void MemoryHandler::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    if (!take({attempt, done, {}})) done(not_now(attempt));
}

void MemoryHandler::verify(Attempt const& attempt, std::function<void(Verification)> done) {
    if (!take({attempt, {}, done})) done({Verdict::undecided, {}, {}});
}

void MemoryHandler::loop() {
    while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        if (job.told) {
            job.told(look_up(job.attempt));
            continue;
        }
        bool const is_late = clock_.now() >= job.attempt.deadline;
        job.done(is_late ? not_now(job.attempt) : carry_out(job.attempt));
    }
}

Outcome MemoryHandler::carry_out(Attempt const& attempt) {
    auto const& request = attempt.intent.request.json();
    auto const op = text(request, "op");
    auto const now = clock_.now();
    auto const place = place_of(attempt);
    try {
        if (!items_) items_.emplace(connect_());
        if (op == "recall") {
            auto const limit =
                std::clamp(request.value("limit", limits::recall_items), 1, limits::recall_items);
            Json found = Json::array();
            for (auto const& item : items_->recall(place, text(request, "query"), now, limit))
                found.push_back(shown(item));
            return outcome::Succeeded{Json{{"items", std::move(found)}},
                                      Json{{"ranker", "words-then-time-1"}}};
        }
        if (op == "forget")
            return outcome::Succeeded{Json{{"forgotten", items_->forget(place, now)}}, {}};
        Item const item{.id = item_id(attempt.intent.key),
                        .place = place,
                        .value = request.at("value"),
                        .class_name = "internal",
                        .integrity = "user",
                        .source = source_of(attempt),
                        .writer = attempt.workflow.name,
                        .recorded_at = now};
        items_->remember(item);
        return outcome::Succeeded{remembered(item.id, place), {}};
    } catch (store::ConnectionLost const& error) {
        items_.reset();
        return outcome::Unknown{communication_failure(error.what(), "store_unavailable"), {}};
    } catch (std::exception const& error) {
        items_.reset();
        return outcome::Failed{
            communication_failure(error.what(), "store_unavailable"), true, {}, {}};
    }
}

// A key that holds nothing is as forgotten as can be, whoever forgot it; how many items it was is
// not known any more.
Verification MemoryHandler::look_up(Attempt const& attempt) {
    auto const place = place_of(attempt);
    auto const id = item_id(attempt.intent.key);
    bool const forgets = text(attempt.intent.request.json(), "op") == "forget";
    try {
        if (!items_) items_.emplace(connect_());
        auto const standing = items_->standing(id, place);
        bool const is_done = forgets ? !standing.is_anything_known : standing.is_kept;
        if (!is_done) return {Verdict::absent, {}, {}};
        return {
            Verdict::applied, {}, forgets ? Json{{"forgotten", nullptr}} : remembered(id, place)};
    } catch (std::exception const& error) {
        items_.reset();
        return {Verdict::undecided, Json{{"why", error.what()}}, {}};
    }
}

}  // namespace resolute::memory
