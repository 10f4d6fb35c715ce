// Compiled JSON Schema validators (2020-12 by default, draft-07 by $schema): the type system of
// tools.
//
// Immutable after compile, thread-safe to use from many threads, cheap to copy (shared).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/payload.h"

namespace resolute {

struct Violation {
    std::string pointer;  // of the value that breaks the rule, "" for the root
    std::string rule;     // keyword location in the schema, such as /properties/amount/minimum
    std::string message;  // one sentence
};

std::string to_string(std::vector<Violation> const& violations);

class JsonSchema {
  public:
    // Refuses unknown dialects, references that leave the document, and documents over the limits.
    static Result<JsonSchema> compile(Json const& schema);

    std::vector<Violation> validate(
        Json const& value) const;  // empty = valid; at most limits::schema_violations

    Json const& source() const;
    Payload const& shared_source() const;

  private:
    struct Compiled;
    std::shared_ptr<Compiled const> compiled_;
};

}  // namespace resolute
