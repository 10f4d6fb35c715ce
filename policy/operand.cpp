#include "policy/operand.h"

#include <algorithm>
#include <set>

#include "base/error_codes.h"
#include "base/spelling.h"
#include "policy/jq_program.h"

namespace resolute::policy {
namespace {

Diagnostic invalid(std::string message, std::string remedy = {}) {
    return {.code = codes::invalid_expression,
            .message = std::move(message),
            .remedy = std::move(remedy)};
}

bool is_name(Token const& token) {
    return token.kind == Token::Kind::string && !token.is_interpolated;
}

std::optional<Json> json_of(std::string_view text) {
    auto json = parse_json(text);
    if (!json) return std::nullopt;
    return std::move(*json);
}

// Reads `$facts.order["id"][0]?` from tokens[at] on and moves `at` behind it.
class PathReader {
  public:
    PathReader(Tokens tokens, std::size_t& at) : tokens_(tokens), at_(at) {}

    Path read(Variable variable) {
        path_.variable = variable;
        auto const from = at_++;
        while (at_ < tokens_.size() && step()) {
        }
        path_.text = std::string(text_of(tokens_.subspan(from, at_ - from)));
        return std::move(path_);
    }

  private:
    bool step() {
        auto const& token = tokens_[at_];
        if (token.kind == Token::Kind::field) return take(std::string(token.text.substr(1)), 1);
        if (token.is("?")) {
            path_.is_optional = true;
            ++at_;
            return true;
        }
        if (token.is(".") && at_ + 1 < tokens_.size() && is_name(tokens_[at_ + 1]))
            return take_json(at_ + 1, 2);
        bool const is_index = token.is("[") && at_ + 2 < tokens_.size() && tokens_[at_ + 2].is("]");
        return is_index &&
               (is_name(tokens_[at_ + 1]) || tokens_[at_ + 1].kind == Token::Kind::number) &&
               take_json(at_ + 1, 3);
    }

    bool take_json(std::size_t index, std::size_t count) {
        auto const json = json_of(tokens_[index].text);
        if (json && json->is_string()) return take(json->get<std::string>(), count);
        return json && json->is_number_unsigned() && take(json->get<std::size_t>(), count);
    }

    bool take(Segment segment, std::size_t count) {
        path_.segments.push_back(std::move(segment));
        at_ += count;
        return true;
    }

    Tokens tokens_;
    std::size_t& at_;
    Path path_;
};

// Names that the jq text binds itself: `as $x`, also inside patterns.
std::set<std::string_view> local_names(Tokens tokens) {
    std::set<std::string_view> names;
    bool in_pattern = false;
    for (auto const& token : tokens) {
        if (token.kind == Token::Kind::word && token.is("as")) in_pattern = true;
        if (token.is("|") || token.is("(")) in_pattern = false;
        if (in_pattern && token.kind == Token::Kind::variable) names.insert(token.text);
    }
    return names;
}

struct Mentions {
    std::vector<Path> required;
    Diagnostics problems;
    bool compares = false;
};

void scan(std::string_view text, std::set<std::string_view> const& locals, Mentions& mentions);

void scan(Tokens tokens, std::set<std::string_view> const& locals, Mentions& mentions) {
    for (std::size_t at = 0; at < tokens.size();) {
        auto const& token = tokens[at];
        for (auto const inside :
             token.is_interpolated ? interpolations(token) : std::vector<std::string_view>())
            scan(inside, locals, mentions);
        if (token.is("<") || token.is("<=") || token.is(">") || token.is(">="))
            mentions.compares = true;
        bool const is_ours = token.kind == Token::Kind::variable && token.text.starts_with('$') &&
                             !locals.contains(token.text);
        if (!is_ours) {
            ++at;
            continue;
        }
        auto const variable = variable_named(token.text.substr(1));
        if (!variable) {
            auto const name = std::string(token.text.substr(1));
            mentions.problems.push_back(invalid("`$" + name + "` is not a variable of a condition.",
                                                "The variables are $arguments, $facts, $input, "
                                                "$tool, $workflow, $run, $case, $principal, "
                                                "$labels, $tenant and $time." +
                                                    did_you_mean(name, variable_names())));
            ++at;
            continue;
        }
        auto path = PathReader(tokens, at).read(*variable);
        bool const has_default = at < tokens.size() && tokens[at].is("//");
        path.is_optional = path.is_optional || has_default;
        mentions.required.push_back(std::move(path));
    }
}

void scan(std::string_view text, std::set<std::string_view> const& locals, Mentions& mentions) {
    auto tokens = tokenize(text);
    if (tokens)
        scan(Tokens(*tokens), locals, mentions);
    else
        mentions.problems.insert(mentions.problems.end(), tokens.diagnostics().begin(),
                                 tokens.diagnostics().end());
}

Tokens unwrapped(Tokens tokens) {
    while (tokens.size() > 2 && tokens.front().is("(") && tokens.back().is(")")) {
        auto const depths = depths_of(tokens);
        if (std::find(depths.begin() + 1, depths.end() - 1, 0) != depths.end() - 1) break;
        tokens = tokens.subspan(1, tokens.size() - 2);
    }
    return tokens;
}

Json const null_json;

std::string shown(Json const& value) {
    auto text = to_text(value);
    return text.size() <= 60 ? text : "a longer value";
}

using Lookup = std::variant<Json const*, EvaluationError>;

Lookup look_up(Path const& path, Values& values) {
    auto const missing = [&]() -> Lookup {
        if (path.is_optional) return &null_json;
        return EvaluationError{"`" + path.text + "` is missing"};
    };
    Json const* at = nullptr;
    std::size_t from = 0;
    bool const is_one_fact = path.variable == Variable::facts && !path.segments.empty() &&
                             std::holds_alternative<std::string>(path.segments.front());
    if (is_one_fact) {
        at = values.fact(std::get<std::string>(path.segments.front()));
        from = 1;
        if (!at) return missing();
    } else {
        at = &values.get(path.variable);
    }
    for (auto i = from; i < path.segments.size(); ++i) {
        if (auto const* name = std::get_if<std::string>(&path.segments[i])) {
            auto const found = at->is_object() ? at->find(*name) : at->end();
            if (!at->is_object() || found == at->end()) return missing();
            at = &*found;
        } else {
            auto const index = std::get<std::size_t>(path.segments[i]);
            if (!at->is_array() || index >= at->size()) return missing();
            at = &(*at)[index];
        }
    }
    bool const is_known =
        path.allowed.empty() || (at->is_null() && path.is_optional) ||
        std::find(path.allowed.begin(), path.allowed.end(), *at) != path.allowed.end();
    if (!is_known)
        return EvaluationError{"`" + path.text + "` is " + shown(*at) +
                               ", which its schema does not know"};
    return at;
}

}  // namespace

struct Operand::Program {
    JqProgram jq;
};

Result<Operand> Operand::compile(std::string_view text) {
    auto tokens = tokenize(text);
    if (!tokens) return tokens.diagnostics();
    return compile(Tokens(*tokens));
}

Result<Operand> Operand::compile(Tokens tokens) {
    Operand operand;
    operand.text_ = std::string(text_of(tokens));
    auto const inner = unwrapped(tokens);
    if (inner.empty()) return invalid("A value is missing in the condition.");
    operand.literal_ = json_of(text_of(inner));
    if (operand.literal_) return operand;

    Mentions mentions;
    scan(inner, local_names(inner), mentions);
    if (!mentions.problems.empty()) return mentions.problems;
    operand.paths_ = std::move(mentions.required);
    operand.compares_inside_jq_ = mentions.compares;

    if (operand.paths_.size() == 1 && inner.front().kind == Token::Kind::variable) {
        std::size_t at = 0;
        PathReader(inner, at).read(operand.paths_.front().variable);
        if (at == inner.size()) return operand;
        if (inner[at].is("//")) operand.fallback_ = json_of(text_of(inner.subspan(at + 1)));
        if (operand.fallback_ == Json(true))
            return invalid("`" + operand.text_ +
                               "` is true for a value that is false: `//` replaces false too.",
                           "Compare the value itself; a missing one denies.");
        if (operand.fallback_) return operand;
    }
    auto jq = JqProgram::compile(text_of(inner));
    if (!jq) return jq.diagnostics();
    operand.program_ = std::make_shared<Program const>(Program{std::move(*jq)});
    return operand;
}

bool Operand::leaves_process() const { return program_ && !program_->jq.is_native(); }

Evaluation Operand::evaluate(Values& values) const {
    if (literal_) return Value(&*literal_);
    for (auto const& path : paths_) {
        auto const found = look_up(path, values);
        if (auto const* error = std::get_if<EvaluationError>(&found)) return *error;
        if (program_) continue;
        auto const* value = std::get<Json const*>(found);
        bool const is_absent = value->is_null() || (value->is_boolean() && !value->get<bool>());
        return Value(fallback_ && is_absent ? &*fallback_ : value);
    }
    return program_->jq.evaluate(values);
}

}  // namespace resolute::policy
