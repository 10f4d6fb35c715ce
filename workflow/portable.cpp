#include "workflow/portable.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "workflow/load.h"
#include "workflow/portable_scope.h"
#include "workflow/portable_text.h"
#include "workflow/problems.h"
#include "workflow/yaml_scalar.h"

namespace resolute::workflow {
namespace {

// `$tasks` by a name in [2] or [3], `$context` by a member in [5].
std::regex const& mention() {
    static std::regex const found(
        R"re((\$tasks)\b(?:\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*\\?"([^"\\]+)\\?"\s*\])?)re"
        R"re(|(\$context)\b(\s*\.\s*[A-Za-z_])?)re");
    return found;
}

// What outputs are kept in, and what the author keeps. No quotes, so that it fits into any.
constexpr auto kept_tasks = "($context | .__tasks? // {})";
constexpr auto kept_context = "($context | if .__tasks? // false then .__context else . end)";

Node const* at_pointer(Node const& from, std::string const& pointer) {
    if (from.pointer == pointer) return &from;
    if (!pointer.starts_with(from.pointer)) return nullptr;
    for (auto const& member : from.members)
        if (auto const* found = at_pointer(member.value, pointer)) return found;
    for (auto const& item : from.items)
        if (auto const* found = at_pointer(item, pointer)) return found;
    return nullptr;
}

bool is_standard(Call const& call) {
    for (auto const* own : {"http.", "openapi.", "run.", "mcp.", "a2a."})
        if (call.target.starts_with(own)) return true;
    return call.target.empty() && call.function == "tool";  // the request of an operation
}

std::string in_braces(std::string const& text) {
    auto const first = text.find_first_not_of(" \n\t");
    bool const has = first != std::string::npos && text.substr(first).starts_with("${");
    return has ? text : "${ " + text + " }";
}

class Rewriting {
  public:
    explicit Rewriting(Definition const& definition)
        : definition_(definition),
          problems_(definition.file),
          root_(*read_yaml(definition.text, definition.file)),
          wanted_document_(definition.document) {}

    Result<Portable> rewrite() {
        read_mentions();
        visit_steps(definition_.steps, [&](Step const& step) { look_at(step); });
        for (auto const& [name, reads] : reads_) plan(name, reads);
        if (!reads_.empty()) write();
        auto found = problems_.in_order();
        if (problems_.has_errors()) return found;
        return Portable{edited(definition_.text, std::move(edits_)), std::move(found)};
    }

  private:
    using Match = std::smatch;

    void read_mentions() {
        for (auto const& [place, text] : definition_.expressions)
            for (auto it = std::sregex_iterator(text.begin(), text.end(), mention());
                 it != std::sregex_iterator(); ++it) {
                expressions_.insert(place.pointer);
                auto const& found = *it;
                if (found[4].matched)
                    wraps_ = wraps_ || !found[5].matched || !begins_with_object();
                else if (found[2].matched || found[3].matched)
                    reads_[found[2].matched ? found[2] : found[3]].push_back(place);
                else
                    problems_.error(place, codes::unsupported_construct,
                                    "`$tasks` is read otherwise than by a name.",
                                    "Write `$tasks.NAME` for each step that is meant.");
            }
    }

    // Whether outputs can be members of the context: it begins as the input.
    bool begins_with_object() const {
        auto const& document = definition_.document;
        auto const from = document.value("/input/from"_json_pointer, Json());
        return (from.is_null() &&
                document.value("/input/schema/document/type"_json_pointer, Json()) == "object") ||
               from.is_object();
    }

    void look_at(Step const& step) {
        if (auto const* call = std::get_if<Call>(&step.what); call && !is_standard(*call))
            note(step, call->function);
        if (std::holds_alternative<Ask>(step.what)) note(step, "approval");
        if (std::holds_alternative<Map>(step.what)) note(step, "map");
        auto const& pointer = step.place.pointer;
        auto const* node = at_pointer(root_, pointer);
        // What the reader made up stands at the place of another step.
        bool const is_written = node && node->is(Node::Kind::map) &&
                                pointer.substr(pointer.rfind('/') + 1) == pointer_token(step.name);
        if (!is_written) return;
        bool const is_around = step.around && step.around->place.pointer == pointer;
        auto& all = named_[step.name];
        if (is_around) std::erase(all, step.around);
        all.push_back(&step);
        for (auto const* exporter : {node, node->find("foreach")}) {
            auto const* exported =
                exporter && exporter->is(Node::Kind::map) ? exporter->find("export") : nullptr;
            if (!exported) continue;
            wraps_ = true;
            exports_.insert(exporter->pointer);
            if (exported->find("schema") && !reads_.empty())
                problems_.error(*exported, codes::unsupported_construct,
                                "The `schema` of this `export` is of the context alone, and the "
                                "outputs of steps are kept beside it.",
                                "Check it in the `output` of the step.");
        }
    }

    void note(Step const& step, std::string const& function) {
        problems_.warn(step.place, codes::unknown_function,
                       "`" + function + "` is a function of this engine.",
                       "Another runtime needs it in its catalog `default`.");
    }

    // ---- which step exports it

    void refuse(Place const& at, std::string const& name, std::string const& why,
                std::string const& remedy) {
        problems_.error(at, codes::unsupported_construct, "`$tasks." + name + "` " + why, remedy);
    }

    void plan(std::string const& name, std::vector<Place> const& reads) {
        auto const found = named_.find(name);
        if (found == named_.end())
            return problems_.error(
                reads.front(), codes::unknown_reference,
                "No step is named `" + name + "`, so `$tasks." + name + "` is always null.",
                "Remove it.");
        for (auto const* step : found->second) {
            auto const origin = origin_of(*step);
            if (!origin) {
                refuse(reads.front(), name,
                       "is a step inside a `fork`, whose output does not have it.",
                       "Read it from the output of the `fork`.");
                continue;
            }
            if (origin->is_conditional &&
                (found->second.size() > 1 || is_repeated(*origin->exporter)))
                refuse(reads.front(), name,
                       "may be passed over, which the output of its `fork` does not tell.",
                       "Read it from the output of the `fork`.");
            check_reads(name, *origin->exporter, reads);
            auto const* shape = origin->exporter->output.shape ? "$task.output" : ".";
            auto const value = origin->path.empty() ? "." : shape + origin->path;
            auto& kept = plans_[origin->exporter->place.pointer][name];
            if (kept.size() > 1 && !origin->path.empty() && kept != value)
                refuse(reads.front(), name,
                       "is several branches of one `fork`, and the one that ends last counts.",
                       "Give them names of their own.");
            if (kept != ".") kept = value;  // the `fork` itself ends after its branches
        }
    }

    // What `$tasks` forgets and an export keeps.
    void check_reads(std::string const& name, Step const& exporter,
                     std::vector<Place> const& reads) {
        for (auto const& read : reads) {
            is_sure_ = is_sure_ && comes_before(exporter, read.pointer);
            bool const at_the_end = read.pointer.starts_with("/output");
            if (is_forgotten(exporter) && !comes_before(exporter, read.pointer))
                return refuse(read, name,
                              "is null again once `" + exporter.around->name +
                                  "` has failed, and what was exported stays.",
                              "Read it after `" + exporter.name + "` in the same list.");
            if (at_the_end && exporter.around && ends_inside(definition_))
                return refuse(read, name,
                              "is null when `end` leaves `" + exporter.around->name +
                                  "`, and what was exported stays.",
                              "Leave the block with `exit` first.");
        }
    }

    // ---- the text

    void write() {
        for (auto const* own : {"__tasks", "__context"})
            if (definition_.text.find(own) != std::string::npos)
                return problems_.error(Place{1, 1, ""}, codes::duplicate_name,
                                       std::string("`") + own +
                                           "` stands in this file, and outputs would be kept "
                                           "there.",
                                       "Give it another name.");
        for (auto const& pointer : expressions_) rename_mentions(pointer);
        for (auto const& pointer : exports_) plans_.try_emplace(pointer);
        for (auto const& [pointer, values] : plans_) write_export(pointer, values);
        if (!problems_.has_errors()) check();
    }

    std::string renamed(std::string const& text) const {
        std::string result;
        auto rest = text.cbegin();
        for (auto it = std::sregex_iterator(text.begin(), text.end(), mention());
             it != std::sregex_iterator(); ++it) {
            result.append(rest, (*it)[0].first);
            result += renamed(*it);
            rest = (*it)[0].second;
        }
        return result.append(rest, text.cend());
    }

    // What follows the variable stays as it is written.
    std::string renamed(Match const& found) const {
        auto const part = found[1].matched ? 1 : 4;
        std::string name = found[static_cast<std::size_t>(part)];
        if (part == 1)
            name = is_sure_ && !wraps_ ? "$context.__tasks" : kept_tasks;
        else if (wraps_)
            name = kept_context;
        return name + std::string(found[static_cast<std::size_t>(part)].second, found[0].second);
    }

    bool is_in_export(std::string const& pointer) const {
        return std::ranges::any_of(exports_, [&](auto const& exporter) {
            return pointer.starts_with(exporter + "/export/");
        });
    }

    // The first mentions of the text from where the value stands on are those of the value.
    void rename_mentions(std::string const& pointer) {
        if (is_in_export(pointer)) return;  // written anew
        auto const& node = *at_pointer(root_, pointer);
        auto const& value = node.text();
        wanted_document_[Json::json_pointer(pointer)] = renamed(value);
        auto count = std::distance(std::sregex_iterator(value.begin(), value.end(), mention()),
                                   std::sregex_iterator());
        auto const& text = definition_.text;
        auto const from = offset_of(text, node.line, node.column);
        for (auto it = std::sregex_iterator(text.begin() + static_cast<std::ptrdiff_t>(from),
                                            text.end(), mention());
             it != std::sregex_iterator() && count > 0; ++it, --count)
            edits_.push_back({from + static_cast<std::size_t>(it->position()),
                              static_cast<std::size_t>(it->length()), renamed(*it)});
    }

    // `{"a": ., "b": .[0]}`
    static std::string outputs(std::map<std::string, std::string> const& values) {
        std::string all;
        for (auto const& [name, value] : values)
            all += (all.empty() ? "" : ", ") + Json(name).dump() + ": " + value;
        return "{" + all + "}";
    }

    Json exported(std::map<std::string, std::string> const& values, Json const& context) const {
        if (!wraps_)
            return "${ " + outputs(values) +
                   " as $new | ($context | objects // {}) | .__tasks += $new }";
        auto const added = values.empty() ? "" : " + " + outputs(values);
        return {{"__tasks", "${ " + std::string(kept_tasks) + added + " }"},
                {"__context", context}};
    }

    // The author's value, where it may stand inside another one.
    Json nested(Json const& value) const {
        bool const is_loose =
            definition_.document.value("/evaluate/mode"_json_pointer, "strict") == "loose";
        if (value.is_string()) {
            auto const text = renamed(value.get<std::string>());
            return is_loose ? text : in_braces(text);
        }
        auto copy = value;
        if (copy.is_structured())
            for (auto& member : copy)
                member = member.is_string()       ? Json(renamed(member.get<std::string>()))
                         : member.is_structured() ? nested(member)
                                                  : member;
        return copy;
    }

    void write_export(std::string const& pointer,
                      std::map<std::string, std::string> const& values) {
        auto const& node = *at_pointer(root_, pointer);
        auto const* own = node.find("export");
        auto const* as = own ? own->find("as") : nullptr;
        auto const context =
            as ? nested(to_json(*as)) : Json("${ " + std::string(kept_context) + " }");
        Json const value{{"as", exported(values, context)}};
        wanted_document_[Json::json_pointer(pointer)]["export"] = value;
        auto const written = flow_text(value);
        if (own) return replace(*own, written);
        auto const& first = node.members.front();
        auto const at = offset_of(definition_.text, first.line, first.column);
        bool const is_flow =
            definition_.text[offset_of(definition_.text, node.line, node.column)] == '{';
        auto const after =
            is_flow ? ", " : "\n" + std::string(static_cast<std::size_t>(first.column - 1), ' ');
        edits_.push_back({at, 0, "export: " + written + after});
    }

    void replace(Node const& node, std::string const& written) {
        auto const length = length_of(definition_.text, node);
        if (!length) return cannot_write(place_of(node));
        edits_.push_back({offset_of(definition_.text, node.line, node.column), *length, written});
    }

    void cannot_write(Place const& at) {
        problems_.error(at, codes::suspicious_text, "This cannot be changed where it is written.",
                        "Write it in one line, in quotes, without aliases.");
    }

    // The text has to read as what was meant, and to load.
    void check() {
        auto const text = edited(definition_.text, edits_);
        auto const read = read_yaml(text, definition_.file);
        if (!read || to_json(*read) != wanted_document_ || !load(text, definition_.file))
            cannot_write(Place{1, 1, ""});
    }

    Definition const& definition_;
    Problems problems_;
    Node root_;
    Json wanted_document_;  // what the text has to come to
    bool wraps_ = false;  // the author's context has a place of its own
    bool is_sure_ = true;  // nothing is read before it was put out
    std::map<std::string, std::vector<Place>> reads_;  // by name
    std::map<std::string, std::vector<Step const*>> named_;
    std::set<std::string> expressions_;  // that mention `$tasks` or `$context`
    std::set<std::string> exports_;  // what the author exports: pointers of steps, or of `foreach`
    // by the pointer of the step that exports: an expression for each name
    std::map<std::string, std::map<std::string, std::string>> plans_;
    std::vector<Edit> edits_;
};

}  // namespace

Result<Portable> portable(Definition const& definition) { return Rewriting(definition).rewrite(); }

}  // namespace resolute::workflow
