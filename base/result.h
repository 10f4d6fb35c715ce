// Either a value or everything that was wrong with the input that should have made it.
//
// Used at boundaries only: text, bytes and JSON that came from outside. An outcome of the world is
// a value of its own, and a lost connection is an exception.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace resolute {

enum class Severity { error, warning };

// One thing that is wrong, with its place and how to mend it. Line and column count from 1; 0 means
// that the place is not a position in a text.
struct Diagnostic {
    std::string code;  // stable, lower case: see base/error_codes.h
    std::string message;  // one sentence: what is wrong
    std::string remedy;  // one sentence: how to mend it; may be empty
    std::string file;
    int line = 0;
    int column = 0;
    std::string pointer;  // JSON pointer into the document, when there is one
    Severity severity = Severity::error;

    bool operator==(Diagnostic const&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:column: message (remedy)", the form that editors and people know from compilers.
std::string to_string(Diagnostic const& diagnostic);
std::string to_string(Diagnostics const& diagnostics);  // one per line

// Thrown where a caller has no use for the diagnostics one by one.
struct InvalidInput : std::runtime_error {
    explicit InvalidInput(Diagnostics all)
        : std::runtime_error(to_string(all)), diagnostics(std::move(all)) {}
    Diagnostics diagnostics;
};

template <class T>
class Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Diagnostics diagnostics) : state_(std::in_place_index<1>, std::move(diagnostics)) {}
    Result(Diagnostic diagnostic)
        : state_(std::in_place_index<1>, Diagnostics{std::move(diagnostic)}) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() { return std::get<0>(state_); }
    T const& operator*() const { return std::get<0>(state_); }
    T* operator->() { return &std::get<0>(state_); }
    T const* operator->() const { return &std::get<0>(state_); }
    Diagnostics const& diagnostics() const { return std::get<1>(state_); }

    // The value, or InvalidInput with all diagnostics.
    T value() && {
        if (!*this) throw InvalidInput(diagnostics());
        return std::get<0>(std::move(state_));
    }

  private:
    std::variant<T, Diagnostics> state_;
};

}  // namespace resolute
