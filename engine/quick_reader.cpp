#include "engine/quick_reader.h"

#include <charconv>
#include <utility>

#include "engine/fact_fields.h"
#include "engine/names.h"

namespace resolute {
namespace {

class Text {
  public:
    explicit Text(std::string_view text) : rest_(text) {}

    bool take(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    bool starts_with(char next) const { return !rest_.empty() && rest_.front() == next; }
    bool is_at_end() const { return rest_.empty(); }
    // A string without escapes.
    std::optional<std::string_view> plain_string() {
        if (!take('"')) return std::nullopt;
        auto const end = rest_.find('"');
        if (end == rest_.npos) return std::nullopt;
        auto const content = rest_.substr(0, end);
        if (content.find('\\') != content.npos) return std::nullopt;
        rest_.remove_prefix(end + 1);
        return content;
    }
    // Any value, as it is written; its brackets match, more is not checked.
    std::optional<std::string_view> value() {
        std::size_t at = 0;
        int depth = 0;
        do {
            at = end_of_token(at, depth);
            if (at == rest_.npos) return std::nullopt;
        } while (depth > 0);
        if (at == 0 || depth < 0) return std::nullopt;
        auto const whole = rest_.substr(0, at);
        rest_.remove_prefix(at);
        return whole;
    }
    std::optional<int> number() {
        int parsed = 0;
        auto const [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), parsed);
        if (error != std::errc{}) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        if (!starts_with(',') && !starts_with('}') && !starts_with(']')) return std::nullopt;
        return parsed;
    }

  private:
    // Past one string, one bracket, or a run of other characters up to one of those.
    std::size_t end_of_token(std::size_t at, int& depth) const {
        if (at >= rest_.size()) return rest_.npos;
        switch (rest_[at]) {
            case '{':
            case '[': ++depth; return at + 1;
            case '}':
            case ']': --depth; return at + 1;
            case '"': return end_of_string(at);
            default: break;
        }
        auto const stop =
            depth > 0 ? rest_.find_first_of("\"{}[]", at) : rest_.find_first_of(",}]", at);
        return stop;
    }
    std::size_t end_of_string(std::size_t at) const {
        for (++at; at < rest_.size(); ++at) {
            if (rest_[at] == '\\')
                ++at;
            else if (rest_[at] == '"')
                return at + 1;
        }
        return rest_.npos;
    }

    std::string_view rest_;
};

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
