// The variables of a condition, read from one request: `$arguments`, `$facts`, `$tool` and so on.
//
// Lives for one decision on one thread and refers to the request. Values that are small objects are
// built when a rule first asks for them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/request.h"

namespace resolute::policy {

enum class Variable {
    arguments,
    facts,
    input,
    tool,
    workflow,
    run,
    kase,
    principal,
    labels,
    tenant,
    time
};
inline constexpr std::size_t variable_count = 11;

std::string_view name_of(Variable variable);  // "arguments", without the dollar sign
std::optional<Variable> variable_named(std::string_view name);
std::vector<std::string> const& variable_names();

// What a variable other than $arguments, $facts and $input looks like, as a JSON Schema; null for
// those.
Json const& shape_of(Variable variable);

class Values {
  public:
    explicit Values(Request const& request) : request_(request) {}
    Values(Values const&) = delete;
    Values& operator=(Values const&) = delete;

    Json const& get(Variable variable);
    // One fact without building all of $facts; nullptr when no such step has completed.
    Json const* fact(std::string const& step) const;

  private:
    Request const& request_;
    std::array<std::optional<Json>, variable_count> built_;
};

}  // namespace resolute::policy
