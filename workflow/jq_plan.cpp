#include "workflow/jq_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/error_codes.h"
#include "base/spelling.h"

namespace resolute::workflow {
namespace {

struct Outside {
    std::string_view name;
    std::string_view reason;
    std::string_view remedy;
};
constexpr std::string_view in_scope_only = "An expression sees only its input and its variables";
constexpr std::string_view no_clock =
    "An expression must not look at a clock or at the time zone of a machine";
constexpr std::array outside{
    Outside{"input", in_scope_only, "Use `.` or a variable."},
    Outside{"inputs", in_scope_only, "Use `.` or a variable."},
    Outside{"input_filename", in_scope_only, ""},
    Outside{"input_line_number", in_scope_only, ""},
    Outside{"env", in_scope_only, "Pass what is needed as workflow input."},
    Outside{"import", "Modules are not available here", ""},
    Outside{"include", "Modules are not available here", ""},
    Outside{"module", "Modules are not available here", ""},
    Outside{"modulemeta", "Modules are not available here", ""},
    Outside{"get_search_list", "Modules are not available here", ""},
    Outside{"debug", "An expression has no output but its value", ""},
    Outside{"stderr", "An expression has no output but its value", ""},
    Outside{"halt", "An expression cannot end the program", "Use a raise step."},
    Outside{"halt_error", "An expression cannot end the program", "Use a raise step."},
    Outside{"now", no_clock, "Use $task.startedAt."},
    Outside{"localtime", no_clock, "Use gmtime."},
    Outside{"strflocaltime", no_clock, "Use strftime."},
};

// Whether the token at `at` is the key of an object, where every word is allowed.
bool is_key(std::span<Token const> tokens, std::size_t at, std::vector<char> const& open) {
    if (at == 0 || open.empty() || open.back() != '{') return false;
    return tokens[at - 1].is_symbol("{") || tokens[at - 1].is_symbol(",");
}

void track_brackets(Token const& token, std::vector<char>& open) {
    bool const opens = token.kind == TokenKind::interpolation_start || token.is_symbol("(") ||
                       token.is_symbol("[") || token.is_symbol("{");
    bool const closes = token.kind == TokenKind::interpolation_end || token.is_symbol(")") ||
                        token.is_symbol("]") || token.is_symbol("}");
    if (opens) open.push_back(token.text.front());
    if (closes) open.pop_back();
}

// Where the bracket that opens at `at` closes.
std::size_t closing(std::span<Token const> tokens, std::size_t at) {
    std::vector<char> open;
    do {
        track_brackets(tokens[at++], open);
    } while (!open.empty() && at < tokens.size());
    return at - 1;
}

// The variables that the expression itself binds, by `as` patterns and by parameters of functions.
std::set<std::string> bound_variables(std::span<Token const> tokens) {
    std::set<std::string> bound;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        std::size_t first = i + 1;
        if (tokens[i].is_word("def"))
            first = i + 2;
        else if (!tokens[i].is_word("as") && !tokens[i].is_symbol("?//") &&
                 !tokens[i].is_word("label"))
            continue;
        if (first >= tokens.size()) break;
        std::size_t last = first;
        bool const is_bracket = tokens[first].is_symbol("(") || tokens[first].is_symbol("[") ||
                                tokens[first].is_symbol("{");
        if (is_bracket) last = closing(tokens, first);
        for (auto const& token : tokens.subspan(first, last - first + 1))
            if (token.kind == TokenKind::variable) bound.insert(token.text);
    }
    return bound;
}

bool contains(std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Reads one step of a path at `at` and moves behind it: .name, ["name"], [3] or [-1].
std::optional<Json> take_step(std::span<Token const> tokens, std::size_t& at) {
    auto const rest = tokens.subspan(at);
    if (!rest.empty() && rest[0].kind == TokenKind::field) {
        ++at;
        return rest[0].text;
    }
    if (rest.empty() || !rest[0].is_symbol("[")) return std::nullopt;
    if (rest.size() >= 5 && rest[1].kind == TokenKind::string_start &&
        rest[2].kind == TokenKind::string_text && rest[3].kind == TokenKind::string_end &&
        rest[4].is_symbol("]")) {
        at += 5;
        return rest[2].text;
    }
    std::size_t const sign = rest.size() > 1 && rest[1].is_symbol("-") ? 1 : 0;
    if (rest.size() < 3 + sign || rest[1 + sign].kind != TokenKind::number ||
        !rest[2 + sign].is_symbol("]"))
        return std::nullopt;
    auto const& digits = rest[1 + sign].text;
    std::int64_t index = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), index).ptr !=
        digits.data() + digits.size())
        return std::nullopt;
    at += 3 + sign;
    return sign ? -index : index;
}

std::string suggestion(std::string const& name, std::vector<std::string> const& variables) {
    auto const nearest = nearest_name(name, variables);
    return nearest ? "Did you mean `$" + *nearest + "`?" : "";
}

struct Mention {
    JqPlan::Selection selection;
    std::size_t begin, end;  // bytes of the text
};

// The mentions of variables with the longest paths that can be followed here.
std::vector<Mention> mentions_in(std::span<Token const> tokens,
                                 std::vector<std::string> const& variables) {
    auto const bound = bound_variables(tokens);
    std::vector<Mention> found;
    std::set<std::string> whole;
    for (std::size_t at = 0; at < tokens.size();) {
        auto const& token = tokens[at++];
        if (token.kind != TokenKind::variable || !contains(variables, token.text)) continue;
        Mention mention{{token.text, {}}, token.begin, 0};
        if (!bound.contains(token.text))
            while (auto step = take_step(tokens, at))
                mention.selection.path.push_back(std::move(*step));
        mention.end = tokens[at - 1].end;
        if (mention.selection.path.empty()) whole.insert(token.text);
        found.push_back(std::move(mention));
    }
    // A variable that goes along in full already contains what its paths lead to.
    std::erase_if(found, [&](Mention const& mention) {
        return whole.contains(mention.selection.variable) && !mention.selection.path.empty();
    });
    return found;
}

// Pipes outside of all brackets, from the left, as long as what stands before is native.
std::size_t native_head(std::span<Token const> tokens, native::NodePtr& head) {
    std::size_t length = 0;
    std::vector<char> open;
    // A pipe that nothing follows is jq's to complain about.
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        track_brackets(tokens[i], open);
        if (!open.empty() || !tokens[i].is_symbol("|")) continue;
        auto parsed = native::parse(tokens.subspan(0, i));
        if (!parsed) break;
        head = std::move(parsed);
        length = i + 1;
    }
    return length;
}

// A line of its own for the closing bracket, because the text may end in a comment.
std::string program_of(std::vector<std::string> const& names, std::string const& text) {
    std::string program = ". as [$__0";
    for (auto const& name : names) program += ",$" + name;
    return program + "] | $__0 | (" + text + "\n)";
}

}  // namespace

Diagnostics jq_problems(std::string_view text, std::span<Token const> tokens,
                        std::vector<std::string> const& variables) {
    Diagnostics problems;
    auto report = [&](Token const& token, std::string message, std::string remedy) {
        problems.push_back(expression_problem(text, token.begin, codes::invalid_expression,
                                              std::move(message), std::move(remedy)));
    };
    auto const bound = bound_variables(tokens);
    std::vector<char> open;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        auto const& token = tokens[i];
        auto const found = std::find_if(outside.begin(), outside.end(), [&](Outside const& denied) {
            return token.is_word(denied.name);
        });
        if (found != outside.end() && !is_key(tokens, i, open))
            report(token,
                   std::string(found->reason) + ", so `" + token.text + "` is not available.",
                   std::string(found->remedy));
        track_brackets(token, open);
        if (token.kind != TokenKind::variable) continue;
        if (token.text == "ENV" || token.text.starts_with("__"))
            report(token,
                   std::string(in_scope_only) + ", so `$" + token.text + "` is not available.", "");
        else if (!contains(variables, token.text) && !bound.contains(token.text))
            report(token, "There is no variable `$" + token.text + "` here.",
                   suggestion(token.text, variables));
    }
    return problems;
}

std::vector<std::string> mentioned(std::span<Token const> tokens,
                                   std::vector<std::string> const& variables) {
    std::set<std::string> names;
    for (auto const& token : tokens)
        if (token.kind == TokenKind::variable && contains(variables, token.text))
            names.insert(token.text);
    return {names.begin(), names.end()};
}

JqPlan whole_plan(std::string_view text, std::span<Token const> tokens,
                  std::vector<std::string> const& mentions) {
    JqPlan plan;
    plan.use = input_use(tokens);
    for (auto const& name : mentions) plan.selections.push_back({name, {}});
    plan.program = program_of(mentions, std::string(text));
    return plan;
}

JqPlan pruned_plan(std::string_view text, std::span<Token const> tokens,
                   std::vector<std::string> const& mentions) {
    JqPlan plan;
    auto const rest = tokens.subspan(native_head(tokens, plan.head));
    plan.use = input_use(rest);
    std::vector<std::string> names;
    std::string pruned;
    std::size_t copied = plan.head ? (&rest[0] - 1)->end : 0;
    for (auto& mention : mentions_in(rest, mentions)) {
        auto const known = std::find_if(
            plan.selections.begin(), plan.selections.end(), [&](auto const& selection) {
                return selection.variable == mention.selection.variable &&
                       selection.path == mention.selection.path;
            });
        auto const index = static_cast<std::size_t>(known - plan.selections.begin());
        if (known == plan.selections.end()) {
            bool const is_whole = mention.selection.path.empty();
            names.push_back(is_whole ? mention.selection.variable
                                     : "__" + std::to_string(names.size() + 1));
            plan.selections.push_back(std::move(mention.selection));
        }
        pruned += text.substr(copied, mention.begin - copied);
        pruned += "$" + names[index];
        copied = mention.end;
    }
    pruned += text.substr(copied);
    plan.program = program_of(names, pruned);
    return plan;
}

}  // namespace resolute::workflow
