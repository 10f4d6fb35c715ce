"""docs/language.md names, for every construct, a test that exists."""

import re

PAGE = "docs/language.md"
ROW = re.compile(r"^\| (?!construct|\||-)(?P<what>[^\n]+) \|\s*$", re.M)
NAMED = re.compile(r'`(?P<path>[\w./-]+)` "(?P<title>[^"]+)" \|\s*$')


def is_titled(text, title):
    """A test in C++, or a scenario of a feature."""
    return f'"{title}"' in text or f"Scenario: {title}\n" in text


def findings(page, read):
    """(line of the page, what is wrong); `read` gives the text of a path, or ""."""
    for row in ROW.finditer(page):
        line = page.count("\n", 0, row.start()) + 1
        named = NAMED.search(row.group())
        if not named:
            yield line, "name the file and the title of the test that proves this construct"
        elif not is_titled(read(named["path"]), named["title"]):
            yield line, f"no test of {named['path']} is called so: {named['title']}"
