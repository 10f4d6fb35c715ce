#include "console/shortening.h"

#include <algorithm>
#include <optional>

#include "base/json_text.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::console {
namespace {

constexpr std::size_t excerpt_bytes = 1024;  // of a text that is cut, so that others have room
constexpr std::size_t around_bytes = 12;  // of a number, a name, the marks around a value

std::string part_of_pointer(std::string const& member) {
    std::string part = "/";
    for (char const c : member)
        if (c == '~')
            part += "~0";
        else if (c == '/')
            part += "~1";
        else
            part += c;
    return part;
}

// What has room so far, and what was cut.
class Room {
  public:
    Json cuts = Json::array();

    void take(std::size_t bytes) { left_ -= std::min(left_, bytes); }
    bool is_full() const { return left_ == 0; }
    bool has_room_for(std::size_t bytes) const { return bytes <= left_; }
    void note(std::size_t bytes, std::string const& pointer) {
        cuts.push_back({{"pointer", pointer}, {"bytes", bytes}});
    }
    // The text, or its beginning; `bytes` are those of all of it as JSON.
    template <class Size>
    Json text(std::string_view content, std::string const& pointer, Size bytes) {
        if (!has_room_for(content.size())) {
            note(bytes(), pointer);
            content = content.substr(0, excerpt_bytes);
            content = content.substr(0, valid_utf8_prefix(content));
        }
        take(content.size());
        return content;
    }

  private:
    std::size_t left_ = limits::shown_value_bytes;
};

// Goes through a value until nothing more has room.
class Shortening {
  public:
    Room room;

    Json shown(Json const& value, std::string const& pointer) {
        room.take(around_bytes);
        if (value.is_string())
            return room.text(value.get_ref<std::string const&>(), pointer,
                             [&] { return to_text(value).size(); });
        if (value.is_array()) return list(value, pointer);
        if (value.is_object()) return object(value, pointer);
        return value;
    }

  private:
    Json list(Json const& value, std::string const& pointer) {
        auto list = Json::array();
        for (auto const& item : value) {
            if (room.is_full()) return room.note(to_text(value).size(), pointer), list;
            list.push_back(shown(item, pointer + "/" + std::to_string(list.size())));
        }
        return list;
    }

    Json object(Json const& value, std::string const& pointer) {
        auto object = Json::object();
        for (auto const& [name, member] : value.items()) {
            if (room.is_full()) return room.note(to_text(value).size(), pointer), object;
            room.take(name.size());
            object[name] = shown(member, pointer + part_of_pointer(name));
        }
        return object;
    }
};

// The same of text that the engine wrote, without a tree of what is cut.
class TextShortening {
  public:
    explicit TextShortening(std::string_view text) : text_(text) {}
    Room room;

    // Nothing when the text is in another form.
    std::optional<Json> shown(std::string const& root = "") {
        auto value = this->value(root);
        if (is_odd_ || !text_.is_at_end()) return std::nullopt;
        return value;
    }

  private:
    static constexpr std::size_t escape_bytes = 6;  // of one character, at most

    Json value(std::string const& pointer) {
        room.take(around_bytes);
        if (text_.starts_with('[')) return list(pointer);
        if (text_.starts_with('{')) return object(pointer);
        auto const token = text_.value();
        if (!token) return odd();
        if (!token->starts_with('"')) return parsed(*token);
        bool const is_long = token->size() / escape_bytes > limits::shown_value_bytes;
        auto const content = parsed(is_long ? beginning(*token) : std::string(*token));
        if (!content.is_string()) return odd();
        auto const& text = content.get_ref<std::string const&>();
        if (!is_long) return room.text(text, pointer, [&] { return token->size(); });
        room.note(token->size(), pointer);
        room.take(text.size());
        return content;
    }

    Json list(std::string const& pointer) {
        auto const whole = text_;
        auto list = Json::array();
        text_.take('[');
        if (text_.take(']')) return list;
        do {
            if (room.is_full()) return cut(whole, pointer), list;
            list.push_back(value(pointer + "/" + std::to_string(list.size())));
        } while (!is_odd_ && text_.take(','));
        if (!text_.take(']')) return odd();
        return list;
    }

    Json object(std::string const& pointer) {
        auto const whole = text_;
        auto object = Json::object();
        text_.take('{');
        if (text_.take('}')) return object;
        do {
            if (room.is_full()) return cut(whole, pointer), object;
            auto const key = text_.value();
            auto const name = key ? parsed(*key) : Json();
            if (!name.is_string() || !text_.take(':')) return odd();
            auto const& member = name.get_ref<std::string const&>();
            room.take(member.size());
            object[member] = value(pointer + part_of_pointer(member));
        } while (!is_odd_ && text_.take(','));
        if (!text_.take('}')) return odd();
        return object;
    }

    // Goes on behind a list or map that began here.
    void cut(JsonText whole, std::string const& pointer) {
        auto const text = whole.value();
        if (!text) return void(is_odd_ = true);
        room.note(text->size(), pointer);
        text_ = whole;
    }

    // A text that ends early, and not within an escape or a character.
    static std::string beginning(std::string_view token) {
        std::size_t end = 1;
        while (end <= excerpt_bytes)
            end += token[end] != '\\' ? 1 : token[end + 1] == 'u' ? escape_bytes : 2;
        auto const whole = token.substr(0, end);
        return std::string(whole.substr(0, valid_utf8_prefix(whole))) + '"';
    }

    // Of a text, a number or a word; what cannot be read is of no type that is expected.
    static Json parsed(std::string_view token) { return Json::parse(token, nullptr, false); }

    Json odd() {
        is_odd_ = true;
        return {};
    }

    JsonText text_;
    bool is_odd_ = false;
};

}  // namespace

Json shorten(Json& value, std::string const& root) {
    Shortening shortening;
    auto shown = shortening.shown(value, root);
    if (!shortening.room.cuts.empty()) value = std::move(shown);
    return std::move(shortening.room.cuts);
}

Json shorten(Payload& value, std::string const& root) {
    auto const& text = value.text();
    if (text.size() <= limits::shown_value_bytes) return Json::array();
    TextShortening quick(text);
    if (auto shown = quick.shown(root)) {
        if (!quick.room.cuts.empty()) value = Payload(*std::move(shown));
        return std::move(quick.room.cuts);
    }
    auto tree = value.json();
    auto cuts = shorten(tree, root);
    value = Payload(std::move(tree));
    return cuts;
}

Shortened shortened(EncodedEvent event) {
    if (event.body.size() <= limits::shown_value_bytes) return {std::move(event), Json::array()};
    TextShortening quick(event.body);
    if (auto const shown = quick.shown()) {
        if (!quick.room.cuts.empty()) event.body = to_text(*shown);
        return {std::move(event), std::move(quick.room.cuts)};
    }
    auto body = Json::parse(event.body);
    auto cuts = shorten(body);
    if (!cuts.empty()) event.body = to_text(body);
    return {std::move(event), std::move(cuts)};
}

}  // namespace resolute::console
