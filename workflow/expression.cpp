#include "workflow/expression.h"

#include <algorithm>
#include <cmath>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "workflow/expression_token.h"
#include "workflow/jq_plan.h"
#include "workflow/jq_process.h"
#include "workflow/native_expression.h"

namespace resolute::workflow {
namespace {

Json const null_value;

Diagnostic failure(char const* code, std::string message) {
    return {.code = code, .message = std::move(message)};
}

Diagnostic inexact() {
    return failure(codes::expression_inexact,
                   "The expression looks at an integer beyond 2^53 that would be rounded; keep "
                   "such numbers as text.");
}

// One sentence out of jq's own words, which may quote a whole value.
std::string sentence(std::string start, std::string words) {
    if (words.size() > limits::expression_message_bytes)
        words = words.substr(0, limits::expression_message_bytes) + "…";
    words = to_valid_utf8(words);
    std::replace(words.begin(), words.end(), '\n', ' ');
    if (!words.ends_with('.')) words += '.';
    return start + words;
}

// "jq: error: syntax error, unexpected … (Unix shell quoting issues?) at <top-level>, line 1:"
// becomes what stands in the middle.
std::string plain_syntax_error(std::string words) {
    words = words.substr(0, words.find('\n'));
    if (auto const at = words.find(" at <top-level>"); at != std::string::npos) words.resize(at);
    if (auto const at = words.find(" (Unix shell quoting issues?)"); at != std::string::npos)
        words.resize(at);
    if (words.starts_with("jq: error: ")) words.erase(0, 11);
    return sentence("This is not valid jq: ", words);
}

Diagnostic failure_of(JqAnswer answer) {
    switch (answer.ending) {
        case JqEnding::none:
            return failure(codes::expression_not_one_value,
                           "The expression yields no value; it must yield exactly one.");
        case JqEnding::several:
            return failure(codes::expression_not_one_value,
                           "The expression yields several values; put them into an array.");
        case JqEnding::not_compiled:
            return failure(codes::invalid_expression, plain_syntax_error(std::move(answer.text)));
        case JqEnding::too_large:
            return failure(codes::expression_too_large,
                           "The expression yields more than " +
                               std::to_string(limits::expression_result_bytes) + " bytes.");
        case JqEnding::out_of_time:
            return failure(codes::expression_too_long,
                           "The expression used more processor time than it may.");
        case JqEnding::out_of_memory:
            return failure(codes::expression_crashed,
                           "The expression needs too much memory or nests too deeply.");
        case JqEnding::unavailable:
            return failure(codes::expression_unavailable,
                           sentence("jq could not be started: ", answer.text));
        default:
            return failure(codes::expression_failed,
                           sentence("The expression failed: ", answer.text));
    }
}

bool is_rounded_by_jq(Json const& value) {
    switch (value.type()) {
        case Json::value_t::number_unsigned:
            return value.get<std::uint64_t>() > limits::exact_integer;
        case Json::value_t::number_integer: {
            auto const limit = static_cast<std::int64_t>(limits::exact_integer);
            return value.get<std::int64_t>() > limit || value.get<std::int64_t>() < -limit;
        }
        case Json::value_t::array:
        case Json::value_t::object:
            return std::any_of(value.begin(), value.end(), is_rounded_by_jq);
        default: return false;
    }
}

// 2^53 itself may be 2^53 + 1 rounded, and a double below 2^64 an integer that has been rounded.
bool may_have_been_rounded(Json const& value) {
    if (value.is_structured())
        return std::any_of(value.begin(), value.end(), may_have_been_rounded);
    if (!value.is_number()) return false;
    auto const magnitude = std::fabs(value.get<double>());
    return magnitude >= static_cast<double>(limits::exact_integer) && magnitude < 0x1p64;
}

// jq 1.6 lets `try` catch the breaks of its own functions, such as limit, as values like {"__jq":
// 7}.
bool holds_a_break(Json const& value) {
    if (value.is_object() && value.contains("__jq")) return true;
    return value.is_structured() && std::any_of(value.begin(), value.end(), holds_a_break);
}

Result<Json> value_of(std::string const& text) {
    auto value = parse_json(text);
    if (!value)
        return failure(codes::expression_failed, "The value of the expression cannot be used. " +
                                                     value.diagnostics()[0].message);
    if (may_have_been_rounded(*value)) return inexact();
    if (holds_a_break(*value))
        return failure(
            codes::expression_failed,
            "The expression failed: its `catch` caught a break of jq's own; move the `try` out of "
            "limit, first, until and `|=`.");
    return value;
}

// What a selection leads to; none where jq has to say what is wrong.
Json const* follow(Json const* value, std::vector<Json> const& path) {
    for (auto const& step : path) {
        if (value->is_null()) return value;
        if (step.is_string()) {
            if (!value->is_object()) return nullptr;
            auto const found = value->find(step.get_ref<std::string const&>());
            value = found == value->end() ? &null_value : &*found;
        } else {
            if (!value->is_array()) return nullptr;
            auto const size = static_cast<std::int64_t>(value->size());
            auto index = step.get<std::int64_t>();
            if (index < 0) index += size;
            value = index < 0 || index >= size ? &null_value
                                               : &(*value)[static_cast<std::size_t>(index)];
        }
    }
    return value;
}

// Writes the array that a plan's program takes.
class Question {
  public:
    std::optional<Diagnostic> problem;

    void add(Json const& value) {
        separate();
        write(value);
    }

    void add_input(Json const& input, InputUse const& use) {
        if (use.is_nothing()) return add(null_value);
        if (use.everything || !input.is_object()) return add(input);
        separate();
        text_ += '{';
        bool is_first = true;
        for (auto const& name : use.members) {
            auto const member = input.find(name);
            if (member == input.end()) continue;
            text_ += (is_first ? "" : ",") + Json(name).dump() + ":";
            is_first = false;
            write(*member);
        }
        text_ += '}';
    }

    std::string take() && { return std::move(text_) + "]"; }

  private:
    void separate() {
        if (text_.size() > 1) text_ += ',';
    }
    void write(Json const& value) {
        if (is_rounded_by_jq(value)) problem = inexact();
        if (problem) return;
        text_ += value.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (text_.size() > limits::expression_input_bytes)
            problem = failure(codes::expression_too_large,
                              "The expression looks at more than " +
                                  std::to_string(limits::expression_input_bytes) + " bytes.");
    }

    std::string text_ = "[";
};

// None where the paths of the plan cannot be followed.
std::optional<Result<std::string>> question(JqPlan const& plan, Scope const& scope) {
    Json made;
    Json const* input = scope.input ? scope.input : &null_value;
    if (plan.head) {
        auto outcome = native::evaluate(*plan.head, scope);
        if (auto const* ending = std::get_if<native::Ending>(&outcome)) {
            if (*ending == native::Ending::inexact) return inexact();
            return std::nullopt;
        }
        made = std::get<Json>(std::move(outcome));
        input = &made;
    }
    Question question;
    question.add_input(*input, plan.use);
    for (auto const& selection : plan.selections) {
        auto const* variable = scope.find(selection.variable);
        auto const* value = follow(variable ? variable : &null_value, selection.path);
        if (!value) return std::nullopt;
        question.add(*value);
    }
    if (question.problem) return *question.problem;
    return std::move(question).take();
}

}  // namespace

struct Expression::Compiled {
    std::string text;
    std::vector<std::string> mentions;
    native::NodePtr native;
    JqPlan pruned;
    JqPlan whole;
};

Json const* Scope::find(std::string_view name) const {
    for (auto const& variable : variables)
        if (variable.name == name) return variable.value;
    return nullptr;
}

Result<Expression> Expression::compile(std::string_view text,
                                       std::vector<std::string> const& variables) {
    if (text.size() > limits::expression_bytes)
        return failure(
            codes::invalid_expression,
            "The expression has more than " + std::to_string(limits::expression_bytes) + " bytes.");
    auto const tokens = tokenize(text);
    if (!tokens) return tokens.diagnostics();
    if (tokens->empty()) return failure(codes::invalid_expression, "The expression is empty.");
    if (auto problems = jq_problems(text, *tokens, variables); !problems.empty()) return problems;

    Compiled made{.text = std::string(text),
                  .mentions = mentioned(*tokens, variables),
                  .native = native::parse(*tokens)};
    made.whole = whole_plan(text, *tokens, made.mentions);
    made.pruned = pruned_plan(text, *tokens, made.mentions);
    if (!made.native) {
        auto answer = jq_pool().ask(made.pruned.program, {});
        if (answer.ending != JqEnding::none) return failure_of(std::move(answer));
    }
    return Expression(std::make_shared<Compiled const>(std::move(made)));
}

Result<Json> Expression::evaluate(Scope const& scope) const {
    if (compiled_->native) {
        auto outcome = native::evaluate(*compiled_->native, scope);
        if (auto* value = std::get_if<Json>(&outcome)) return std::move(*value);
        if (std::get<native::Ending>(outcome) == native::Ending::inexact) return inexact();
        if (std::get<native::Ending>(outcome) == native::Ending::none)
            return failure_of({JqEnding::none, {}});
    }
    auto const* plan = &compiled_->pruned;
    auto asked = question(*plan, scope);
    if (!asked) {
        plan = &compiled_->whole;
        asked = question(*plan, scope);
    }
    if (!*asked) return asked->diagnostics();
    auto answer = jq_pool().ask(plan->program, **asked);
    if (answer.ending != JqEnding::value) return failure_of(std::move(answer));
    return value_of(answer.text);
}

std::vector<std::string> const& Expression::mentions() const { return compiled_->mentions; }
bool Expression::reads_input() const { return !compiled_->whole.use.is_nothing(); }
std::string const& Expression::text() const { return compiled_->text; }
bool Expression::is_native() const { return compiled_->native != nullptr; }

}  // namespace resolute::workflow
