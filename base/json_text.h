// Reads JSON text that this program wrote, token by token, without building a value of it.
//
// What is read moves on; what cannot be read (text in another layout than to_text writes, strings
// with escapes) answers false or nothing, and then the place is not where it was: parse the text
// instead. Of text that came from outside it checks too little. Not thread-safe.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace resolute {

class JsonText {
  public:
    explicit JsonText(std::string_view text) : rest_(text) {}

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

}  // namespace resolute
