// An address with places for values, as RFC 6570 describes them: "https://shop/pets/{id}{?status}".
//
// Immutable, safe to use from many threads. Values are percent-encoded, so that none of them can
// reach another path or host, unless the author wrote `{+name}`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace resolute::workflow {

class UriTemplate {
  public:
    // One sentence per problem, without a place.
    static Result<UriTemplate> parse(std::string_view text);

    std::string const& text() const { return text_; }
    bool has_places() const { return !parts_.empty() && !parts_.front().variables.empty(); }

    // Values by name, members of an object. What is missing or null expands to nothing, wherever it
    // stands (section 2.3 of the standard); `/pets/{id}` is then `/pets/`.
    Result<std::string> expand(Json const& values) const;

  private:
    struct Variable {
        std::string name;
        std::size_t prefix = 0;  // characters of the value; 0 = all
        bool explodes = false;
    };
    struct Part {
        char operation = 0;  // one of "+#./;?&", or none
        std::vector<Variable> variables;
        std::string after;  // the text up to the next part
    };

    static Result<Part> parse_place(std::string_view inside);
    static Result<std::string> expand(Part const& part, Json const& values);

    std::string text_;
    std::string before_;
    std::vector<Part> parts_;
};

}  // namespace resolute::workflow
