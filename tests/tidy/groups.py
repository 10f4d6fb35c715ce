#!/usr/bin/env python3
"""Finds calls from one .cpp file to a function that another one keeps to itself.

Presets with clang compile several files of a target as one, and there an overload of another file
may fit a call better than the one that was meant. Nobody would see it: GCC compiles each file by
itself. So every reference to a function of an unnamed namespace must stay in its file.

  tests/tidy/groups.py BUILD [PART OF A TARGET'S NAME...]

BUILD is a folder that was built, as build/dev. Needs clang-query-19. Exits 1 when it finds one.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FUNCTION = 'functionDecl(isInAnonymousNamespace(), isExpansionInFileMatching("[.]cpp$"))'
QUERY = f"""set bind-root false
set output diag
match declRefExpr(to({FUNCTION}.bind("function"))).bind("call")
"""
BOUND = re.compile(r'^(/[^:\n]+):(\d+):\d+: note: "(function|call)" binds here', re.M)


def groups(build, parts):
    commands = json.loads((build / "compile_commands.json").read_text())
    files = [entry["file"] for entry in commands if "/Unity/unity_" in entry["file"]]
    return [file for file in files if not parts or any(part in file for part in parts)]


def calls_across(build, query, file):
    """Pairs of places: the call, and the function in another file."""
    command = ["clang-query-19", "-p", str(build), "-f", query, file]
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode != 0 or "error:" in told.stderr:
        raise SystemExit(f"{file}: {told.stderr.strip()[-2000:]}")
    bound = [(match[1], int(match[2]), match[3]) for match in BOUND.finditer(told.stdout)]
    for one, other in zip(bound[::2], bound[1::2], strict=True):
        call, function = (one, other) if one[2] == "call" else (other, one)
        # What a template of a header calls was handed to it by the function's own file.
        if call[0].endswith(".cpp") and call[0] != function[0]:
            yield call, function


def main():
    build, parts = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    files, found = groups(build, parts), set()
    if not files:
        raise SystemExit(f"{build} compiles every file by itself, or nothing is named like that")
    with tempfile.NamedTemporaryFile("w", suffix=".query") as query:
        query.write(QUERY)
        query.flush()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for pairs in pool.map(lambda file: [*calls_across(build, query.name, file)], files):
                found.update(pairs)
    for call, function in sorted(found):
        place = os.path.relpath(call[0])
        print(f"{place}:{call[1]}: calls {os.path.relpath(function[0])}:{function[1]}; rename one")
    print(f"calls across files: {len(found)} in {len(files)} groups")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
