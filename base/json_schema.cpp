#include "base/json_schema.h"

#include <algorithm>
#include <cstdint>
#include <jsoncons/json.hpp>
#include <jsoncons_ext/jsonschema/jsonschema.hpp>
#include <regex>

#include "base/error_codes.h"
#include "base/json_schema_limits.h"
#include "base/json_schema_quick.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace jschema = jsoncons::jsonschema;
using Document = jsoncons::json;

namespace resolute {
namespace {

// What one validation may cost. Recursive references can ask for endless stack, and references that
// fan out for exponential time, so every keyword that is applied is counted.
struct Allowance {
    std::size_t evaluations = 0;
    std::uintptr_t stack_start = 0;
};
thread_local Allowance allowance;

struct TooExpensive {};

std::uintptr_t stack_position() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

void spend_one_evaluation() {
    auto const here = stack_position();
    auto const used = std::max(here, allowance.stack_start) - std::min(here, allowance.stack_start);
    if (allowance.evaluations == 0 || used > limits::schema_stack_bytes) throw TooExpensive();
    --allowance.evaluations;
}

// libstdc++ matches by recursion over the text unless it is told to promise polynomial time, and
// then a long text overflows the stack and a nested repeat never ends. The promise costs back
// references, which it refuses.
std::regex bounded_regex(std::string const& pattern) {
    return std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial);
}

bool matches(std::string const& text, std::regex const& pattern) {
    if (text.size() > limits::schema_pattern_subject_bytes) throw TooExpensive();
    return std::regex_search(text, pattern);
}

}  // namespace
}  // namespace resolute

// The members of the validator that have no bound of their own, specialized for the one document
// type that is used here.
namespace jsoncons::jsonschema {

// Every schema and every keyword is applied through this one function.
template <>
walk_result validator_base<Document>::validate(eval_context<Document> const& context,
                                               Document const& instance,
                                               jsonpointer::json_pointer const& location,
                                               evaluation_results& results,
                                               error_reporter& reporter, Document& patch) const {
    resolute::spend_one_evaluation();
    return do_validate(context, instance, location, results, reporter, patch);
}

template <>
pattern_validator<Document>::pattern_validator(Document const& schema, uri const& location,
                                               std::string const& custom_message,
                                               std::string const& pattern, std::regex const&)
    : keyword_validator<Document>("pattern", schema, location, custom_message),
      pattern_string_(pattern),
      regex_(resolute::bounded_regex(pattern)) {}

template <>
walk_result pattern_validator<Document>::do_validate(eval_context<Document> const& context,
                                                     Document const& instance,
                                                     jsonpointer::json_pointer const& location,
                                                     evaluation_results&, error_reporter& reporter,
                                                     Document&) const {
    if (!instance.is_string() || resolute::matches(instance.as<std::string>(), regex_))
        return walk_result::advance;
    eval_context<Document> here(context, this->keyword_name());
    return reporter.error(this->make_validation_message(
        here.eval_path(), location, "The text does not match the pattern " + pattern_string_));
}

template <>
pattern_properties_validator<Document>::pattern_properties_validator(
    Document const& schema, uri const& location, std::string const& custom_message,
    std::vector<std::pair<std::regex, schema_validator_ptr_type>>&& properties)
    : keyword_validator<Document>("patternProperties", schema, location, custom_message),
      pattern_properties_(std::move(properties)) {
    auto compiled = pattern_properties_.begin();
    for (auto const& member : schema.at("patternProperties").object_range())
        (compiled++)->first = resolute::bounded_regex(std::string(member.key()));
}

template <>
walk_result pattern_properties_validator<Document>::validate(
    eval_context<Document> const& context, Document const& instance,
    jsonpointer::json_pointer const& location, evaluation_results& results,
    error_reporter& reporter, Document& patch, std::unordered_set<std::string>& allowed) const {
    if (!instance.is_object()) return walk_result::advance;
    eval_context<Document> here(context, this->keyword_name());
    for (auto const& property : instance.object_range()) {
        eval_context<Document> inside{here, property.key(), evaluation_flags{}};
        for (auto const& [pattern, schema] : pattern_properties_) {
            if (!resolute::matches(std::string(property.key()), pattern)) continue;
            allowed.insert(property.key());
            auto const errors = reporter.error_count();
            if (schema->validate(inside, property.value(), location / property.key(), results,
                                 reporter, patch) == walk_result::abort)
                return walk_result::abort;
            if (errors == reporter.error_count() && context.require_evaluated_properties())
                results.evaluated_properties.insert(property.key());
        }
    }
    return walk_result::advance;
}

// Every additional property is reported, each at its own place.
template <>
walk_result additional_properties_validator<Document>::do_validate(
    eval_context<Document> const& context, Document const& instance,
    jsonpointer::json_pointer const& location, evaluation_results& results,
    error_reporter& reporter, Document& patch) const {
    if (!instance.is_object()) return walk_result::advance;
    std::unordered_set<std::string> allowed;
    if (properties_ && properties_->validate(context, instance, location, results, reporter, patch,
                                             allowed) == walk_result::abort)
        return walk_result::abort;
    if (pattern_properties_ &&
        pattern_properties_->validate(context, instance, location, results, reporter, patch,
                                      allowed) == walk_result::abort)
        return walk_result::abort;
    if (!additional_properties_) return walk_result::advance;
    eval_context<Document> here(context, this->keyword_name());
    for (auto const& property : instance.object_range()) {
        if (allowed.contains(property.key())) continue;
        eval_context<Document> inside{here, property.key(), evaluation_flags{}};
        auto const place = location / property.key();
        auto const errors = reporter.error_count();
        auto const result = additional_properties_->always_fails()
                                ? reporter.error(this->make_validation_message(
                                      inside.eval_path(), place,
                                      "The property `" + property.key() + "` is not known"))
                                : additional_properties_->validate(inside, property.value(), place,
                                                                   results, reporter, patch);
        if (result == walk_result::abort) return result;
        if (errors == reporter.error_count() && context.require_evaluated_properties())
            results.evaluated_properties.insert(property.key());
    }
    return walk_result::advance;
}

// Sorting instead of comparing every pair: arrays may have a million items.
template <>
bool unique_items_validator<Document>::array_has_unique_items(Document const& array) {
    std::vector<Document const*> items;
    for (auto const& item : array.array_range()) items.push_back(&item);
    std::sort(items.begin(), items.end(), [](auto const* a, auto const* b) { return *a < *b; });
    return std::adjacent_find(items.begin(), items.end(),
                              [](auto const* a, auto const* b) { return *a == *b; }) == items.end();
}

}  // namespace jsoncons::jsonschema

namespace resolute {
namespace {

struct TooDeep {};

// Counts the values as it goes, because a large value may cost more to check.
Document to_document(Json const& value, std::size_t& values, int depth = 0) {
    if (depth > limits::json_depth) throw TooDeep();
    ++values;
    switch (value.type()) {
        case Json::value_t::object: {
            Document object(jsoncons::json_object_arg);
            object.reserve(value.size());
            for (auto const& [key, member] : value.items())
                object.insert_or_assign(key, to_document(member, values, depth + 1));
            return object;
        }
        case Json::value_t::array: {
            Document array(jsoncons::json_array_arg);
            array.reserve(value.size());
            for (auto const& item : value) array.push_back(to_document(item, values, depth + 1));
            return array;
        }
        case Json::value_t::string: return Document(value.get_ref<std::string const&>());
        case Json::value_t::boolean: return Document(value.get<bool>());
        case Json::value_t::number_integer: return Document(value.get<std::int64_t>());
        case Json::value_t::number_unsigned: return Document(value.get<std::uint64_t>());
        case Json::value_t::number_float: return Document(value.get<double>());
        default: return Document(jsoncons::null_type());
    }
}

Diagnostic unusable(std::string message, std::string remedy = {}) {
    return {
        .code = codes::schema_invalid, .message = std::move(message), .remedy = std::move(remedy)};
}

// The name by which the compiler knows the dialect; none for a dialect that is not supported.
// Both schemes, with and without the empty fragment, are in use.
std::optional<std::string> dialect_of(Json const& schema) {
    if (!schema.is_object() || !schema.contains("$schema"))
        return jschema::schema_version::draft202012();
    if (!schema["$schema"].is_string()) return std::nullopt;
    auto name = schema["$schema"].get<std::string>();
    if (name.ends_with('#')) name.pop_back();
    if (name.ends_with("://json-schema.org/draft/2020-12/schema"))
        return jschema::schema_version::draft202012();
    if (name.ends_with("://json-schema.org/draft-07/schema"))
        return jschema::schema_version::draft7();
    return std::nullopt;
}

std::string sentence(std::string text) {
    if (text.size() > limits::violation_message_bytes)
        text = text.substr(0, limits::violation_message_bytes) + "…";
    text = to_valid_utf8(text);
    if (!text.ends_with('.')) text += '.';
    return text;
}

// Every part of an allOf must hold, so its complaints count one by one; of anyOf and oneOf the
// complaints about the alternatives become one sentence.
void add_violations(std::vector<Violation>& violations,
                    jschema::validation_message const& message) {
    if (message.keyword() == "allOf" && !message.details().empty()) {
        for (auto const& detail : message.details()) add_violations(violations, detail);
        return;
    }
    auto text = sentence(message.message());
    for (auto const& detail : message.details()) text += " " + sentence(detail.message());
    auto rule = std::string(message.schema_location().fragment());
    if (message.keyword() == "type") rule += "/type";  // which the library leaves out
    violations.push_back({message.instance_location().string(), std::move(rule), std::move(text)});
}

using Validator = jschema::json_schema<Document>;

Validator compile_document(Json const& schema, std::string const& dialect) {
    auto refuse_to_load = [](jsoncons::uri const& reference) -> Document {
        throw jschema::schema_error("The reference " + reference.string() +
                                    " leaves the document; copy what it refers to into $defs");
    };
    std::size_t values = 0;
    auto document = to_document(schema, values);
    if (document.is_object()) document.insert_or_assign("$schema", dialect);
    return jschema::make_json_schema(std::move(document), "https://schema.invalid", refuse_to_load);
}

// The schema of schemas of a dialect.
Validator const& meta_schema(std::string const& dialect) {
    static Validator const draft_2020_12 = compile_document(
        {{"$ref", jschema::schema_version::draft202012()}}, jschema::schema_version::draft202012());
    static Validator const draft_07 = compile_document(
        {{"$ref", jschema::schema_version::draft7()}}, jschema::schema_version::draft7());
    return dialect == jschema::schema_version::draft7() ? draft_07 : draft_2020_12;
}

std::vector<Violation> violations_of(Validator const& schema, Json const& value) {
    std::vector<Violation> violations;
    auto const report = [&](jschema::validation_message const& message) {
        add_violations(violations, message);
        return violations.size() < limits::schema_violations ? jschema::walk_result::advance
                                                             : jschema::walk_result::abort;
    };
    try {
        std::size_t values = 0;
        auto const document = to_document(value, values);
        allowance = {limits::schema_evaluations + limits::schema_evaluations_per_value * values,
                     stack_position()};
        schema.validate(document, report);
    } catch (TooExpensive const&) {
        violations.push_back(
            {"", "", "The value is too large or the schema too intricate to be checked."});
    } catch (TooDeep const&) {
        violations.push_back({"", "", "The value is nested too deeply."});
    } catch (std::exception const& error) {
        violations.push_back({"", "", sentence(error.what())});
    }
    if (violations.size() > limits::schema_violations) violations.resize(limits::schema_violations);
    return violations;
}

}  // namespace

struct JsonSchema::Compiled {
    Payload source;
    QuickSchema quick;
    Validator schema;
};

Result<JsonSchema> JsonSchema::compile(Json const& schema) {
    auto problems = schema_problems(schema);
    if (!problems.empty()) return problems;
    if (to_text(schema).size() > limits::schema_bytes)
        return unusable("The schema has more than " + std::to_string(limits::schema_bytes) +
                        " bytes.");
    auto const dialect = dialect_of(schema);
    if (!dialect)
        return unusable("The schema names a dialect in $schema that is not supported.",
                        "Use 2020-12 (the default) or draft-07.");
    try {
        for (auto const& violation : violations_of(meta_schema(*dialect), schema))
            problems.push_back({.code = codes::schema_invalid,
                                .message = violation.message,
                                .pointer = violation.pointer});
        if (!problems.empty()) return problems;
        JsonSchema made;
        made.compiled_ = std::make_shared<Compiled const>(
            Compiled{schema, QuickSchema(schema), compile_document(schema, *dialect)});
        return made;
    } catch (std::exception const& error) {
        return unusable(sentence(error.what()));
    }
}

std::vector<Violation> JsonSchema::validate(Json const& value) const {
    if (compiled_->quick.accepts(value)) return {};
    return violations_of(compiled_->schema, value);
}

Json const& JsonSchema::source() const { return compiled_->source.json(); }
Payload const& JsonSchema::shared_source() const { return compiled_->source; }

std::string to_string(std::vector<Violation> const& violations) {
    std::string text;
    for (auto const& violation : violations) {
        if (!text.empty()) text += "\n";
        text += (violation.pointer.empty() ? "" : violation.pointer + ": ") + violation.message;
    }
    return text;
}

}  // namespace resolute
