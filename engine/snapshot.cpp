#include "engine/snapshot.h"

#include <cstring>
#include <map>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/json.h"

namespace resolute {
namespace {

struct CutShort {};

class Writer {
  public:
    void raw(void const* bytes, std::size_t count) {
        out_.append(static_cast<char const*>(bytes), count);
    }
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
        out_ += static_cast<char>(value);
    }
    std::string take() { return std::move(out_); }
    // Of a long text: its number when it was written before, counted from 1; else 0, and from now
    // on it has the next one. A state holds the same value in many places, its input above all.
    std::size_t seen(std::string const& text) {
        auto const [found, is_new] = seen_.try_emplace(text, seen_.size() + 1);
        return is_new ? 0 : found->second;
    }

  private:
    std::string out_;
    std::unordered_map<std::string_view, std::size_t> seen_;  // texts live as long as the run
};

class Reader {
  public:
    explicit Reader(std::string_view from) : from_(from) {}

    std::string_view raw(std::size_t count) {
        if (count > from_.size()) throw CutShort();
        auto const taken = from_.substr(0, count);
        from_.remove_prefix(count);
        return taken;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            auto const byte = static_cast<unsigned char>(raw(1).front());
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        throw CutShort();
    }
    // How many elements follow: each takes a byte at least.
    std::size_t count() {
        auto const value = number();
        if (value > from_.size()) throw CutShort();
        return static_cast<std::size_t>(value);
    }
    bool is_at_end() const { return from_.empty(); }
    void keep(Payload const& value) { kept_.push_back(value); }
    Payload kept(std::size_t number) const {
        if (number > kept_.size()) throw CutShort();
        return kept_[number - 1];
    }

  private:
    std::string_view from_;
    std::vector<Payload> kept_;
};

constexpr std::size_t long_text = 256;  // a value that is worth looking for

// A structured binding must name all members of its struct: one that is added later and not listed
// here does not compile.
auto members(auto& value, WorkflowRef const*) {
    auto& [name, version, digest] = value;
    return std::tie(name, version, digest);
}
auto members(auto& value, RunStarted const*) {
    auto& [workflow, tenant, case_id, input, started_by, salt, parent, forked] = value;
    return std::tie(workflow, tenant, case_id, input, started_by, salt, parent, forked);
}
auto members(auto& value, Takeover const*) {
    auto& [sequence, at] = value;
    return std::tie(sequence, at);
}
auto members(auto& value, ForkPoint const*) {
    auto& [run, sequence, takeovers, edited] = value;
    return std::tie(run, sequence, takeovers, edited);
}
auto members(auto& value, Ended const*) {
    auto& [step, at, kind, asked, output, error] = value;
    return std::tie(step, at, kind, asked, output, error);
}
auto members(auto& value, ParentStep const*) {
    auto& [run, step, depth, detached] = value;
    return std::tie(run, step, depth, detached);
}
auto members(auto& value, ChildEnded const*) {
    auto& [step, how, output, error] = value;
    return std::tie(step, how, output, error);
}
auto members(auto& value, Child const*) {
    auto& [run, workflow, withdrawn, end] = value;
    return std::tie(run, workflow, withdrawn, end);
}
auto members(auto& value, Failure const*) {
    auto& [type, status, title, detail, instance, code] = value;
    return std::tie(type, status, title, detail, instance, code);
}
auto members(auto& value, CancelRequested const*) {
    auto& [by, reason] = value;
    return std::tie(by, reason);
}
auto members(auto& value, Frame::Child const*) {
    auto& [step, output, next] = value;
    return std::tie(step, output, next);
}
auto members(auto& value, Frame const*) {
    auto& [kind, input, state, first_state, entered, counts_from, flow, last, outputs, tasks,
           gathered] = value;
    return std::tie(kind, input, state, first_state, entered, counts_from, flow, last, outputs,
                    tasks, gathered);
}
auto members(auto& value, ActivityIntent const*) {
    auto& [kind, target, effect, request, key, contract, decision, binding, timeout_ms] = value;
    return std::tie(kind, target, effect, request, key, contract, decision, binding, timeout_ms);
}
auto members(auto&, activity::Proposed const*) { return std::tuple<>(); }
auto members(auto& value, activity::Running const*) {
    auto& [attempt, deadline, in_doubt] = value;
    return std::tie(attempt, deadline, in_doubt);
}
auto members(auto& value, activity::BackingOff const*) {
    auto& [attempts, retry_at, why, evidence, in_doubt] = value;
    return std::tie(attempts, retry_at, why, evidence, in_doubt);
}
auto members(auto& value, activity::Uncertain const*) {
    auto& [attempt, since, verify_at, why, verifications, deadline, refused] = value;
    return std::tie(attempt, since, verify_at, why, verifications, deadline, refused);
}
auto members(auto& value, activity::Succeeded const*) {
    auto& [output] = value;
    return std::tie(output);
}
auto members(auto& value, activity::Failed const*) {
    auto& [error] = value;
    return std::tie(error);
}
auto members(auto& value, Activity const*) {
    auto& [intent, state] = value;
    return std::tie(intent, state);
}
auto members(auto& value, ApprovalRequested const*) {
    auto& [approval, step, kind, digest, card, choices, not_by, quorum, expires_at] = value;
    return std::tie(approval, step, kind, digest, card, choices, not_by, quorum, expires_at);
}
auto members(auto& value, ApprovalDecided const*) {
    auto& [approval, decision_id, decision, by, digest, comment, form, groups] = value;
    return std::tie(approval, decision_id, decision, by, digest, comment, form, groups);
}
auto members(auto& value, Approval const*) {
    auto& [asked, status, decisions, requested_at] = value;
    return std::tie(asked, status, decisions, requested_at);
}
auto members(auto& value, Signal const*) {
    auto& [id, name, content, by] = value;
    return std::tie(id, name, content, by);
}
auto members(auto& value, EndDecided const*) {
    auto& [step, error, output, context, next] = value;
    return std::tie(step, error, output, context, next);
}
auto members(auto& value, Listening::Heard const*) {
    auto& [slot, position, event] = value;
    return std::tie(slot, position, event);
}
auto members(auto& value, Listening const*) {
    auto& [filters, waits, heard, declined] = value;
    return std::tie(filters, waits, heard, declined);
}
auto members(auto& value, Mapping::Outcome const*) {
    auto& [index, bytes] = value;
    return std::tie(index, bytes);
}
auto members(auto& value, Mapping const*) {
    auto& [workflow, version, count, concurrency, stop_after, items, parent, begun, place,
           begun_before, place_before, under_way, failed, withdrawn, outcomes, ended] = value;
    return std::tie(workflow, version, count, concurrency, stop_after, items, parent, begun, place,
                    begun_before, place_before, under_way, failed, withdrawn, outcomes, ended);
}
auto members(auto& value, CompensationPlanned const*) {
    auto& [step, kind, request, error] = value;
    return std::tie(step, kind, request, error);
}
auto members(auto& value, RunPaused const*) {
    auto& [by, reason] = value;
    return std::tie(by, reason);
}
auto members(auto& value, Timer const*) {
    auto& [due, fixed] = value;
    return std::tie(due, fixed);
}
auto members(auto& value, Deadline const*) {
    auto& [due, passed] = value;
    return std::tie(due, passed);
}
auto members(auto& value, Run const*) {
    auto& [id, started, started_at, status, context, output, error, cancel, pause, compensates,
           frames, activities, timers, deadlines, children, mappings, step_started, awaiting,
           listening, approvals, endings, signals, taken, ledger, compensations, standing, sequence,
           head, steps, attempts, places] = value;
    return std::tie(id, started, started_at, status, context, output, error, cancel, pause,
                    compensates, frames, activities, timers, deadlines, children, mappings,
                    step_started, awaiting, listening, approvals, endings, signals, taken, ledger,
                    compensations, standing, sequence, head,
                    steps, attempts, places);
}

template <class T>
concept Listed = requires(T& value) { members(value, static_cast<T const*>(nullptr)); };
template <class T>
concept Number = std::is_enum_v<T> || std::is_integral_v<T>;

// ---- writing

template <Number T> void put(Writer& out, T value) {
    out.number(static_cast<std::uint64_t>(value));
}
void put(Writer& out, std::string const& value) {
    out.number(value.size());
    out.raw(value.data(), value.size());
}
void put(Writer& out, Payload const& value) {
    auto const& text = value.text();
    auto const number = text.size() < long_text ? 0 : out.seen(text);
    out.number(number);
    if (number == 0) put(out, text);
}
void put(Writer& out, StepId const& value) { put(out, value.path); }
void put(Writer& out, Timestamp value) { put(out, value.microseconds); }
void put(Writer& out, Digest const& value) { out.raw(value.bytes.data(), value.bytes.size()); }
template <class Tag> void put(Writer& out, Id<Tag> const& value) {
    out.raw(value.value.data(), value.value.size());
}
template <Listed T> void put(Writer& out, T const& value);
template <class T> void put(Writer& out, std::optional<T> const& value) {
    out.number(value ? 1 : 0);
    if (value) put(out, *value);
}
template <class T> void put(Writer& out, std::vector<T> const& values) {
    out.number(values.size());
    for (auto const& value : values) put(out, value);
}
template <class K, class V> void put(Writer& out, std::map<K, V> const& values) {
    out.number(values.size());
    for (auto const& [key, value] : values) {
        put(out, key);
        put(out, value);
    }
}
template <class... T> void put(Writer& out, std::variant<T...> const& value) {
    out.number(value.index());
    std::visit([&](auto const& held) { put(out, held); }, value);
}
template <Listed T> void put(Writer& out, T const& value) {
    std::apply([&](auto const&... member) { (put(out, member), ...); },
               members(value, static_cast<T const*>(nullptr)));
}

// ---- reading

template <Number T> void get(Reader& from, T& value) { value = static_cast<T>(from.number()); }
void get(Reader& from, std::string& value) { value = from.raw(from.count()); }
void get(Reader& from, Payload& value) {
    if (auto const number = from.number()) {
        value = from.kept(static_cast<std::size_t>(number));
        return;
    }
    std::string text;
    get(from, text);
    bool const is_long = text.size() >= long_text;
    value = text == "null" ? Payload() : Payload::from_text(std::move(text));
    if (is_long) from.keep(value);
}
void get(Reader& from, StepId& value) { get(from, value.path); }
void get(Reader& from, Timestamp& value) { get(from, value.microseconds); }
void get(Reader& from, Digest& value) {
    std::memcpy(value.bytes.data(), from.raw(value.bytes.size()).data(), value.bytes.size());
}
template <class Tag> void get(Reader& from, Id<Tag>& value) {
    std::memcpy(value.value.data(), from.raw(value.value.size()).data(), value.value.size());
}
template <Listed T> void get(Reader& from, T& value);
template <class T> void get(Reader& from, std::optional<T>& value) {
    if (from.number()) get(from, value.emplace());
}
template <class T> void get(Reader& from, std::vector<T>& values) {
    values.resize(from.count());
    for (auto& value : values) get(from, value);
}
template <class K, class V> void get(Reader& from, std::map<K, V>& values) {
    for (auto left = from.count(); left > 0; --left) {
        K key{};
        get(from, key);
        get(from, values[std::move(key)]);
    }
}
template <class... T> void get(Reader& from, std::variant<T...>& value) {
    auto const index = from.number();
    bool known = false;
    auto take = [&]<std::size_t N>() {
        if (index != N) return;
        get(from, value.template emplace<N>());
        known = true;
    };
    [&]<std::size_t... N>(std::index_sequence<N...>) {
        (take.template operator()<N>(), ...);
    }(std::index_sequence_for<T...>());
    if (!known) throw CutShort();
}
template <Listed T> void get(Reader& from, T& value) {
    std::apply([&](auto&... member) { (get(from, member), ...); },
               members(value, static_cast<T const*>(nullptr)));
}

}  // namespace

std::string state_of(Run const& run) {
    Writer out;
    put(out, run);
    return out.take();
}

Snapshot snapshot_of(Run const& run, Timestamp at) {
    return {.run = run.id,
            .tenant = run.started.tenant,
            .sequence = run.sequence,
            .head = run.head,
            .definition = run.started.workflow.digest,
            .state = state_of(run),
            .at = at};
}

std::optional<Run> restore(Snapshot const& snapshot, Digest const& definition) {
    if (snapshot.format != snapshot_format || snapshot.definition != definition)
        return std::nullopt;
    Run run;
    try {
        Reader from(snapshot.state);
        get(from, run);
        if (!from.is_at_end()) return std::nullopt;
    } catch (CutShort const&) {
        return std::nullopt;
    }
    bool const is_it = run.id == snapshot.run && run.sequence == snapshot.sequence &&
                       run.head == snapshot.head && run.started.workflow.digest == definition;
    if (!is_it) return std::nullopt;
    return run;
}

}  // namespace resolute
