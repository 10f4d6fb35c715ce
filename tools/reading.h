// What contracts and server files hold besides plain text: durations, words of a list, expressions.
// Located problems.
//
// Every function reads one key of a map and reports what is wrong with it at its place.
#pragma once

#include "base/clock.h"
#include "workflow/expression.h"
#include "workflow/fields.h"

namespace resolute::tools {

using workflow::Fields;
using workflow::Node;
using workflow::Problems;

// Reports at the key's value, or at the map when the key is absent.
void wrong(Fields& fields, std::string_view key, char const* code, std::string message,
           std::string remedy = {});

std::optional<std::string> required_name(Fields& fields,
                                         std::string_view key);  // text that is not empty
std::optional<Duration> duration(Fields& fields, std::string_view key);  // more than zero
std::optional<std::string> word(Fields& fields, std::string_view key,
                                std::vector<std::string> const& allowed);
std::optional<workflow::Expression> expression(Fields& fields, std::string_view key,
                                               std::vector<std::string> const& variables = {});
// A key of the format that cannot be used yet.
void refuse(Fields& fields, std::string_view key, std::string const& remedy);

std::string list_of(std::vector<std::string> const& words);  // "`a`, `b`"

}  // namespace resolute::tools
