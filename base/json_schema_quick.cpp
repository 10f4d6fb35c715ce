#include "base/json_schema_quick.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace resolute {
namespace {

// Keywords that describe and demand nothing.
constexpr std::array<std::string_view, 11> annotations = {
    "title",     "description", "default",  "examples", "deprecated", "readOnly",
    "writeOnly", "$schema",     "$comment", "$defs",    "definitions"};

enum TypeBit : unsigned {
    null_bit = 1,
    boolean_bit = 2,
    integer_bit = 4,
    number_bit = 8,
    string_bit = 16,
    array_bit = 32,
    object_bit = 64
};

unsigned bits_named(std::string_view type) {
    if (type == "null") return null_bit;
    if (type == "boolean") return boolean_bit;
    if (type == "integer") return integer_bit;
    if (type == "number") return number_bit | integer_bit;
    if (type == "string") return string_bit;
    if (type == "array") return array_bit;
    if (type == "object") return object_bit;
    return 0;
}

// A double that happens to be whole is left to the validator.
unsigned bit_of(Json const& value) {
    switch (value.type()) {
        case Json::value_t::null: return null_bit;
        case Json::value_t::boolean: return boolean_bit;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: return integer_bit;
        case Json::value_t::number_float: return number_bit;
        case Json::value_t::string: return string_bit;
        case Json::value_t::array: return array_bit;
        case Json::value_t::object: return object_bit;
        default: return 0;
    }
}

bool is_small_integer(Json const& value) {
    if (!value.is_number_integer()) return false;
    if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= limits::exact_integer;
    auto const limit = static_cast<std::int64_t>(limits::exact_integer);
    auto const number = value.get<std::int64_t>();
    return -limit <= number && number <= limit;
}

std::optional<std::size_t> count_in(Json const& operand) {
    if (!is_small_integer(operand) || operand.get<std::int64_t>() < 0) return std::nullopt;
    return operand.get<std::size_t>();
}

std::size_t code_points(std::string const& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_same_scalar(Json const& a, Json const& b) {
    if (is_small_integer(a) && is_small_integer(b))
        return a.get<std::int64_t>() == b.get<std::int64_t>();
    return a.type() == b.type() && !a.is_structured() && !a.is_number() && a == b;
}

bool is_shallow(Json const& value, int depth) {
    if (!value.is_structured()) return true;
    if (depth >= limits::json_depth) return value.empty();
    return std::ranges::all_of(value,
                               [&](Json const& inside) { return is_shallow(inside, depth + 1); });
}

}  // namespace

QuickSchema::QuickSchema(Json const& schema) {
    if (schema.is_boolean())
        is_sure_ = schema.get<bool>();
    else if (schema.is_object())
        for (auto const& [keyword, operand] : schema.items())
            is_sure_ = is_sure_ && learn(keyword, operand);
    else
        is_sure_ = false;
}

bool QuickSchema::learn(std::string const& keyword, Json const& operand) {
    auto size = [&](std::size_t& into) {
        auto const count = count_in(operand);
        if (count) into = *count;
        return count.has_value();
    };
    auto bound = [&](Bound::Side side) {
        bounds_.push_back({side, operand});
        return is_small_integer(operand);
    };
    auto schema = [&](std::shared_ptr<QuickSchema const>& into) {
        into = std::make_shared<QuickSchema const>(operand);
        return operand.is_object() || operand.is_boolean();
    };
    if (keyword.starts_with("x-") || std::ranges::find(annotations, keyword) != annotations.end())
        return true;
    if (keyword == "type") return learn_type(operand);
    if (keyword == "properties") return learn_properties(operand);
    if (keyword == "additionalProperties") return schema(others_);
    if (keyword == "items") return schema(items_);
    if (keyword == "minLength") return size(length_.least);
    if (keyword == "maxLength") return size(length_.most);
    if (keyword == "minItems") return size(count_.least);
    if (keyword == "maxItems") return size(count_.most);
    if (keyword == "minProperties") return size(members_.least);
    if (keyword == "maxProperties") return size(members_.most);
    if (keyword == "minimum") return bound(Bound::Side::at_least);
    if (keyword == "maximum") return bound(Bound::Side::at_most);
    if (keyword == "exclusiveMinimum") return bound(Bound::Side::above);
    if (keyword == "exclusiveMaximum") return bound(Bound::Side::below);
    if (keyword == "required") {
        if (!operand.is_array()) return false;
        for (auto const& name : operand) {
            if (!name.is_string()) return false;
            required_.push_back(name.get<std::string>());
        }
        return true;
    }
    if (keyword == "enum" && operand.is_array() && !choices_) {
        choices_.emplace(operand.begin(), operand.end());
        return true;
    }
    if (keyword == "const" && !choices_) {
        choices_ = std::vector<Json>(1, operand);
        return true;
    }
    return false;
}

bool QuickSchema::learn_type(Json const& operand) {
    types_ = 0;
    if (operand.is_string()) types_ = bits_named(operand.get_ref<std::string const&>());
    if (operand.is_array())
        for (auto const& type : operand)
            if (type.is_string()) *types_ |= bits_named(type.get_ref<std::string const&>());
    return *types_ != 0;
}

bool QuickSchema::learn_properties(Json const& operand) {
    if (!operand.is_object()) return false;
    for (auto const& [name, schema] : operand.items()) properties_.emplace(name, schema);
    return true;
}

bool QuickSchema::accepts(Json const& value) const {
    return accepts(value, 0) && is_shallow(value, 0);
}

bool QuickSchema::accepts(Json const& value, int depth) const {
    if (!is_sure_ || depth > limits::json_depth) return false;
    if (types_ && (*types_ & bit_of(value)) == 0) return false;
    auto is_it = [&](Json const& choice) { return is_same_scalar(choice, value); };
    if (choices_ && std::ranges::none_of(*choices_, is_it)) return false;
    if (value.is_number() && !bounds_.empty()) {
        if (!is_small_integer(value)) return false;
        auto const number = value.get<std::int64_t>();
        for (auto const& bound : bounds_) {
            auto const limit = bound.limit.get<std::int64_t>();
            bool const fits = bound.side == Bound::Side::at_least  ? number >= limit
                              : bound.side == Bound::Side::at_most ? number <= limit
                              : bound.side == Bound::Side::above   ? number > limit
                                                                   : number < limit;
            if (!fits) return false;
        }
    }
    if (auto const* text = value.get_ptr<std::string const*>()) {
        if (length_.least == 0 && length_.most == Sizes{}.most) return true;
        auto const length = code_points(*text);
        return length_.least <= length && length <= length_.most;
    }
    if (auto const* object = value.get_ptr<Json::object_t const*>())
        return accepts_object(*object, depth);
    if (auto const* array = value.get_ptr<Json::array_t const*>())
        return accepts_array(*array, depth);
    return true;
}

bool QuickSchema::accepts_object(Json::object_t const& object, int depth) const {
    if (object.size() < members_.least || object.size() > members_.most) return false;
    auto is_there = [&](std::string const& name) { return object.contains(name); };
    if (!std::ranges::all_of(required_, is_there)) return false;
    if (properties_.empty() && !others_) return true;
    return std::ranges::all_of(object, [&](auto const& member) {
        auto const known = properties_.find(member.first);
        if (known != properties_.end()) return known->second.accepts(member.second, depth + 1);
        return !others_ || others_->accepts(member.second, depth + 1);
    });
}

bool QuickSchema::accepts_array(Json::array_t const& array, int depth) const {
    if (array.size() < count_.least || array.size() > count_.most) return false;
    if (!items_) return true;
    return std::ranges::all_of(array,
                               [&](Json const& item) { return items_->accepts(item, depth + 1); });
}

}  // namespace resolute
