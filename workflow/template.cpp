#include "workflow/template.h"

#include <algorithm>

#include "base/error_codes.h"
#include "workflow/arguments.h"
#include "workflow/uri_template.h"

namespace resolute::workflow {

struct Template::Computed {
    Expression expression;
    std::vector<Mention> mentions;
    std::optional<Payload> fallback;
};

Template::Template(Payload literal) : content_(std::move(literal)) {}

Template::Template(Expression expression) {
    if (expression.text() == ".")
        content_ = Current{};
    else
        content_ =
            std::make_shared<Computed const>(Computed{expression, mentions_of(expression), {}});
}

Template::Template(Expression expression, Payload fallback) {
    content_ = std::make_shared<Computed const>(
        Computed{expression, mentions_of(expression), std::move(fallback)});
}

Template Template::current() { return Template(Content(Current{})); }

Template Template::list(std::vector<Template> items) {
    if (!std::ranges::all_of(items, [](auto const& item) { return item.literal() != nullptr; }))
        return Template(Content(std::make_shared<List const>(std::move(items))));
    Json values = Json::array();
    for (auto const& item : items) values.push_back(item.literal()->json());
    return Template(Payload(std::move(values)));
}

Template Template::map(std::map<std::string, Template> members) {
    if (!std::ranges::all_of(members,
                             [](auto const& member) { return member.second.literal() != nullptr; }))
        return Template(Content(std::make_shared<Map const>(std::move(members))));
    Json values = Json::object();
    for (auto const& [key, member] : members) values[key] = member.literal()->json();
    return Template(Payload(std::move(values)));
}

Template Template::uri(UriTemplate address) {
    if (!address.has_places()) return Template(Payload(Json(address.text())));
    return Template(Content(std::make_shared<UriTemplate const>(std::move(address))));
}

Payload const* Template::literal() const { return std::get_if<Payload>(&content_); }

std::map<std::string, Template> const* Template::members() const {
    auto const* map = std::get_if<std::shared_ptr<Map const>>(&content_);
    return map ? map->get() : nullptr;
}

Template Template::otherwise(Payload fallback) const {
    auto const* computed = std::get_if<std::shared_ptr<Computed const>>(&content_);
    return computed ? Template((*computed)->expression, std::move(fallback)) : *this;
}

Payload Template::evaluate(Arguments& arguments) const {
    if (auto const* literal = std::get_if<Payload>(&content_)) return *literal;
    if (std::holds_alternative<Current>(content_)) return arguments.current();
    return Payload(value(arguments));
}

// A part of a greater value, made in place.
Json Template::value(Arguments& arguments) const {
    if (auto const* literal = std::get_if<Payload>(&content_)) return literal->json();
    if (std::holds_alternative<Current>(content_)) return arguments.current().json();
    if (auto const* list = std::get_if<std::shared_ptr<List const>>(&content_)) {
        Json::array_t values;
        values.reserve((*list)->size());
        for (auto const& item : **list) values.push_back(item.value(arguments));
        return Json(std::move(values));
    }
    if (auto const* map = std::get_if<std::shared_ptr<Map const>>(&content_)) {
        Json::object_t values;
        for (auto const& [key, member] : **map)
            values.emplace_hint(values.end(), key, member.value(arguments));
        return Json(std::move(values));
    }
    if (auto const* address = std::get_if<std::shared_ptr<UriTemplate const>>(&content_)) {
        auto filled = (*address)->expand(arguments.current().json());
        if (filled) return Json(std::move(*filled));
        throw Fault{expression_failure(filled.diagnostics().front().message, codes::malformed_url)};
    }
    return value_of(*std::get<std::shared_ptr<Computed const>>(content_), arguments);
}

Json Template::value_of(Computed const& computed, Arguments& arguments) {
    auto value = computed.expression.evaluate(arguments.scope(computed.mentions));
    if (value) return std::move(*value);
    if (computed.fallback) return computed.fallback->json();
    auto const& problem = value.diagnostics().front();
    throw Fault{expression_failure("`" + computed.expression.text() + "`: " + problem.message,
                                   problem.code)};
}

bool Condition::holds(Arguments& arguments) const {
    auto const result = value.evaluate(arguments);
    if (result.is_null()) return false;
    if (result.json().is_boolean()) return result.json().get<bool>();
    throw Fault{expression_failure("A condition must be true or false, and this one is " +
                                       std::string(result.json().type_name()) + ".",
                                   codes::wrong_type)};
}

}  // namespace resolute::workflow
