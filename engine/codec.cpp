#include "engine/codec.h"

#include <array>
#include <utility>

#include "base/json_writer.h"
#include "engine/corrupt_history.h"
#include "engine/fact_fields.h"
#include "engine/names.h"
#include "engine/quick_reader.h"

namespace resolute {
namespace {

// The stored number of every kind is its place in this table plus one. Append only.
constexpr std::array kind_names{"run_started",
                                "run_completed",
                                "run_faulted",
                                "cancel_requested",
                                "run_cancelled",
                                "work_started",
                                "step_entered",
                                "step_advanced",
                                "step_completed",
                                "step_skipped",
                                "step_failed",
                                "activity_proposed",
                                "activity_denied",
                                "activity_started",
                                "activity_succeeded",
                                "activity_failed",
                                "activity_unknown",
                                "activity_verified",
                                "activity_resolved",
                                "activity_cancelled",
                                "approval_requested",
                                "approval_decided",
                                "approval_answer_refused",
                                "approval_expired",
                                "approval_revoked",
                                "timer_started",
                                "timer_fired",
                                "timer_cancelled",
                                "signal_received",
                                "signal_consumed",
                                "signal_awaited",
                                "end_decided",
                                "deadline_set",
                                "deadline_passed",
                                "run_paused",
                                "run_resumed",
                                "child_started",
                                "child_withdrawn",
                                "child_ended",
                                "event_emitted",
                                "events_awaited",
                                "event_received",
                                "event_declined",
                                "listening_ended",
                                "run_migrated",
                                "map_started",
                                "map_items_started",
                                "map_item_ended",
                                "map_withdrawn",
                                "compensation_planned",
                                "compensation_ended"};
static_assert(kind_names.size() == std::variant_size_v<Fact>);

// ---- writing: members that hold nothing are left out
// ---------------------------------------------

bool is_empty(bool value) { return !value; }
bool is_empty(std::string const& value) { return value.empty(); }
bool is_empty(Payload const& value) { return value.is_null(); }
bool is_empty(Digest const& value) { return value.is_zero(); }
template <class T> bool is_empty(std::vector<T> const& value) { return value.empty(); }
template <class T> bool is_empty(std::optional<T> const& value) { return !value; }
template <class T> bool is_empty(T const&) { return false; }

void write(std::string& out, std::string const& value);
void write(std::string& out, bool value) { out += value ? "true" : "false"; }
void write(std::string& out, int value) { out += std::to_string(value); }
void write(std::string& out, std::uint64_t value) { out += std::to_string(value); }
void write(std::string& out, Payload const& value) { out += value.text(); }
void write(std::string& out, Timestamp value) { out += '"' + to_string(value) + '"'; }
void write(std::string& out, Digest const& value) {
    out += '"';
    append_hex(out, value.view());
    out += '"';
}
void write(std::string& out, StepId const& value) { write(out, value.path); }
template <class Tag> void write(std::string& out, Id<Tag> const& value) {
    out += '"' + to_string(value) + '"';
}
template <Named E> void write(std::string& out, E value) {
    (out += '"').append(name(value)) += '"';
}
void write(std::string& out, std::vector<std::string> const& value) { out += Json(value).dump(); }
template <class T> requires has_fields<T> void write(std::string& out, T const& value);
template <class T> void write(std::string& out, std::optional<T> const& value) {
    write(out, *value);
}

template <class T> requires has_fields<T>
void write(std::string& out, std::vector<T> const& values) {
    char before = '[';
    for (auto const& value : values) {
        out += before;
        write(out, value);
        before = ',';
    }
    out += ']';  // an empty list is not written at all
}

void write(std::string& out, std::string const& value) {
    // Json says what is wrong with text that is no UTF-8.
    if (!write_json_string(out, value)) out += to_text(Json(value));
}

template <class T> requires has_fields<T>
void write(std::string& out, T const& value) {
    char before = '{';
    auto member = [&](auto const& field) {
        if (is_empty(value.*field.member)) return;
        ((out += before) += '"').append(field.name) += "\":";
        write(out, value.*field.member);
        before = ',';
    };
    std::apply([&](auto const&... field) { (member(field), ...); }, fields<T>);
    out += before == '{' ? "{}" : "}";
}

// ---- reading: an absent member keeps its default, an ill-typed one is corruption
// -------------------

void read(Json& from, std::string& value) { value = std::move(from.get_ref<std::string&>()); }
void read(Json& from, bool& value) { value = from.get<bool>(); }
void read(Json& from, int& value) { value = from.get<int>(); }
void read(Json& from, std::uint64_t& value) { value = from.get<std::uint64_t>(); }
void read(Json& from, Payload& value) { value = Payload(std::move(from)); }
void read(Json& from, StepId& value) { read(from, value.path); }
void read(Json& from, std::vector<std::string>& value) {
    value = from.get<std::vector<std::string>>();
}

template <class T>
T required(std::optional<T> value) {
    if (!value) throw CorruptHistory("a member of the event is malformed");
    return *value;
}

void read(Json& from, Timestamp& value) {
    auto parsed = parse_timestamp(from.get_ref<std::string&>());
    if (!parsed) throw CorruptHistory("a time in the event is malformed");
    value = *parsed;
}
void read(Json& from, Digest& value) {
    value = required(parse_digest(from.get_ref<std::string&>()));
}
template <class Tag> void read(Json& from, Id<Tag>& value) {
    value = required(Id<Tag>::parse(from.get_ref<std::string&>()));
}
template <Named E> void read(Json& from, E& value) {
    value = required(parse_name<E>(from.get_ref<std::string&>()));
}
template <class T> requires has_fields<T> void read(Json& from, T& value);
template <class T> void read(Json& from, std::optional<T>& value) { read(from, value.emplace()); }
template <class T> requires has_fields<T>
void read(Json& from, std::vector<T>& values) {
    if (!from.is_array()) throw CorruptHistory("a list in the event is malformed");
    for (auto& value : from) read(value, values.emplace_back());
}

template <class T> requires has_fields<T>
void read(Json& from, T& value) {
    if (!from.is_object()) throw CorruptHistory("the event's body is not an object");
    auto member = [&](auto const& field) {
        auto found = from.find(field.name);
        if (found != from.end()) read(*found, value.*field.member);
    };
    std::apply([&](auto const&... field) { (member(field), ...); }, fields<T>);
}

template <std::size_t... I>
Fact read_fact(std::size_t index, Json& body, std::index_sequence<I...>) {
    Fact fact;
    auto read_as = [&]<std::size_t N>() { read(body, fact.emplace<N>()); };
    ((index == I ? read_as.template operator()<I>() : void()), ...);
    return fact;
}

}  // namespace

std::int16_t kind_number(Fact const& fact) { return static_cast<std::int16_t>(fact.index() + 1); }

std::string_view kind_name(std::int16_t kind) {
    bool const known = kind >= 1 && static_cast<std::size_t>(kind) <= kind_names.size();
    return known ? kind_names[static_cast<std::size_t>(kind - 1)] : "unknown";
}

std::string encode(Fact const& fact) {
    std::string body;
    body.reserve(512);
    std::visit([&](auto const& value) { write(body, value); }, fact);
    return body;
}

Fact decode(std::int16_t kind, std::string_view body) {
    auto const index = static_cast<std::size_t>(kind - 1);
    if (kind < 1 || index >= std::variant_size_v<Fact>)
        throw CorruptHistory("event kind " + std::to_string(kind) +
                             " is not known to this version");
    if (auto fact = read_quickly(kind, body)) return *std::move(fact);
    try {
        Json json = Json::parse(body);
        return read_fact(index, json, std::make_index_sequence<std::variant_size_v<Fact>>());
    } catch (Json::exception const& error) {
        throw CorruptHistory("the body of a " + std::string(kind_name(kind)) +
                             " event cannot be read: " + error.what());
    }
}

Event decode(EncodedEvent const& event) {
    return {event.sequence, event.at, decode(event.kind, event.body)};
}

}  // namespace resolute
