#include "base/json_differences.h"

#include "base/limits.h"

namespace resolute {
namespace {

std::string shown(Json const& value) {
    auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= limits::difference_value_bytes) return text;
    text.resize(limits::difference_value_bytes);
    return text + "…";
}

std::string place(std::string const& pointer) { return pointer.empty() ? "the value" : pointer; }

void collect(Json const& was, Json const& now, std::string const& pointer,
             std::vector<std::string>& found) {
    if (was == now || found.size() >= limits::differences_shown) return;
    bool const both_objects = was.is_object() && now.is_object();
    bool const same_lists = was.is_array() && now.is_array() && was.size() == now.size();
    if (same_lists) {
        for (std::size_t i = 0; i < was.size(); ++i)
            collect(was[i], now[i], pointer + "/" + std::to_string(i), found);
    } else if (both_objects) {
        for (auto const& [key, value] : was.items()) {
            if (now.contains(key))
                collect(value, now[key], pointer + "/" + key, found);
            else
                found.push_back(place(pointer + "/" + key) + ": " + shown(value) +
                                " was recorded and is not asked for");
        }
        for (auto const& [key, value] : now.items())
            if (!was.contains(key))
                found.push_back(place(pointer + "/" + key) + ": " + shown(value) +
                                " is asked for and was not recorded");
    } else {
        found.push_back(place(pointer) + ": " + shown(was) + " was recorded, " + shown(now) +
                        " is asked for");
    }
}

}  // namespace

std::string differences(Json const& recorded, Json const& asked) {
    std::vector<std::string> found;
    collect(recorded, asked, "", found);
    std::string text;
    for (auto const& one : found) text += (text.empty() ? "" : "; ") + one;
    return text;
}

}  // namespace resolute
