#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/error_codes.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace resolute {
namespace {

// Builds the value while it is read, because a finished object no longer shows its duplicate keys.
class StrictReader final : public nlohmann::json_sax<Json> {
  public:
    explicit StrictReader(std::string_view text) : text_(text) {}

    std::optional<Diagnostic> const& problem() const { return problem_; }
    Json take() { return std::move(root_); }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, string_t const& digits) override {
        if (digits.find_first_of(".eE") == std::string::npos)
            return refuse("The integer " + digits.substr(0, 40) + " does not fit into 64 bits.",
                          "Send large numbers as strings.");
        return add(value);
    }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return refuse("Binary values are not JSON.", ""); }

    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        auto& frame = open_.back();
        frame.key = std::move(name);
        if (frame.container->contains(frame.key))
            return refuse("The key `" + frame.key.substr(0, 64) + "` occurs twice in one object.",
                          "Keep one of them.");
        return true;
    }

    bool parse_error(std::size_t position, std::string const&,
                     nlohmann::detail::exception const& error) override {
        refuse(plain(error.what()), "");
        auto const read = text_.substr(0, std::min(position, text_.size()));
        auto const line_start = read.rfind('\n') + 1;  // npos + 1 is 0
        problem_->line = 1 + static_cast<int>(std::count(read.begin(), read.end(), '\n'));
        problem_->column = std::max(1, static_cast<int>(read.size() - line_start));
        problem_->pointer.clear();
        return false;
    }

  private:
    struct Frame {
        Json* container;
        std::string key;  // of the member that is being read, in objects
    };

    // "[json.exception…] parse error at line 1, column 2: what" becomes "what".
    static std::string plain(std::string what) {
        auto const start = what.find(": ");
        if (start != std::string::npos) what.erase(0, start + 2);
        return "This is not valid JSON: " + to_valid_utf8(what) + ".";
    }

    bool refuse(std::string message, std::string remedy) {
        problem_ = Diagnostic{.code = codes::malformed_json,
                              .message = std::move(message),
                              .remedy = std::move(remedy),
                              .pointer = pointer()};
        return false;
    }

    std::string pointer() const {
        Json::json_pointer here;
        for (auto const& frame : open_) {
            // An outer array already holds the element that is being read.
            bool const is_innermost = &frame == &open_.back();
            if (frame.container->is_object())
                here /= frame.key;
            else
                here /= frame.container->size() - (is_innermost ? 0 : 1);
        }
        return here.to_string();
    }

    Json* place(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        auto const& [container, key] = open_.back();
        if (container->is_object())
            return &(container->get_ref<Json::object_t&>()[key] = std::move(value));
        container->push_back(std::move(value));
        return &container->back();
    }

    bool add(Json value) {
        place(std::move(value));
        return true;
    }

    bool open(Json container) {
        if (open_.size() >= static_cast<std::size_t>(limits::json_depth))
            return refuse("Arrays and objects are nested deeper than " +
                              std::to_string(limits::json_depth) + " levels.",
                          "Flatten the value.");
        auto* opened = place(std::move(container));
        open_.push_back({opened, {}});
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    Json root_;
    std::vector<Frame> open_;
    std::optional<Diagnostic> problem_;
};

// Eight bytes of ASCII, and none of them needs an escape.
bool are_plain(char const* at) {
    constexpr std::uint64_t each = 0x0101010101010101;
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, sizeof eight);
    auto const borrows =
        (eight - each * 0x20) | ((eight ^ each * '"') - each) | ((eight ^ each * '\\') - each);
    return ((eight | borrows) & each * 0x80) == 0;
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string const& file) {
    if (text.size() > limits::json_text_bytes)
        return Diagnostic{.code = codes::malformed_json,
                          .message = "The JSON text has " + std::to_string(text.size()) +
                                     " bytes; at most " + std::to_string(limits::json_text_bytes) +
                                     " are read.",
                          .remedy = "Send less, or a reference to the content.",
                          .file = file};
    StrictReader reader(text);
    if (Json::sax_parse(text.begin(), text.end(), &reader)) return reader.take();
    auto problem = reader.problem().value();
    problem.file = file;
    return problem;
}

bool write_json_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    bool is_ascii = true;
    std::size_t written = 0;  // what stands before needs no escape and was appended in one piece
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        while (text.size() - i >= 8 && are_plain(text.data() + i)) i += 8;
        if (i == text.size()) break;
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x80) is_ascii = false;
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out.append(text, written, i - written);
        written = i + 1;
        switch (byte) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: ((out += "\\u00") += hex[byte >> 4]) += hex[byte & 0x0f];
        }
    }
    out.append(text, written);
    out += '"';
    return is_ascii || is_utf8(text);
}

// The same bytes as Json::dump, which looks up the locale and builds a serializer for every call.
void write_text(std::string& out, Json const& value) {
    auto number = [&](auto exact) {
        char digits[24];
        auto const end = std::to_chars(digits, digits + sizeof digits, exact).ptr;
        out.append(digits, end);
    };
    switch (value.type()) {
        case Json::value_t::null: out += "null"; break;
        case Json::value_t::boolean: out += *value.get_ptr<bool const*>() ? "true" : "false"; break;
        case Json::value_t::number_integer:
            number(*value.get_ptr<Json::number_integer_t const*>());
            break;
        case Json::value_t::number_unsigned:
            number(*value.get_ptr<Json::number_unsigned_t const*>());
            break;
        case Json::value_t::string:
            // dump() says what is wrong with text that is no UTF-8
            if (!write_json_string(out, *value.get_ptr<std::string const*>())) out += value.dump();
            break;
        case Json::value_t::array: {
            char before = '[';
            for (auto const& item : *value.get_ptr<Json::array_t const*>()) {
                out += std::exchange(before, ',');
                write_text(out, item);
            }
            out += before == '[' ? "[]" : "]";
            break;
        }
        case Json::value_t::object: {
            char before = '{';
            for (auto const& [key, member] : *value.get_ptr<Json::object_t const*>()) {
                out += std::exchange(before, ',');
                if (!write_json_string(out, key)) out += Json(key).dump();
                out += ':';
                write_text(out, member);
            }
            out += before == '{' ? "{}" : "}";
            break;
        }
        default: out += value.dump();
    }
}

std::string to_text(Json const& value) {
    std::string text;
    write_text(text, value);
    return text;
}

}  // namespace resolute
