#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace resolute::cli {
namespace {

char const* code_of(Tone tone) {
    switch (tone) {
        case Tone::bold: return "\033[1m";
        case Tone::good: return "\033[32m";
        case Tone::bad: return "\033[31m";
        case Tone::warn: return "\033[33m";
        case Tone::dim: return "\033[2m";
        case Tone::plain: break;
    }
    return "";
}

// Columns that a terminal needs: continuation bytes of UTF-8 take none.
std::size_t width(std::string const& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Json diagnostic_json(Diagnostic const& d) {
    return {{"severity", d.severity == Severity::error ? "error" : "warning"},
            {"code", d.code},
            {"message", d.message},
            {"remedy", d.remedy},
            {"file", d.file},
            {"line", d.line},
            {"column", d.column},
            {"pointer", d.pointer}};
}

}  // namespace

std::string toned(Tone tone, std::string const& text) {
    static bool const terminal = ::isatty(STDOUT_FILENO) == 1;
    return terminal && tone != Tone::plain ? code_of(tone) + text + "\033[0m" : text;
}

void say(std::string const& line) { std::cout << line << std::endl; }
void complain(std::string const& line) { std::cerr << line << std::endl; }
void print_json(Json const& value) { std::cout << to_text(value) << std::endl; }

void print_diagnostics(Diagnostics const& diagnostics, bool json) {
    if (json)
        for (auto const& diagnostic : diagnostics) print_json(diagnostic_json(diagnostic));
    else if (!diagnostics.empty())
        complain(to_string(diagnostics));
}

void print_table(std::vector<std::string> const& header,
                 std::vector<std::vector<std::string>> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& cell : header) widths.push_back(width(cell));
    for (auto const& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    auto line = [&](std::vector<std::string> const& cells) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += cells[i];
            if (i + 1 < cells.size()) text += std::string(widths[i] - width(cells[i]) + 2, ' ');
        }
        return text;
    };
    say(toned(Tone::bold, line(header)));
    for (auto const& row : rows) say(line(row));
}

}  // namespace resolute::cli
