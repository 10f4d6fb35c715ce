#include "workflow/problems.h"

#include <algorithm>
#include <tuple>

namespace resolute::workflow {

void Problems::add(Severity severity, Place const& at, char const* code, std::string message,
                   std::string remedy) {
    Diagnostic problem{.code = code,
                       .message = std::move(message),
                       .remedy = std::move(remedy),
                       .file = file_,
                       .line = at.line,
                       .column = at.column,
                       .pointer = at.pointer,
                       .severity = severity};
    if (severity == Severity::error) has_errors_ = true;
    all_.push_back(std::move(problem));
}

void Problems::error(Place const& at, char const* code, std::string message, std::string remedy) {
    add(Severity::error, at, code, std::move(message), std::move(remedy));
}

void Problems::warn(Place const& at, char const* code, std::string message, std::string remedy) {
    add(Severity::warning, at, code, std::move(message), std::move(remedy));
}

void Problems::unsupported(Place const& at, std::string const& construct, std::string remedy) {
    error(at, codes::unsupported_construct, construct + " is not supported yet.",
          std::move(remedy));
}

Diagnostics Problems::in_order() {
    std::sort(all_.begin(), all_.end(), [](Diagnostic const& a, Diagnostic const& b) {
        return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
    });
    // What stands once and is read for each of its uses is told once.
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
    return all_;
}

}  // namespace resolute::workflow
