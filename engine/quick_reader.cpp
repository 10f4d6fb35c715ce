#include "engine/quick_reader.h"

#include <utility>

#include "base/json_text.h"
#include "engine/fact_fields.h"
#include "engine/names.h"

namespace resolute {
namespace {

using Text = JsonText;

template <class T> bool assign(T& to, std::optional<T> from) {
    if (from) to = *std::move(from);
    return from.has_value();
}

bool read(Text& from, std::string& value) {
    auto const content = from.plain_string();
    if (content) value = *content;
    return content.has_value();
}
bool read(Text& from, bool& value) {
    value = from.take("true");
    return value || from.take("false");
}
bool read(Text& from, int& value) { return assign(value, from.number()); }
// Rare, and longer than what is read quickly: the other reader takes them.
bool read(Text&, std::uint64_t&) { return false; }
bool read(Text&, std::vector<Takeover>&) { return false; }
bool read(Text& from, StepId& value) { return read(from, value.path); }
bool read(Text& from, Payload& value) {
    auto const text = from.value();
    if (!text) return false;
    value = *text == "null" ? Payload() : Payload::from_text(std::string(*text));
    return true;
}
bool read(Text& from, Timestamp& value) {
    auto const content = from.plain_string();
    if (!content) return false;
    auto const parsed = parse_timestamp(*content);
    if (parsed) value = *parsed;
    return static_cast<bool>(parsed);
}
bool read(Text& from, Digest& value) {
    auto const content = from.plain_string();
    return content && assign(value, parse_digest(*content));
}
template <class Tag> bool read(Text& from, Id<Tag>& value) {
    auto const content = from.plain_string();
    return content && assign(value, Id<Tag>::parse(*content));
}
template <Named E> bool read(Text& from, E& value) {
    auto const content = from.plain_string();
    return content && assign(value, parse_name<E>(*content));
}
bool read(Text& from, std::vector<std::string>& value) {
    if (!from.take('[')) return false;
    if (from.take(']')) return true;
    do {
        if (!read(from, value.emplace_back())) return false;
    } while (from.take(','));
    return from.take(']');
}
template <class T>
    requires has_fields<T>
bool read(Text& from, T& value);
template <class T> bool read(Text& from, std::optional<T>& value) {
    return read(from, value.emplace());
}

template <class T>
    requires has_fields<T>
bool read(Text& from, T& value) {
    if (!from.take('{')) return false;
    if (from.take('}')) return true;
    do {
        auto const name = from.plain_string();
        if (!name || !from.take(':')) return false;
        bool known = false;
        bool good = true;
        auto member = [&](auto const& field) {
            if (known || *name != field.name) return;
            known = true;
            good = read(from, value.*field.member);
        };
        std::apply([&](auto const&... field) { (member(field), ...); }, fields<T>);
        if (!good || (!known && !from.value())) return false;
    } while (from.take(','));
    return from.take('}');
}

}  // namespace

std::optional<Fact> read_quickly(std::int16_t kind, std::string_view body) {
    auto const index = static_cast<std::size_t>(kind - 1);
    Text text(body);
    std::optional<Fact> fact(std::in_place);
    bool good = false;
    auto read_as = [&]<std::size_t N>() {
        if (index == N) good = read(text, fact->emplace<N>());
    };
    [&]<std::size_t... N>(std::index_sequence<N...>) {
        (read_as.template operator()<N>(), ...);
    }(std::make_index_sequence<std::variant_size_v<Fact>>());
    if (!good || !text.is_at_end()) return std::nullopt;
    return fact;
}

}  // namespace resolute
