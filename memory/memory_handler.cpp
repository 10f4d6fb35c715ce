#include "memory/memory_handler.h"

#include <algorithm>

#include "base/limits.h"
#include "base/spelling.h"
#include "memory/items.h"

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

Uuid item_id(std::string const& key) { return row_id("memory item", key); }

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

Outcome carry_out(Clock const& clock, store::Connection& connection, Attempt const& attempt) {
    auto const& request = attempt.intent.request.json();
    auto const op = text(request, "op");
    auto const now = clock.now();
    auto const place = place_of(attempt);
    Items items(connection);
    if (op == "recall") {
        auto const limit =
            std::clamp(request.value("limit", limits::recall_items), 1, limits::recall_items);
        Json found = Json::array();
        for (auto const& item : items.recall(place, text(request, "query"), now, limit))
            found.push_back(shown(item));
        return outcome::Succeeded{Json{{"items", std::move(found)}},
                                  Json{{"ranker", "words-then-time-1"}}};
    }
    if (op == "forget")
        return outcome::Succeeded{Json{{"forgotten", items.forget(place, now)}}, {}};
    Item const item{.id = item_id(attempt.intent.key),
                    .place = place,
                    .value = request.at("value"),
                    .class_name = "internal",
                    .integrity = "user",
                    .source = source_of(attempt),
                    .writer = attempt.workflow.name,
                    .recorded_at = now};
    items.remember(item);
    return outcome::Succeeded{remembered(item.id, place), {}};
}

// A key that holds nothing is as forgotten as can be, whoever forgot it; how many items it was is
// not known any more.
Verification look_up(store::Connection& connection, Attempt const& attempt) {
    auto const place = place_of(attempt);
    auto const id = item_id(attempt.intent.key);
    bool const forgets = text(attempt.intent.request.json(), "op") == "forget";
    auto const standing = Items(connection).standing(id, place);
    bool const is_done = forgets ? !standing.is_anything_known : standing.is_kept;
    if (!is_done) return {Verdict::absent, {}, {}};
    return {Verdict::applied, {}, forgets ? Json{{"forgotten", nullptr}} : remembered(id, place)};
}

}  // namespace

MemoryHandler::MemoryHandler(std::function<store::Connection()> connect, Clock const& clock)
    : queue_(std::move(connect), clock,
             {[&clock](store::Connection& connection, Attempt const& attempt) {
                  return carry_out(clock, connection, attempt);
              },
              look_up}) {}

Admission MemoryHandler::admit(Proposal const& proposal) const {
    auto const& request = proposal.request.json();
    if (auto problem = problem_with(request)) return Rejected{std::move(*problem)};
    auto const op = text(request, "op");
    auto intent = unbound(proposal, "memory." + op, op == "recall" ? Effect::read : Effect::write);
    return Permitted{std::move(intent), step_terms(), false};
}

Terms MemoryHandler::terms(ActivityIntent const&) const { return step_terms(); }

}  // namespace resolute::memory
