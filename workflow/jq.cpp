#include "workflow/jq.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

extern "C" {
#include <jq.h>
}

namespace resolute::workflow {
namespace {

std::string take_text(jv text) {
    std::string copy(jv_string_value(text),
                     static_cast<std::size_t>(jv_string_length_bytes(jv_copy(text))));
    jv_free(text);
    return copy;
}

// Errors are strings as a rule, but `error` takes any value.
std::string take_message(jv message) {
    if (jv_get_kind(message) == JV_KIND_STRING) return take_text(message);
    return take_text(jv_dump_string(message, 0));
}

void keep_first(void* kept, jv message) {
    auto& text = *static_cast<std::string*>(kept);
    if (text.empty())
        text = take_message(jq_format_error(message));
    else
        jv_free(message);
}

void ignore(void*, jv message) { jv_free(message); }

}  // namespace

Jq::~Jq() {
    for (auto& compiled : recent_) jq_teardown(&compiled.state);
}

JqAnswer Jq::compile(std::string const& program) {
    auto const found = std::find_if(recent_.begin(), recent_.end(), [&](Compiled const& compiled) {
        return compiled.program == program;
    });
    if (found != recent_.end()) {
        recent_.splice(recent_.begin(), recent_, found);
        return {JqEnding::none, {}};
    }
    auto* state = jq_init();
    if (!state) return {JqEnding::out_of_memory, {}};
    std::string message;
    jq_set_error_cb(state, keep_first, &message);
    jq_set_debug_cb(state, ignore, nullptr);
    bool const is_compiled = jq_compile(state, program.c_str()) != 0;
    jq_set_error_cb(state, ignore, nullptr);
    if (!is_compiled) {
        jq_teardown(&state);
        return {JqEnding::not_compiled, std::move(message)};
    }
    recent_.push_front({program, state});
    if (recent_.size() > limits::expression_programs) {
        jq_teardown(&recent_.back().state);
        recent_.pop_back();
    }
    return {JqEnding::none, {}};
}

JqAnswer Jq::run(std::string_view input) {
    auto* state = recent_.front().state;
    jv value = jv_parse_sized(input.data(), static_cast<int>(input.size()));
    if (!jv_is_valid(value)) return {JqEnding::failed, take_message(jv_invalid_get_msg(value))};
    jq_start(state, value, 0);
    jv first = jq_next(state);
    if (!jv_is_valid(first)) {
        if (!jv_invalid_has_msg(jv_copy(first))) {
            jv_free(first);
            return {JqEnding::none, {}};
        }
        return {JqEnding::failed, take_message(jv_invalid_get_msg(first))};
    }
    jv second = jq_next(state);
    if (jv_is_valid(second) || jv_invalid_has_msg(jv_copy(second))) {
        jv_free(first);
        // An error after the first value is an error of the expression, not a second value.
        if (!jv_is_valid(second))
            return {JqEnding::failed, take_message(jv_invalid_get_msg(second))};
        jv_free(second);
        return {JqEnding::several, {}};
    }
    jv_free(second);
    auto text = take_text(jv_dump_string(first, 0));
    if (text.size() > limits::expression_result_bytes) return {JqEnding::too_large, {}};
    return {JqEnding::value, std::move(text)};
}

}  // namespace resolute::workflow
