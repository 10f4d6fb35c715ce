#include "tools/expander.h"

#include "base/limits.h"
#include "base/spelling.h"

namespace resolute::tools {

std::string Expander::text(Node const& node, std::string const& written) {
    auto expansion = expand(written, environment_);
    for (auto const& name : expansion.unknown)
        problems_.error(node, codes::unknown_variable,
                        "The variable `${" + name + "}` has no value.",
                        "Set `" + name + "`." + did_you_mean(name, names_of(environment_)));
    return std::move(expansion.text);
}

std::vector<std::string> Expander::texts(Fields& fields, std::string_view key) {
    std::vector<std::string> result;
    auto const* list = fields.find(key);
    if (!list ||
        !workflow::expect(*list, Node::Kind::list, "`" + std::string(key) + "`", problems_))
        return result;
    for (auto const& item : list->items)
        if (auto written =
                workflow::read_text(item, "An item of `" + std::string(key) + "`", problems_))
            result.push_back(text(item, *written));
    return result;
}

std::map<std::string, std::string> Expander::secret_texts(Fields& fields, std::string_view key) {
    std::map<std::string, std::string> result;
    auto const* map = fields.find(key);
    if (!map || !workflow::expect(*map, Node::Kind::map, "`" + std::string(key) + "`", problems_))
        return result;
    for (auto const& member : map->members)
        if (auto written = workflow::read_text(member.value, "`" + member.key + "`", problems_))
            result[member.key] = secret_text(member.value, *written);
    return result;
}

// A very short value cannot be told from ordinary text, so hiding it would only garble the
// evidence.
std::string Expander::secret_text(Node const& node, std::string const& written) {
    for (auto& value : expand(written, environment_).values)
        if (value.size() >= limits::secret_bytes) secrets_.push_back(std::move(value));
    return text(node, written);
}

}  // namespace resolute::tools
