#include "base/result.h"

namespace resolute {

std::string to_string(Diagnostic const& diagnostic) {
    std::string text;
    if (!diagnostic.file.empty()) text += diagnostic.file + ":";
    if (diagnostic.line > 0)
        text += std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column) + ":";
    if (!text.empty()) text += " ";
    if (diagnostic.severity == Severity::warning) text += "warning: ";
    text += diagnostic.message;
    if (!diagnostic.pointer.empty()) text += " (at " + diagnostic.pointer + ")";
    if (!diagnostic.remedy.empty()) text += " " + diagnostic.remedy;
    return text;
}

std::string to_string(Diagnostics const& diagnostics) {
    std::string text;
    for (auto const& diagnostic : diagnostics) {
        if (!text.empty()) text += "\n";
        text += to_string(diagnostic);
    }
    return text;
}

}  // namespace resolute
