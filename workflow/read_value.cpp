// Reads values that may hold expressions: templates, conditions, durations, schemas, data shaping.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/duration.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

constexpr std::array standard_variables{"context", "input", "task", "workflow", "runtime", "tasks"};

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What stands in `${ }` when the text is wholly inside it.
std::optional<std::string> enclosed(std::string_view text) {
    text = trimmed(text);
    if (!text.starts_with("${") || !text.ends_with('}')) return std::nullopt;
    return std::string(trimmed(text.substr(2, text.size() - 3)));
}

// jq names what it does not know as `frist/0 is not defined`.
std::string function_meant(std::string const& message) {
    static std::vector<std::string> const functions{
        "add",        "all",        "any",       "ascii_downcase", "ascii_upcase",
        "contains",   "del",        "empty",     "endswith",       "error",
        "first",      "flatten",    "floor",     "from_entries",   "group_by",
        "has",        "index",      "inside",    "join",           "keys",
        "last",       "length",     "limit",     "ltrimstr",       "map",
        "map_values", "match",      "max",       "max_by",         "min",
        "min_by",     "not",        "path",      "paths",          "range",
        "recurse",    "reverse",    "rtrimstr",  "select",         "sort",
        "sort_by",    "split",      "sqrt",      "startswith",     "sub",
        "test",       "to_entries", "tojson",    "tonumber",       "tostring",
        "type",       "unique",     "unique_by", "with_entries"};
    auto const end = message.find("/");
    if (end == std::string::npos || !message.ends_with("is not defined.")) return {};
    auto const begin = message.rfind(' ', end) + 1;
    auto const near = did_you_mean(message.substr(begin, end - begin), functions);
    return near.empty() ? "" : near.substr(1);
}

std::string remedy_for(std::string const& text, std::string const& message,
                       Reading const& reading) {
    if (auto meant = function_meant(message); !meant.empty()) return meant;
    if (text.find("${") != std::string::npos)
        return "One `${ }` encloses the whole text; join texts inside it with `+`.";
    if (text.find("$output") != std::string::npos)
        return "`$output` exists in `output.as` and `export.as`.";
    if (text.find("$secrets") != std::string::npos)
        return "Secrets are used in `authentication` and in tool contracts only.";
    if (text.find("$authorization") != std::string::npos)
        return "Credentials never become data: the call sends them by its `authentication`.";
    for (auto dollar = text.find('$'); dollar != std::string::npos;
         dollar = text.find('$', dollar + 1)) {
        auto const end = text.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", dollar + 1);
        auto const name =
            text.substr(dollar + 1, end == std::string::npos ? end : end - dollar - 1);
        auto const known = reading.scope(true);
        if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
        auto const near = did_you_mean(name, known);
        return near.empty() ? "No step around sets `$" + name + "`." : near.substr(1);
    }
    return "See the jq manual for the syntax.";
}

// The place inside the expression, when it stands in the file as it is, on the line of its node.
Place place_in(Reading const& reading, Node const& node, std::string const& expression,
               Diagnostic const& problem) {
    auto place = place_of(node);
    auto const line = line_of(reading.text, node.line);
    auto const begin = line.find(expression, static_cast<std::size_t>(node.column - 1));
    if (problem.line == 1 && begin != std::string_view::npos)
        place.column = static_cast<int>(begin) + problem.column;
    return place;
}

std::optional<Expression> compile(Reading& reading, Node const& node, std::string const& text,
                                  bool with_output) {
    reading.expressions.emplace_back(place_of(node), text);
    auto compiled = Expression::compile(text, reading.scope(with_output));
    if (compiled) return std::move(*compiled);
    for (auto const& problem : compiled.diagnostics())
        reading.problems.error(
            place_in(reading, node, text, problem), codes::invalid_expression, problem.message,
            problem.remedy.empty() ? remedy_for(text, problem.message, reading) : problem.remedy);
    return std::nullopt;
}

Template read_text_template(Reading& reading, Node const& node, TemplateOptions options) {
    auto const inner = enclosed(node.text());
    if (inner || options.text == Text::bare) {
        auto compiled = compile(reading, node, inner.value_or(node.text()), options.with_output);
        return compiled ? Template(std::move(*compiled)) : Template();
    }
    if (reading.mode == Reading::Mode::loose) {
        auto compiled = Expression::compile(node.text(), reading.scope(options.with_output));
        if (compiled) return Template(std::move(*compiled), Payload(Json(node.text())));
    } else if (trimmed(node.text()).starts_with("${") &&
               node.text().find('}') == std::string::npos) {
        reading.problems.warn(place_of(node), codes::suspicious_text,
                              "This text begins with `${` and has no `}`, so it stays as it is.",
                              "Close the expression with `}`.");
    } else if (node.text().find("${") != std::string::npos) {
        reading.problems.warn(
            place_of(node), codes::suspicious_text,
            "This text contains `${` but is not wholly inside `${ }`, so it stays as it is.",
            "Put the whole text inside one `${ }`, in quotes, and join texts with `+`.");
    }
    return Template(Payload(Json(node.text())));
}

}  // namespace

std::vector<std::string> Reading::scope(bool with_output) const {
    std::vector<std::string> names(standard_variables.begin(), standard_variables.end());
    if (with_output) names.emplace_back("output");
    for (auto const& name : variables)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
}

Binding::Binding(Reading& reading, std::vector<std::string> names)
    : reading_(reading), before_(reading.variables.size()) {
    for (auto& name : names) reading_.variables.push_back(std::move(name));
}

Template read_template(Reading& reading, Node const& node, TemplateOptions options) {
    auto const inside = TemplateOptions{.text = Text::strict, .with_output = options.with_output};
    if (node.is(Node::Kind::text)) return read_text_template(reading, node, options);
    if (node.is(Node::Kind::list)) {
        std::vector<Template> items;
        for (auto const& item : node.items) items.push_back(read_template(reading, item, inside));
        return Template::list(std::move(items));
    }
    if (node.is(Node::Kind::map)) {
        std::map<std::string, Template> members;
        for (auto const& member : node.members)
            members.emplace(member.key, read_template(reading, member.value, inside));
        return Template::map(std::move(members));
    }
    return Template(Payload(node.scalar));
}

Template constant(Json value) { return Template(Payload(std::move(value))); }

Template tool_request(std::string tool, std::map<std::string, Template> arguments) {
    std::map<std::string, Template> request;
    request.emplace("tool", constant(std::move(tool)));
    request.emplace("arguments", Template::map(std::move(arguments)));
    return Template::map(std::move(request));
}

std::optional<Condition> read_condition(Reading& reading, Node const* node) {
    if (!node) return std::nullopt;
    if (!node->is(Node::Kind::text) && !node->is(Node::Kind::boolean)) {
        reading.problems.error(*node, codes::wrong_type,
                               "A condition must be an expression, and this is " +
                                   std::string(to_string(node->kind)) + ".");
        return std::nullopt;
    }
    return Condition{read_template(reading, *node, {.text = Text::bare})};
}

Template read_duration(Reading& reading, Node const& node) {
    auto read = read_template(reading, node);
    if (auto const* literal = read.literal()) {
        auto duration = duration_from(literal->json());
        if (!duration)
            for (auto const& problem : duration.diagnostics())
                reading.problems.error(node, codes::invalid_value, problem.message, problem.remedy);
    }
    return read;
}

std::optional<Duration> read_fixed_duration(Reading& reading, Node const& node) {
    auto const read = read_duration(reading, node);
    if (auto const* literal = read.literal()) {
        auto duration = duration_from(literal->json());
        return duration ? std::optional(*duration) : std::nullopt;
    }
    reading.problems.error(node, codes::invalid_value, "This duration cannot be an expression.",
                           "Write it out, such as PT5S.");
    return std::nullopt;
}

std::optional<Template> read_timeout(Reading& reading, Node const& reference) {
    auto const* node = &reference;
    if (reference.is(Node::Kind::text)) {
        auto const found = reading.offers.timeouts.find(reference.text());
        if (found == reading.offers.timeouts.end()) {
            reading.problems.error(reference, codes::unknown_reference,
                                   "`use.timeouts` has no timeout `" + reference.text() + "`.",
                                   "Write `timeout: { after: PT5S }`, or define it there.");
            return std::nullopt;
        }
        node = found->second;
    }
    Fields fields(*node, "`timeout`", reading.problems);
    auto const* after = fields.require("after");
    fields.finish();
    return after ? std::optional(read_duration(reading, *after)) : std::nullopt;
}

std::optional<JsonSchema> read_schema(Reading& reading, Node const& node) {
    auto compiled = JsonSchema::compile(to_json(node));
    if (compiled) return std::move(*compiled);
    for (auto const& problem : compiled.diagnostics()) {
        auto at = place_of(node);
        at.pointer += problem.pointer;
        reading.problems.error(at, codes::schema_invalid, problem.message, problem.remedy);
    }
    return std::nullopt;
}

Shaping read_shaping(Reading& reading, Node const* node, Side side) {
    Shaping shaping;
    if (!node) return shaping;
    Fields fields(*node,
                  side == Side::input    ? "`input`"
                  : side == Side::output ? "`output`"
                                         : "`export`",
                  reading.problems);
    if (auto const* schema = fields.find("schema")) {
        Fields description(*schema, "`schema`", reading.problems);
        auto const format = description.text("format").value_or("json");
        if (format != "json" && !format.starts_with("json:"))
            reading.problems.unsupported(place_of(*schema->find("format")),
                                         "The schema format `" + format + "`",
                                         "Use a JSON Schema.");
        if (auto const* resource = description.member("resource"))
            reading.problems.unsupported(place_of(*resource), "A schema outside the document",
                                         "Put it into `document`.");
        else if (auto const* document = description.require("document"))
            shaping.schema = read_schema(reading, *document);
        description.finish();
    }
    if (auto const* shape = fields.find(side == Side::input ? "from" : "as"))
        shaping.shape = read_template(reading, *shape,
                                      {.text = Text::bare, .with_output = side != Side::input});
    fields.finish();
    return shaping;
}

Shaping read_export(Reading& reading, Fields& fields) {
    auto const* exported = fields.member("export");
    if (!exported) return {};
    if (reading.in_branch)
        reading.problems.error(
            place_of(*exported), codes::invalid_value,
            "A step inside a `fork` cannot export: branches would race for the context.",
            "Export from the `fork` itself, after the branches have joined.");
    return read_shaping(reading, &exported->value, Side::exported);
}

std::optional<std::string> read_variable(Reading& reading, Node const* node) {
    if (!node) return std::nullopt;
    auto name = read_text(*node, "The name of a variable", reading.problems);
    if (!name) return std::nullopt;
    auto const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    bool const shaped =
        !name->empty() && name->size() <= limits::step_name_bytes &&
        std::string_view(letters).find((*name)[0]) != std::string_view::npos &&
        name->find_first_not_of(std::string(letters) + "0123456789") == std::string::npos;
    auto const taken = std::find(standard_variables.begin(), standard_variables.end(), *name) !=
                           standard_variables.end() ||
                       *name == "output";
    if (shaped && !taken) return name;
    reading.problems.error(*node, codes::invalid_name,
                           taken ? "The variable `$" + *name + "` exists already."
                                 : "`" + *name + "` cannot name a variable.",
                           taken ? "Choose another name." : "Use letters, digits and `_`.");
    return std::nullopt;
}

}  // namespace resolute::workflow
