#include "workflow/portable_text.h"

#include <algorithm>

namespace resolute::workflow {
namespace {

constexpr auto nowhere = std::string_view::npos;

// Past the closing quote; both kinds of quotes have their own way to hold themselves.
std::size_t past_quotes(std::string_view text, std::size_t at) {
    char const quote = text[at];
    for (++at; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\')
            ++at;
        else if (text[at] == quote && quote == '\'' && text.substr(at + 1).starts_with('\''))
            ++at;
        else if (text[at] == quote)
            return at + 1;
    }
    return text.size();
}

// Past the closing bracket. A quote inside a word is none.
std::size_t past_brackets(std::string_view text, std::size_t at) {
    int depth = 0;
    char before = ' ';
    while (at < text.size()) {
        char const c = text[at];
        bool const begins = before == ' ' || before == '{' || before == '[' || before == ',';
        if ((c == '\'' || c == '"') && begins) {
            at = past_quotes(text, at);
            before = c;
            continue;
        }
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        ++at;
        if (depth == 0) return at;
        before = c == '\n' ? ' ' : c;
    }
    return text.size();
}

// The end of the last line that is indented at least so far.
std::size_t past_lines(std::string_view text, std::size_t at, std::size_t indent) {
    auto end = std::min(text.find('\n', at), text.size());
    for (auto line = end + 1; line < text.size();) {
        auto const stop = std::min(text.find('\n', line), text.size());
        auto const first = text.find_first_not_of(' ', line);
        bool const is_blank = first == nowhere || first >= stop;
        if (!is_blank && first - line < indent) break;
        if (!is_blank) end = stop;
        line = stop + 1;
    }
    return end;
}

// Of a text behind `|` or `>`: its first line says how far it is indented.
std::size_t past_block(std::string_view text, std::size_t at) {
    auto const line = text.find('\n', at);
    auto const first = line == nowhere ? line : text.find_first_not_of(" \n", line);
    if (first == nowhere) return text.size();
    return past_lines(text, at, first - (text.rfind('\n', first) + 1));
}

std::string quoted(std::string const& text) {
    bool const is_plain = std::ranges::none_of(text, [](unsigned char c) { return c < ' '; });
    if (!is_plain) return Json(text).dump();
    std::string result = "'";
    for (char c : text) result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}

}  // namespace

std::size_t offset_of(std::string_view text, int line, int column) {
    std::size_t offset = 0;
    for (int i = 1; i < line; ++i) offset = text.find('\n', offset) + 1;
    return offset + static_cast<std::size_t>(column - 1);
}

std::optional<std::size_t> length_of(std::string_view text, Node const& value) {
    auto const at = offset_of(text, value.line, value.column);
    if (at >= text.size()) return std::nullopt;
    char const first = text[at];
    if (first == '\'' || first == '"') return past_quotes(text, at) - at;
    if (first == '{' || first == '[') return past_brackets(text, at) - at;
    if (value.is(Node::Kind::list) || value.is(Node::Kind::map))
        return past_lines(text, at, static_cast<std::size_t>(value.column - 1)) - at;
    if (first == '|' || first == '>') return past_block(text, at) - at;
    if (!value.is(Node::Kind::text))
        return std::min(text.find_first_of(" \n,]}", at), text.size()) - at;
    return text.substr(at).starts_with(value.text()) ? std::optional(value.text().size())
                                                     : std::nullopt;
}

std::string flow_text(Json const& value) {
    if (value.is_string()) return quoted(value.get_ref<std::string const&>());
    if (!value.is_structured() || value.empty()) return value.dump();
    std::string result;
    for (auto const& [key, member] : value.items()) {
        result += result.empty() ? "" : ", ";
        if (value.is_object())
            result += (key == "as" || key.starts_with("__") ? key : quoted(key)) + ": ";
        result += flow_text(member);
    }
    return value.is_object() ? "{ " + result + " }" : "[" + result + "]";
}

std::string edited(std::string text, std::vector<Edit> edits) {
    std::ranges::sort(edits, std::greater(), &Edit::at);
    for (auto const& edit : edits) text.replace(edit.at, edit.length, edit.text);
    return text;
}

}  // namespace resolute::workflow
