// An immutable JSON value that travels between steps: shared, never copied, parsed and written
// once.
//
// Thread-safe to read; copying a Payload copies a pointer. A default-constructed one is JSON null.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace resolute {

class Payload {
  public:
    Payload();                          // null
    Payload(Json value);                // NOLINT: a Json is a Payload
    static Payload from_text(
        std::string text);  // trusted text (our own history): parsed on first use

    Json const& json() const;
    std::string const& text() const;    // compact, keys sorted unless it came from_text
    bool is_null() const;

    // A member of an object as a payload of its own, which keeps the whole alive; none when there
    // is no such member.
    std::optional<Payload> member(std::string_view name) const;
    // A member that is text. Does not parse what was not parsed before.
    std::optional<std::string> text_at(std::string_view name) const;

    friend bool operator==(Payload const& a, Payload const& b) {
        return a.rep_ == b.rep_ || a.json() == b.json();
    }

  private:
    struct Rep;
    std::shared_ptr<Rep const> rep_;
};

}  // namespace resolute
