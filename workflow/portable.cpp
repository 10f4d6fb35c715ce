#include "workflow/portable.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "workflow/problems.h"
#include "workflow/yaml.h"

namespace resolute::workflow {
namespace {

// Something to put into the text, before the character at a line and a column.
struct Insertion {
    int line = 0;
    int column = 0;
    std::string text;
};

std::regex const& mention() {
    static std::regex const found(R"(\$tasks\b(\s*\.\s*([A-Za-z_][A-Za-z0-9_]*))?)");
    return found;
}

bool is_in_fork(Step const& step) {
    for (auto const* around = step.around; around; around = around->around)
        if (std::holds_alternative<Fork>(around->what)) return true;
    return false;
}

Node const* at_pointer(Node const& from, std::string const& pointer) {
    if (from.pointer == pointer) return &from;
    for (auto const& member : from.members)
        if (auto const* found = at_pointer(member.value, pointer)) return found;
    for (auto const& item : from.items)
        if (auto const* found = at_pointer(item, pointer)) return found;
    return nullptr;
}

class Rewriting {
  public:
    explicit Rewriting(Definition const& definition)
        : definition_(definition),
          problems_(definition.file),
          root_(*read_yaml(definition.text, definition.file)) {}

    Result<Portable> rewrite() {
        read_mentions();
        visit_steps(definition_.steps, [&](Step const& step) { look_at(step); });
        for (auto const& [name, place] : wanted_)
            if (!exported_.contains(name))
                problems_.error(
                    place, codes::unknown_reference,
                    "No step is named `" + name + "`, so `$tasks." + name + "` is always null.",
                    "Remove it.");
        if (definition_.text.find("$context.tasks") != std::string::npos && !wanted_.empty())
            problems_.error(Place{1, 1, ""}, codes::duplicate_name,
                            "`$context` has a member `tasks` already, where outputs would be kept.",
                            "Give it another name.");
        auto text = rewritten();
        auto found = problems_.in_order();
        if (std::ranges::any_of(found,
                                [](auto const& one) { return one.severity == Severity::error; }))
            return found;
        return Portable{std::move(text), std::move(found)};
    }

  private:
    void read_mentions() {
        for (auto const& [place, text] : definition_.expressions)
            for (auto it = std::sregex_iterator(text.begin(), text.end(), mention());
                 it != std::sregex_iterator(); ++it) {
                ++mentions_;
                if ((*it)[2].matched)
                    wanted_.try_emplace((*it)[2].str(), place);
                else
                    problems_.error(place, codes::unsupported_construct,
                                    "`$tasks` is read otherwise than by a name.",
                                    "Write `$tasks.NAME` for each step that is meant.");
            }
    }

    void look_at(Step const& step) {
        if (auto const* call = std::get_if<Call>(&step.what); call && !is_standard(*call))
            note(step, call->function);
        if (std::holds_alternative<Ask>(step.what)) note(step, "approval");
        if (std::holds_alternative<Map>(step.what)) note(step, "map");
        auto const* node = at_pointer(root_, step.place.pointer);
        bool const exports = node && node->is(Node::Kind::map) && node->find("export");
        if (exports && !wanted_.empty())
            problems_.error(place_of(*node->find("export")), codes::unsupported_construct,
                            "The `export` of `" + step.name +
                                "` replaces `$context`, where the outputs of steps would be kept.",
                            "Export `… + { tasks: $context.tasks }`, or read it by `$tasks`.");
        auto const wanted = wanted_.find(step.name);
        if (wanted == wanted_.end()) return;
        exported_.insert(step.name);
        if (is_in_fork(step))
            problems_.error(
                wanted->second, codes::unsupported_construct,
                "`$tasks." + step.name + "` is a step inside a `fork`, where nothing may export.",
                "Read it from the output of the `fork`.");
        else if (!exports && node && !node->members.empty())
            add_export(step, *node);
    }

    static bool is_standard(Call const& call) {
        for (auto const* own : {"http.", "openapi.", "run.", "mcp.", "a2a."})
            if (call.target.starts_with(own)) return true;
        return call.target.empty() && call.function == "tool";  // the request of an operation
    }

    void note(Step const& step, std::string const& function) {
        problems_.warn(step.place, codes::unknown_function,
                       "`" + function + "` is a function of this engine.",
                       "Another runtime needs it in its catalog `default`.");
    }

    void add_export(Step const& step, Node const& node) {
        auto const value =
            "export: { as: '${ . as $value | ($context | objects // {}) | .tasks[\"" + step.name +
            "\"] = $value }' }";
        auto const& first = node.members.front();
        bool const is_flow = character_at(node.line, node.column) == '{';
        if (is_flow)
            insertions_.push_back({first.line, first.column, value + ", "});
        else
            insertions_.push_back(
                {first.line, first.column,
                 value + "\n" + std::string(static_cast<std::size_t>(first.column - 1), ' ')});
    }

    std::size_t offset_of(int line, int column) const {
        std::size_t offset = 0;
        for (int i = 1; i < line; ++i) offset = definition_.text.find('\n', offset) + 1;
        return offset + static_cast<std::size_t>(column - 1);
    }
    char character_at(int line, int column) const {
        auto const offset = offset_of(line, column);
        return offset < definition_.text.size() ? definition_.text[offset] : '\0';
    }

    // From the end on, so that what comes before stays where it is.
    std::string rewritten() {
        auto text = definition_.text;
        std::ranges::sort(insertions_, std::greater(),
                          [&](Insertion const& one) { return offset_of(one.line, one.column); });
        auto const found = std::distance(std::sregex_iterator(text.begin(), text.end(), mention()),
                                         std::sregex_iterator());
        if (static_cast<std::size_t>(found) != mentions_)
            problems_.error(Place{1, 1, ""}, codes::suspicious_text,
                            "`$tasks` stands in a text or a comment, too.",
                            "Take it out: it cannot be told from what is read.");
        for (auto const& one : insertions_) text.insert(offset_of(one.line, one.column), one.text);
        static std::regex const reading(R"(\$tasks\s*\.\s*([A-Za-z_][A-Za-z0-9_]*))");
        return std::regex_replace(text, reading, "$$context.tasks.$1");
    }

    Definition const& definition_;
    Problems problems_;
    Node root_;
    std::map<std::string, Place> wanted_;  // the names that are read, and where first
    std::set<std::string> exported_;
    std::size_t mentions_ = 0;
    std::vector<Insertion> insertions_;
};

}  // namespace

Result<Portable> portable(Definition const& definition) { return Rewriting(definition).rewrite(); }

}  // namespace resolute::workflow
