#!/usr/bin/env python3
"""docs/limits.md says what base/limits.h says.

usage: tests/tidy/limits.py [--write]     prints what differs; with --write it puts the values in
"""

import re
import sys
from pathlib import Path

PAGE = "docs/limits.md"
HEADER = "base/limits.h"
DECLARED = re.compile(r"inline constexpr [\w:]+ (\w+) =\s*([^;]+);")
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| `(?P<name>\w+)` \| (?P<value>[^|]*?)\|(?P<full>.*)$", re.M)
# Names that tell of a queue: each must have its row.
OF_A_QUEUE = re.compile(
    r"_queue\b|queue_bytes|_backlog|_waiting_|_concurrency\b|_in_memory\b|^streams$|_requests$"
    r"|_messages$|_signals$|_connections|_places$|_programs$|_refusals$|_body_bytes$|answer_bytes$"
    r"|stream_bytes$")
# Most that may be written, a cache, one event.
NOT_A_QUEUE = {"tool_concurrency", "expression_programs", "event_body_bytes"}


def limits_in(header):
    """Names and numbers; expressions that are no plain arithmetic are left out."""
    found = {}
    for name, text in DECLARED.findall(header):
        plain = re.sub(r"(?<=\d)u\b", "", text.replace("'", "")).strip()
        if re.fullmatch(r"[\d\s*+<()]+", plain):
            found[name] = eval(plain)  # digits and operators only
    return found


def shown(name, value):
    if name.endswith("_bytes"):
        for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
            if value % size == 0:
                return f"{value // size} {unit}"
        return f"{value:,} bytes"
    unit = {"ms": " ms", "s": " s"}.get(name.rsplit("_", 1)[-1], "")
    return f"{value:,}{unit}"


def findings(page, header):
    """(line of the page, what is wrong)"""
    limits = limits_in(header)
    seen = set()
    for row in ROW.finditer(page):
        line = page.count("\n", 0, row.start()) + 1
        name = row["name"]
        seen.add(name)
        if name not in limits:
            yield line, f"`{name}` is not in {HEADER}: use the name that is"
        elif row["value"].strip() != shown(name, limits[name]):
            yield line, (f"`{name}` is {shown(name, limits[name])}:"
                         " run python3 tests/tidy/limits.py --write")
    for name in limits:
        if OF_A_QUEUE.search(name) and name not in seen | NOT_A_QUEUE:
            yield 1, f"`{name}` bounds a queue: say here what happens when it is full"


def written(page, header):
    limits = limits_in(header)

    def row(found):
        value = shown(found["name"], limits[found["name"]])
        return f"| {found['what']} | `{found['name']}` | {value} |{found['full']}"

    return ROW.sub(row, page)


def main():
    root = Path(__file__).resolve().parents[2]
    page, header = (root / PAGE).read_text(), (root / HEADER).read_text()
    if sys.argv[1:] == ["--write"]:
        (root / PAGE).write_text(written(page, header))
        return 0
    wrong = list(findings(page, header))
    for line, says in wrong:
        print(f"{PAGE}:{line}: {says}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
