#include "tools/url_template.h"

#include <algorithm>

#include "base/error_codes.h"

namespace resolute::tools {
namespace {

Diagnostic wrong(std::string message, std::string remedy = {}) {
    return {
        .code = codes::malformed_url, .message = std::move(message), .remedy = std::move(remedy)};
}

std::optional<std::string> text_of(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return to_text(value);
    return std::nullopt;
}

Diagnostic not_scalar(std::string const& name) {
    return {.code = codes::schema_violation,
            .message = "the argument `" + name +
                       "` goes into the address, so it must be text, a number or a boolean",
            .pointer = "/" + name};
}

Diagnostic changes_path(std::string const& name) {
    return {.code = codes::schema_violation,
            .message = "the argument `" + name + "` would change the path of the address",
            .pointer = "/" + name};
}

// "." and ".." mean another path; a segment that is still growing is looked at again when it is
// whole.
bool has_dot_segment(std::string_view text) {
    auto path = text.substr(0, text.find('?'));
    while (!path.empty()) {
        auto const segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(std::min(path.size(), segment.size() + 1));
    }
    return false;
}

}  // namespace

Result<UrlTemplate> UrlTemplate::compile(std::string_view text) {
    UrlTemplate result;
    std::string sample;
    while (true) {
        auto const open = text.find('{');
        result.texts_.emplace_back(text.substr(0, open));
        sample += result.texts_.back();
        if (open == std::string_view::npos) break;
        auto const close = text.find('}', open);
        if (close == std::string_view::npos)
            return wrong("`{` in the address has no `}`", "Write `{name}` for an argument.");
        auto const name = text.substr(open + 1, close - open - 1);
        if (name.empty()) return wrong("`{}` in the address names no argument");
        auto const scheme = sample.find("://");
        if (scheme == std::string::npos || sample.find('/', scheme + 3) == std::string::npos)
            return wrong("the argument `{" + std::string(name) + "}` would choose the host",
                         "Use arguments in path and query only.");
        result.names_.emplace_back(name);
        sample += "x";
        text.remove_prefix(close + 1);
    }
    if (auto url = net::parse_url(sample); !url) return url.diagnostics();
    return result;
}

Result<net::Url> UrlTemplate::fill(Json const& arguments,
                                   std::vector<std::string> const& query) const {
    std::string text = texts_.front();
    for (std::size_t i = 0; i < names_.size(); ++i) {
        auto const found = arguments.find(names_[i]);
        if (found == arguments.end())
            return Diagnostic{
                .code = codes::schema_violation,
                .message = "the argument `" + names_[i] + "` is needed for the address",
                .pointer = "/" + names_[i]};
        auto const value = text_of(*found);
        if (!value) return not_scalar(names_[i]);
        if (value->empty() && text.find('?') == std::string::npos) return changes_path(names_[i]);
        text += net::percent_encode(*value) + texts_[i + 1];
        if (has_dot_segment(text)) return changes_path(names_[i]);
    }
    for (auto const& name : query) {
        auto const found = arguments.find(name);
        if (found == arguments.end() || found->is_null()) continue;
        auto const value = text_of(*found);
        if (!value) return not_scalar(name);
        text += text.find('?') == std::string::npos ? '?' : '&';
        text += net::percent_encode(name) + "=" + net::percent_encode(*value);
    }
    return net::parse_url(text);
}

std::string UrlTemplate::origin() const {
    std::string sample = texts_.front();
    for (std::size_t i = 0; i < names_.size(); ++i) sample += "x" + texts_[i + 1];
    auto const url = std::move(net::parse_url(sample)).value();
    return url.scheme + "://" + net::authority(url);
}

}  // namespace resolute::tools
