// The exact arguments of a call as a form: one field per value, formatted by what its schema says
// it is.
//
// Pure. `x-render` in the schema: text, money (minor units; `x-currency` names the sibling that
// holds the code, `currency` by default), date, id or count.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace resolute::approvals {

struct Field {
    std::string pointer;  // into the arguments
    std::string label;
    Json value;
    std::string render;   // text, money, date, id, count
    std::string display;  // hidden characters are revealed
    std::string currency; // of money
};

struct Form {
    std::vector<Field> fields;
    std::string uninspectable;  // why it cannot be shown faithfully; "" when it can
};

Form form_of(Json const& arguments, Json const& schema);

// The sentence of a contract with `{name}` replaced by the display of the field `/name` (or `/a/b`
// for `{a.b}`);
// `{case}` is the case. A name that has no field reads "(not given)". Line breaks are revealed,
// long texts are cut.
std::string fill_sentence(std::string const& sentence, Form const& form,
                          std::string const& case_id);

Json to_json(Field const& field);

}  // namespace resolute::approvals
