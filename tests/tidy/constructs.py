"""docs/language.md names, for every construct, a test that exists."""

import re

PAGE = "docs/language.md"
ROW = re.compile(r"^\| (?!construct|\||-)(?P<what>[^\n]+) \|\s*$", re.M)
NAMED = re.compile(r'`(?P<path>[\w./]+)` "(?P<title>[^"]+)" \|\s*$')


def findings(page, read):
    """(line of the page, what is wrong); `read` gives the text of a path, or ""."""
    for row in ROW.finditer(page):
        line = page.count("\n", 0, row.start()) + 1
        named = NAMED.search(row.group())
        if not named:
            yield line, "name the file and the title of the test that proves this construct"
        elif f'"{named["title"]}' not in read(named["path"]):
            yield line, f"no test of {named['path']} is called so: {named['title']}"
