// Says yes fast: knows of most values that satisfy their schema without asking the full validator.
//
// Immutable, thread-safe to read. `accepts` never says yes where the validator would complain; when
// it is not sure (a keyword it does not know, a violation, a number it would have to round) it says
// no, and the validator has the word.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace resolute {

class QuickSchema {
  public:
    explicit QuickSchema(Json const& schema);

    bool accepts(Json const& value) const;

  private:
    struct Bound {
        enum class Side { at_least, at_most, above, below } side;
        Json limit;
    };
    struct Sizes {
        std::size_t least = 0;
        std::size_t most = static_cast<std::size_t>(-1);
    };

    bool learn(std::string const& keyword, Json const& operand);
    bool learn_type(Json const& operand);
    bool learn_properties(Json const& operand);
    bool accepts(Json const& value, int depth) const;
    bool accepts_object(Json::object_t const& object, int depth) const;
    bool accepts_array(Json::array_t const& array, int depth) const;

    bool is_sure_ = true;  // every keyword is known here
    std::optional<unsigned> types_;  // a bit for each
    std::vector<std::string> required_;
    std::map<std::string, QuickSchema, std::less<>> properties_;
    std::shared_ptr<QuickSchema const> others_;  // for properties that have no schema of their own
    std::shared_ptr<QuickSchema const> items_;
    std::optional<std::vector<Json>> choices_;
    std::vector<Bound> bounds_;
    Sizes length_, count_, members_;
};

}  // namespace resolute
