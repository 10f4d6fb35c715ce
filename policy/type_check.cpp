#include "policy/type_check.h"

#include <algorithm>
#include <set>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/spelling.h"

namespace resolute::policy {
namespace {

// What the schema says about one step down a path.
struct Below {
    std::vector<Json const*> schemas;   // of the member or item
    std::vector<std::string> siblings;  // names that are declared
    bool is_open = false;               // nothing forbids others
    bool is_required = false;
};

class Schema {
  public:
    explicit Schema(Json const& root) : root_(root) {}

    // The schema and everything that it refers to or is composed of.
    std::vector<Json const*> parts_of(Json const& schema) const {
        std::vector<Json const*> parts;
        collect(schema, parts, 0);
        return parts;
    }

    Below below(std::vector<Json const*> const& schemas, Segment const& segment) const {
        Below below;
        bool declares = false, excludes = false;
        for (auto const* schema : schemas) {
            for (auto const* part : parts_of(*schema)) {
                if (part->is_boolean()) {
                    below.is_open = below.is_open || part->get<bool>();
                    continue;
                }
                bool const is_name = std::holds_alternative<std::string>(segment);
                excludes = excludes || !admits(*part, is_name ? "object" : "array");
                declares = (is_name ? member(*part, std::get<std::string>(segment), below)
                                    : item(*part, std::get<std::size_t>(segment), below)) ||
                           declares;
            }
        }
        if (!declares && !excludes) below.is_open = true;
        return below;
    }

    // Everything that a value may be when the schemas enumerate it; empty when they do not.
    std::vector<Json> enumerated(std::vector<Json const*> const& schemas) const {
        std::vector<Json> all;
        for (auto const* schema : schemas) {
            bool found = false;
            for (auto const* part : parts_of(*schema)) {
                if (!part->is_object()) continue;
                if (auto const list = part->find("enum"); list != part->end() && list->is_array()) {
                    all.insert(all.end(), list->begin(), list->end());
                    found = true;
                } else if (auto const one = part->find("const"); one != part->end()) {
                    all.push_back(*one);
                    found = true;
                }
            }
            if (!found) return {};
        }
        return all;
    }

    // Whether a value of this JSON type can satisfy one of the schemas.
    bool admits_any(std::vector<Json const*> const& schemas, std::string_view type) const {
        return schemas.empty() ||
               std::any_of(schemas.begin(), schemas.end(), [&](auto const* schema) {
                   auto const parts = parts_of(*schema);
                   bool const is_mixed = schema->is_object() &&
                                         (schema->contains("anyOf") || schema->contains("oneOf"));
                   auto const ok = [&](auto const* part) { return admits(*part, type); };
                   return is_mixed ? std::any_of(parts.begin() + 1, parts.end(), ok)
                                   : std::all_of(parts.begin(), parts.end(), ok);
               });
    }

  private:
    void collect(Json const& schema, std::vector<Json const*>& parts, int depth) const {
        if (depth > limits::schema_depth || parts.size() > limits::policy_schema_parts) return;
        if (std::find(parts.begin(), parts.end(), &schema) != parts.end()) return;
        parts.push_back(&schema);
        if (!schema.is_object()) return;
        if (auto const ref = schema.find("$ref"); ref != schema.end() && ref->is_string())
            if (auto const* target = resolve(ref->get_ref<std::string const&>()))
                collect(*target, parts, depth + 1);
        for (auto const* word : {"allOf", "anyOf", "oneOf"})
            if (auto const list = schema.find(word); list != schema.end() && list->is_array())
                for (auto const& alternative : *list) collect(alternative, parts, depth + 1);
        for (auto const* word : {"then", "else"})
            if (auto const found = schema.find(word); found != schema.end())
                collect(*found, parts, depth + 1);
    }

    Json const* resolve(std::string const& ref) const {
        if (ref != "#" && !ref.starts_with("#/"))
            return nullptr;  // an anchor: unknown, so anything goes
        auto const pointer = Json::json_pointer(ref.substr(1));
        return root_.contains(pointer) ? &root_.at(pointer) : nullptr;
    }

    static bool admits(Json const& schema, std::string_view type) {
        if (schema.is_boolean()) return schema.get<bool>();
        if (!schema.is_object()) return true;
        auto const declared = schema.find("type");
        if (declared == schema.end()) return true;
        auto const is_it = [&](Json const& one) {
            return one == type || (type == "number" && one == "integer");
        };
        return declared->is_array() ? std::any_of(declared->begin(), declared->end(), is_it)
                                    : is_it(*declared);
    }

    static bool member(Json const& schema, std::string const& name, Below& below) {
        if (auto const required = schema.find("required");
            required != schema.end() && required->is_array())
            below.is_required = below.is_required || std::find(required->begin(), required->end(),
                                                               name) != required->end();
        auto const others = schema.find("additionalProperties");
        if (auto const properties = schema.find("properties");
            properties != schema.end() && properties->is_object()) {
            for (auto const& [sibling, _] : properties->items()) below.siblings.push_back(sibling);
            if (auto const found = properties->find(name); found != properties->end()) {
                below.schemas.push_back(&*found);
                return true;
            }
        }
        if (schema.contains("patternProperties")) below.is_open = true;
        if (others == schema.end())
            return schema.contains("properties") || schema.contains("patternProperties");
        if (others->is_object()) below.schemas.push_back(&*others);
        if (*others == Json(true)) below.is_open = true;
        return true;
    }

    static bool item(Json const& schema, std::size_t index, Below& below) {
        if (auto const prefix = schema.find("prefixItems");
            prefix != schema.end() && prefix->is_array() && index < prefix->size()) {
            below.schemas.push_back(&(*prefix)[index]);
            return true;
        }
        auto const items = schema.find("items");
        if (items == schema.end()) return false;
        below.schemas.push_back(&*items);
        return true;
    }

    Json const& root_;
};

Diagnostic problem(char const* code, std::string message, std::string remedy,
                   Severity severity = Severity::error) {
    return {.code = code,
            .message = std::move(message),
            .remedy = std::move(remedy),
            .severity = severity};
}

std::string to_string(Segment const& segment) {
    auto const* name = std::get_if<std::string>(&segment);
    return name ? "`" + *name + "`" : "item " + std::to_string(std::get<std::size_t>(segment));
}

// The schemas at the end of a path; nothing when they are unknown or the path is wrong.
std::vector<Json const*> follow(Path const& path, Json const& root, std::string const& whose,
                                Diagnostics& problems) {
    Schema const schema(root);
    std::vector<Json const*> at = {&root};
    bool is_required = true;
    for (auto const& segment : path.segments) {
        auto below = schema.below(at, segment);
        if (below.schemas.empty()) {
            auto const* name = std::get_if<std::string>(&segment);
            auto const hint = name ? did_you_mean(*name, below.siblings) : std::string();
            if (!below.is_open)
                problems.push_back(problem(
                    codes::unknown_field,
                    "`" + path.text + "`: " + whose + " has no " + to_string(segment) + ".",
                    hint.empty() ? "Name a field that the schema declares." : hint.substr(1)));
            return {};
        }
        is_required =
            is_required && (below.is_required || std::holds_alternative<std::size_t>(segment));
        at = std::move(below.schemas);
    }
    if (!is_required && !path.is_optional && path.variable == Variable::arguments)
        problems.push_back(problem(
            codes::may_be_missing, "`" + path.text + "` may be missing, and then the rule denies.",
            "Write `(" + path.text + " // DEFAULT)`, or make the field required.",
            Severity::warning));
    return at;
}

struct Target {
    std::string whose;
    Json const* schema;
};

std::vector<Target> targets_of(Path const& path, std::vector<ArgumentsOf> const& tools) {
    std::vector<Target> targets;
    if (path.variable == Variable::arguments)
        for (auto const& tool : tools)
            targets.push_back({"the input of `" + tool.tool + "`", tool.input});
    else if (auto const& shape = shape_of(path.variable); !shape.is_null())
        targets.push_back({"`$" + std::string(name_of(path.variable)) + "`", &shape});
    return targets;
}

void check_path(Path& path, std::vector<ArgumentsOf> const& tools, Diagnostics& problems) {
    path.allowed.clear();
    bool is_enumerated = true;
    for (auto const& target : targets_of(path, tools)) {
        auto const schemas = follow(path, *target.schema, target.whose, problems);
        auto allowed = Schema(*target.schema).enumerated(schemas);
        is_enumerated = is_enumerated && !schemas.empty() && !allowed.empty();
        path.allowed.insert(path.allowed.end(), allowed.begin(), allowed.end());
    }
    if (!is_enumerated) path.allowed.clear();
}

std::string_view type_of(Json const& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "boolean";
    if (value.is_number_integer()) return "integer";
    if (value.is_number()) return "number";
    if (value.is_string()) return "string";
    return value.is_array() ? "array" : "object";
}

// `path` is compared with `literal`: can they ever be alike?
void check_literal(Path const& path, Json const& literal, std::vector<ArgumentsOf> const& tools,
                   Diagnostics& problems) {
    if (literal.is_null()) return;
    for (auto const& target : targets_of(path, tools)) {
        Diagnostics ignored;
        auto const schemas = follow(path, *target.schema, target.whose, ignored);
        Schema const schema(*target.schema);
        bool const fits = schema.admits_any(schemas, type_of(literal)) ||
                          (literal.is_number() && (schema.admits_any(schemas, "number") ||
                                                   schema.admits_any(schemas, "integer")));
        if (!fits) {
            problems.push_back(
                problem(codes::never_holds,
                        "`" + path.text + "` is never a value like " + to_text(literal) + ".",
                        "Compare it with a value of the type in " + target.whose + "."));
            continue;
        }
        auto const allowed = schema.enumerated(schemas);
        if (allowed.empty() || std::find(allowed.begin(), allowed.end(), literal) != allowed.end())
            continue;
        std::vector<std::string> words;
        for (auto const& value : allowed)
            if (value.is_string()) words.push_back(value.get<std::string>());
        auto const hint =
            literal.is_string() ? did_you_mean(literal.get<std::string>(), words) : std::string();
        problems.push_back(problem(codes::never_holds,
                                   "`" + path.text + "` is never " + to_text(literal) + ".",
                                   "It is one of " + to_text(Json(allowed)) + "." + hint));
    }
}

void check_forms(Condition const& condition, std::vector<ArgumentsOf> const& tools,
                 Diagnostics& problems) {
    if (auto const* comparison = std::get_if<Comparison>(&condition.form)) {
        auto const *left = comparison->left.path(), *right = comparison->right.path();
        if (left && comparison->right.literal())
            check_literal(*left, *comparison->right.literal(), tools, problems);
        if (right && comparison->left.literal())
            check_literal(*right, *comparison->left.literal(), tools, problems);
    } else if (auto const* membership = std::get_if<Membership>(&condition.form)) {
        if (auto const* path = membership->value.path())
            for (auto const& choice : membership->choices)
                check_literal(*path, choice, tools, problems);
    } else if (auto const* truth = std::get_if<Truth>(&condition.form)) {
        if (auto const* path = truth->operand.path()) check_literal(*path, true, tools, problems);
    } else if (auto const* negation = std::get_if<Not>(&condition.form)) {
        check_forms(negation->part.front(), tools, problems);
    } else if (auto const* all = std::get_if<All>(&condition.form)) {
        for (auto const& part : all->parts) check_forms(part, tools, problems);
    } else if (auto const* any = std::get_if<Any>(&condition.form)) {
        for (auto const& part : any->parts) check_forms(part, tools, problems);
    }
}

}  // namespace

Diagnostics check_types(Operand& operand, std::vector<ArgumentsOf> const& tools) {
    Diagnostics problems;
    for (auto& path : operand.paths()) check_path(path, tools, problems);
    if (operand.compares_inside_jq())
        problems.push_back(problem(
            codes::lenient_comparison,
            "Inside a pipe jq compares by its own order, in which null is less than every number.",
            "Let the pipe yield the value, in parentheses, and compare that.", Severity::warning));
    return problems;
}

Diagnostics check_types(Condition& condition, std::vector<ArgumentsOf> const& tools) {
    Diagnostics problems;
    for (auto* operand : operands_of(condition)) {
        auto found = check_types(*operand, tools);
        if (operand->leaves_process())
            found.push_back(problem(
                codes::slow_condition,
                "`" + operand->text() + "` needs jq itself, in a process of its own.",
                "Compare paths with values; let a step compute what is more.", Severity::warning));
        problems.insert(problems.end(), found.begin(), found.end());
    }
    if (std::none_of(problems.begin(), problems.end(),
                     [](auto const& p) { return p.severity == Severity::error; }))
        check_forms(condition, tools, problems);
    return problems;
}

}  // namespace resolute::policy
