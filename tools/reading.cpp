#include "tools/reading.h"

#include <algorithm>

#include "base/spelling.h"
#include "workflow/duration.h"

namespace resolute::tools {
namespace {

std::string ticked(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

void wrong(Fields& fields, std::string_view key, char const* code, std::string message,
           std::string remedy) {
    auto const* found = fields.find(key);
    fields.problems().error(found ? *found : fields.node(), code, std::move(message),
                            std::move(remedy));
}

std::optional<std::string> required_name(Fields& fields, std::string_view key) {
    auto text = fields.required_text(key);
    if (text && text->empty()) {
        wrong(fields, key, codes::invalid_value, ticked(key) + " is empty.");
        return std::nullopt;
    }
    return text;
}

std::optional<Duration> duration(Fields& fields, std::string_view key) {
    auto const* found = fields.find(key);
    if (!found) return std::nullopt;
    auto const duration = workflow::duration_from(to_json(*found));
    if (duration && duration->count() > 0) return *duration;
    fields.problems().error(*found, codes::invalid_value,
                            ticked(key) + " must be a duration of more than zero.",
                            "Write it as in ISO 8601: `PT10S`, `PT1.5S`, `PT30M`, `P1D`.");
    return std::nullopt;
}

std::optional<std::string> word(Fields& fields, std::string_view key,
                                std::vector<std::string> const& allowed) {
    auto const written = fields.text(key);
    if (!written || std::ranges::find(allowed, *written) != allowed.end()) return written;
    wrong(fields, key, codes::invalid_value, ticked(key) + " cannot be " + ticked(*written) + ".",
          "It is one of " + list_of(allowed) + "." + did_you_mean(*written, allowed));
    return std::nullopt;
}

std::optional<workflow::Expression> expression(Fields& fields, std::string_view key,
                                               std::vector<std::string> const& variables) {
    auto const written = fields.text(key);
    if (!written) return std::nullopt;
    auto expression = workflow::Expression::compile(*written, variables);
    if (expression) return std::move(*expression);
    for (auto const& problem : expression.diagnostics())
        wrong(fields, key, codes::invalid_expression, ticked(key) + ": " + problem.message,
              problem.remedy);
    return std::nullopt;
}

void refuse(Fields& fields, std::string_view key, std::string const& remedy) {
    if (auto const* member = fields.member(key))
        fields.problems().unsupported(workflow::place_of(*member), ticked(key), remedy);
}

std::string list_of(std::vector<std::string> const& words) {
    std::string list;
    for (auto const& word : words) list += (list.empty() ? "" : ", ") + ticked(word);
    return list;
}

}  // namespace resolute::tools
