#include "console/shortening.h"

#include <algorithm>

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

// Goes through a value until nothing more has room.
class Shortening {
  public:
    Json cuts = Json::array();

    Json shown(Json const& value, std::string const& pointer) {
        take(around_bytes);
        if (value.is_string()) return text(value, pointer);
        if (value.is_array()) return list(value, pointer);
        if (value.is_object()) return object(value, pointer);
        return value;
    }

  private:
    void take(std::size_t bytes) { left_ -= std::min(left_, bytes); }

    void note(Json const& whole, std::string const& pointer) {
        cuts.push_back({{"pointer", pointer}, {"bytes", to_text(whole).size()}});
    }

    Json text(Json const& value, std::string const& pointer) {
        std::string_view content = value.get_ref<std::string const&>();
        if (content.size() > left_) {
            note(value, pointer);
            content = content.substr(0, excerpt_bytes);
            content = content.substr(0, valid_utf8_prefix(content));
        }
        take(content.size());
        return content;
    }

    Json list(Json const& value, std::string const& pointer) {
        auto list = Json::array();
        for (auto const& item : value) {
            if (left_ == 0) return note(value, pointer), list;
            list.push_back(shown(item, pointer + "/" + std::to_string(list.size())));
        }
        return list;
    }

    Json object(Json const& value, std::string const& pointer) {
        auto object = Json::object();
        for (auto const& [name, member] : value.items()) {
            if (left_ == 0) return note(value, pointer), object;
            take(name.size());
            object[name] = shown(member, pointer + part_of_pointer(name));
        }
        return object;
    }

    std::size_t left_ = limits::shown_value_bytes;
};

}  // namespace

Json shorten(Json& value, std::string const& root) {
    Shortening shortening;
    auto shown = shortening.shown(value, root);
    if (!shortening.cuts.empty()) value = std::move(shown);
    return std::move(shortening.cuts);
}

EncodedEvent shortened(EncodedEvent event) {
    if (event.body.size() <= limits::shown_value_bytes) return event;
    auto body = Json::parse(event.body);
    if (!shorten(body).empty()) event.body = to_text(body);
    return event;
}

}  // namespace resolute::console
