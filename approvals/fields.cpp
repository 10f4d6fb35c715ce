#include "approvals/fields.h"

#include <algorithm>
#include <array>

#include "approvals/money.h"
#include "approvals/reveal.h"
#include "base/clock.h"
#include "base/limits.h"

namespace resolute::approvals {
namespace {

constexpr std::array renders = {"text", "money", "date", "id", "count"};

// "payment_id" and "paymentId" are read as "Payment id".
std::string label_from(std::string const& name) {
    std::string label;
    for (char c : name) {
        bool const is_upper = c >= 'A' && c <= 'Z';
        if (c == '_' || c == '-')
            label += ' ';
        else if (is_upper && !label.empty() && label.back() != ' ')
            (label += ' ') += static_cast<char>(c - 'A' + 'a');
        else
            label += c;
    }
    if (!label.empty() && label[0] >= 'a' && label[0] <= 'z')
        label[0] = static_cast<char>(label[0] - 'a' + 'A');
    return reveal(label.empty() ? "(no name)" : label, Lines::reveal);
}

std::string text_at(Json const& schema, char const* key) {
    if (!schema.is_object()) return {};
    auto const found = schema.find(key);
    return found != schema.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class Builder {
  public:
    Builder(Json const& arguments, Json const& root) : arguments_(arguments), root_(root) {}

    Form build() {
        visit(arguments_, root_, Json::json_pointer(), "Arguments", nullptr);
        return std::move(form_);
    }

  private:
    Json const& resolved(Json const& schema) const;
    Json const& below(Json const& schema, std::string const& name) const;
    void visit(Json const& value, Json const& given_schema, Json::json_pointer const& at,
               std::string const& name, Json const* around);
    void add(Json const& value, Json const& schema, Json::json_pointer const& at, std::string label,
             Json const* around);
    void display(Field& field, Json const& schema, Json const* around);
    void display_text(Field& field, Json const& schema);
    void refuse(Field const& field, std::string const& why) {
        if (form_.uninspectable.empty())
            form_.uninspectable = "`" + field.label + "` cannot be shown: " + why + ".";
    }

    Json const& arguments_;
    Json const& root_;
    Form form_;
};

Json const no_schema = Json::object();

Json const& Builder::resolved(Json const& schema) const {
    auto const* at = &schema;
    for (int hops = 0; hops < limits::schema_depth; ++hops) {
        auto const ref = text_at(*at, "$ref");
        if (!ref.starts_with("#/") || !root_.contains(Json::json_pointer(ref.substr(1))))
            return *at;
        at = &root_.at(Json::json_pointer(ref.substr(1)));
    }
    return *at;
}

Json const& Builder::below(Json const& schema, std::string const& name) const {
    if (!schema.is_object()) return no_schema;
    if (auto const properties = schema.find("properties");
        properties != schema.end() && properties->contains(name))
        return resolved(properties->at(name));
    if (auto const others = schema.find("additionalProperties"); others != schema.end())
        return resolved(*others);
    return no_schema;
}

void Builder::visit(Json const& value, Json const& given_schema, Json::json_pointer const& at,
                    std::string const& name, Json const* around) {
    if (form_.fields.size() >= limits::approval_fields) {
        form_.uninspectable =
            "There are more than " + std::to_string(limits::approval_fields) + " values.";
        return;
    }
    auto const& schema = resolved(given_schema);
    bool const is_empty = value.is_structured() && value.empty();
    auto const title = text_at(schema, "title");
    auto const label =
        title.empty() || at.empty() ? label_from(name) : reveal(title, Lines::reveal);
    if (value.is_object() && !is_empty) {
        for (auto const& [member, inner] : value.items())
            visit(inner, below(schema, member), at / member, member, &value);
    } else if (value.is_array() && !is_empty) {
        auto const items = schema.is_object() ? schema.find("items") : schema.end();
        auto const& inner = schema.is_object() && items != schema.end() ? *items : no_schema;
        for (std::size_t i = 0; i < value.size(); ++i)
            visit(value[i], inner, at / i, label + " " + std::to_string(i + 1), around);
    } else {
        add(value, schema, at, label, around);
    }
}

void Builder::add(Json const& value, Json const& schema, Json::json_pointer const& at,
                  std::string label, Json const* around) {
    Field field{at.to_string(), std::move(label), value, text_at(schema, "x-render"), {}, {}};
    if (std::find(renders.begin(), renders.end(), field.render) == renders.end()) {
        auto const format = text_at(schema, "format");
        field.render = value.is_number_integer()                   ? "count"
                       : format == "date" || format == "date-time" ? "date"
                                                                   : "text";
    }
    display(field, schema, around);
    form_.fields.push_back(std::move(field));
}

void Builder::display(Field& field, Json const& schema, Json const* around) {
    auto const& value = field.value;
    if (value.is_string()) return display_text(field, schema);
    field.display = value.is_boolean() ? (value.get<bool>() ? "yes" : "no") : to_text(value);
    if (value.is_null()) field.display = "(nothing)";
    if (value.is_structured()) field.display = value.is_array() ? "(empty list)" : "(empty)";
    if (field.render != "money") return;
    auto const sibling = text_at(schema, "x-currency");
    auto const key = sibling.empty() ? std::string("currency") : sibling;
    auto const code = around ? text_at(*around, key.c_str()) : std::string();
    auto const money = value.is_number_integer() && !(value.is_number_unsigned() &&
                                                      value.get<std::uint64_t>() > INT64_MAX)
                           ? format_money(value.get<std::int64_t>(), code)
                           : std::nullopt;
    if (money) {
        field.display = *money;
        field.currency = code;
    } else {
        field.render = "count";
        field.display += code.empty() ? " in minor units, currency unknown"
                                      : " minor units of " + reveal(code, Lines::reveal);
        refuse(field, "it is an amount without a currency that is known");
    }
}

void Builder::display_text(Field& field, Json const& schema) {
    auto const& text = field.value.get_ref<std::string const&>();
    auto const encoding = text_at(schema, "contentEncoding");
    field.display = reveal(text, Lines::keep);
    if (!encoding.empty()) refuse(field, "it is encoded as " + encoding);
    if (auto const why = unrenderable(text)) refuse(field, *why);
    if (field.render == "money") {  // a decimal text, which the currency's digits say nothing about
        field.render = "text";
    } else if (field.render == "date" && text.size() > 10) {
        if (auto const at = parse_timestamp(text))
            field.display =
                to_string(*at).substr(0, 10) + " " + to_string(*at).substr(11, 8) + " UTC";
    }
    if (text.empty()) field.display = "(empty text)";
}

std::string placeholder(std::string name, Form const& form, std::string const& case_id) {
    std::replace(name.begin(), name.end(), '.', '/');
    for (auto const& field : form.fields) {
        if (field.pointer != "/" + name) continue;
        auto text = field.value.is_string() ? reveal(field.display, Lines::reveal) : field.display;
        if (count_characters(text) <= limits::approval_sentence_value) return text;
        std::size_t end = 0, seen = 0;
        while (end < text.size() && (seen < limits::approval_sentence_value ||
                                     (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80))
            if ((static_cast<unsigned char>(text[++end]) & 0xC0) != 0x80) ++seen;
        return text.substr(0, end) + "… (" + std::to_string(count_characters(text)) +
               " characters)";
    }
    if (name == "case" && !case_id.empty()) return reveal(case_id, Lines::reveal);
    return "(not given)";
}

}  // namespace

Form form_of(Json const& arguments, Json const& schema) {
    return Builder(arguments, schema).build();
}

std::string fill_sentence(std::string const& sentence, Form const& form,
                          std::string const& case_id) {
    std::string filled;
    for (std::size_t at = 0; at < sentence.size();) {
        auto const open = sentence.find('{', at);
        auto const close = open == std::string::npos ? open : sentence.find('}', open);
        if (close == std::string::npos) return filled + sentence.substr(at);
        filled += sentence.substr(at, open - at) +
                  placeholder(sentence.substr(open + 1, close - open - 1), form, case_id);
        at = close + 1;
    }
    return filled;
}

Json to_json(Field const& field) {
    return {{"pointer", field.pointer},
            {"label", field.label},
            {"value", field.value},
            {"render", field.render},
            {"display", field.display}};
}

}  // namespace resolute::approvals
