#include "workflow/load.h"

#include <regex>

#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

void read_pattern(Fields& fields, char const* key, std::string& into, std::regex const& pattern,
                  std::string const& rule) {
    auto text = fields.required_text(key);
    if (!text) return;
    if (text->size() > 256 || !std::regex_match(*text, pattern))
        fields.problems().error(*fields.find(key), codes::invalid_value,
                                "`" + std::string(key) + "` is `" + *text + "`.", rule);
    into = std::move(*text);
}

void read_document(Reading& reading, Node const& node, Definition& definition) {
    static std::regex const version(R"(\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)");
    static std::regex const label("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");
    std::string dsl, space, name;
    Fields fields(node, "`document`", reading.problems);
    read_pattern(fields, "dsl", dsl, version,
                 "Write the version of the language in three numbers, such as 1.0.3.");
    read_pattern(fields, "namespace", space, label, "Use letters, digits and `-`, 63 at most.");
    read_pattern(fields, "name", name, label, "Use letters, digits and `-`, 63 at most.");
    read_pattern(fields, "version", definition.ref.version, version,
                 "Write three numbers, such as 1.0.0.");
    if (!dsl.empty() && !dsl.starts_with("1.0."))
        reading.problems.unsupported(place_of(*fields.find("dsl")),
                                     "Version " + dsl + " of the language", "Use 1.0.3.");
    definition.ref.name = space + "/" + name;
    definition.title = fields.text("title").value_or(name);
    definition.summary = fields.text("summary").value_or("");
    fields.find("tags");
    fields.find("metadata");
    fields.finish();
}

void read_evaluate(Reading& reading, Node const& node) {
    Fields fields(node, "`evaluate`", reading.problems);
    if (auto const language = fields.text("language").value_or("jq"); language != "jq")
        reading.problems.unsupported(place_of(*fields.find("language")),
                                     "The expression language `" + language + "`", "Use jq.");
    auto const mode = fields.text("mode").value_or("strict");
    if (mode == "loose")
        reading.mode = Reading::Mode::loose;
    else if (mode != "strict")
        reading.problems.error(*fields.find("mode"), codes::invalid_value,
                               "`mode` is strict or loose.");
    fields.finish();
}

void read_top(Reading& reading, Node const& root, Definition& definition) {
    Fields top(root, "A workflow", reading.problems);
    if (auto const* document = top.require("document"))
        read_document(reading, *document, definition);
    if (auto const* evaluate = top.find("evaluate")) read_evaluate(reading, *evaluate);
    if (auto const* use = top.find("use")) read_use(reading, *use);
    definition.input = read_shaping(reading, top.find("input"), Side::input);
    definition.output = read_shaping(reading, top.find("output"), Side::output);
    if (auto const* timeout = top.find("timeout"))
        definition.timeout = read_timeout(reading, *timeout);
    if (auto const* steps = top.require("do"))
        read_block(reading, *steps, definition.steps, {.path = "do"});
    if (auto const* schedule = top.find("schedule"))
        definition.schedule =
            read_schedule(reading, *schedule, top.find("document"), definition.input);
    else
        check_no_schedule(reading, top.find("document"));
    definition.admission = read_admission(reading, top.find("document"));
    top.find("metadata");
    top.finish();
}

void index_steps(Block const& block, Definition& definition) {
    for (auto const& step : block.steps) {
        definition.by_node.emplace(step->node, step.get());
        for (auto const* inner : blocks_of(*step)) index_steps(*inner, definition);
    }
}

}  // namespace

Result<std::shared_ptr<Definition const>> load(std::string_view text, std::string const& file) {
    auto root = read_yaml(text, file);
    if (!root) return root.diagnostics();
    auto definition = std::make_shared<Definition>();
    definition->file = file;
    definition->text = text;
    definition->ref.digest = sha256(text);
    definition->document = to_json(*root);
    Problems problems(file);
    Reading reading{.problems = problems, .text = text};
    read_top(reading, *root, *definition);
    if (problems.has_errors()) return problems.in_order();
    definition->warnings = problems.in_order();
    definition->expressions = std::move(reading.expressions);
    index_steps(definition->steps, *definition);
    return std::shared_ptr<Definition const>(std::move(definition));
}

}  // namespace resolute::workflow
