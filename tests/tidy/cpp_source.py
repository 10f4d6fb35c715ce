"""What the tidy rules see of a C++ file: the code without comments and texts, and its functions."""

import re

# Comments, raw strings, strings and characters. A quote after a digit or letter separates digits.
_SILENT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
_DIRECTIVE = re.compile(r"(?m)^[ \t]*#(?:.*\\\n)*.*$")
_MORE = re.compile(r"\s*(,[^;{}]*)?{")
_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def _blank(found):
    return re.sub(r"[^\n]", " ", found.group())


def code_of(text):
    """The code alone: whatever is silent becomes spaces, so that lines and columns stay."""
    return _SILENT.sub(_blank, text)


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def block_end(code, opening):
    """The position of the brace that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(code)):
        if code[place] == "{":
            depth += 1
        elif code[place] == "}":
            depth -= 1
            if depth == 0:
                return place
    return len(code)


def _is_function(before):
    """Whether the code before a brace outside any function is the head of one."""
    if _CONTAINER.search(before) or "(" not in before:
        return False
    return "=" not in before.split("(")[0] or "operator" in before


def functions_of(code):
    """(first line, number of lines) of every function, inside classes too."""
    code = _DIRECTIVE.sub(_blank, code)
    start = place = 0
    while place < len(code):
        mark = code[place]
        before = code[start:place]
        if mark == "{" and not _CONTAINER.search(before):
            end = block_end(code, place)
            if ":" in before:  # member initialisers with braces come before the body
                while _MORE.match(code, end + 1):
                    end = block_end(code, code.index("{", end + 1))
            if _is_function(before):
                head = place - len(before.lstrip())
                yield line_at(code, head), code.count("\n", head, end) + 1
            place = end
        if mark in "{};":
            start = place + 1
        place += 1
