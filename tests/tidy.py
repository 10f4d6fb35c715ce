#!/usr/bin/env python3
"""Rules of the house that no compiler knows. Prints every finding with what to do instead.

usage: tests/tidy.py [ROOT]        exits 1 when there are findings
"""

import ast
import fnmatch
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tidy"))
import constructs  # noqa: E402
import layout  # noqa: E402
import limits  # noqa: E402
from cpp_source import block_end, code_of, functions_of, line_at  # noqa: E402

FILE_LINES = 400
FUNCTION_LINES = 70
COLUMNS = 100
CPP = (".h", ".cpp")
CODE = (*CPP, ".py", ".sql", ".sh", ".cmake", ".ts", ".tsx", ".mjs", ".css")
NARROW = (*CPP, ".py", ".sql", ".sh", ".cmake", "CMakeLists.txt")
BAD_NAMES = ("manager", "helper", "helpers", "util", "utils", "common", "data", "info")


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    says: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.says}"


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


def sees_all(path):
    return path.split("/")[0] in layout.ROOTS_THAT_SEE_ALL


# ---- rules for one C++ file: (path, text, code) -> (line, what to do)


def include_order_of_folders(path, text, code):
    folder = layout.folder_of(path)
    allowed = [*layout.MAY_INCLUDE.get(folder, []), folder]
    for found in re.finditer(r'(?m)^#include "([^"]+)"', text):
        target = found.group(1)
        if sees_all(path) or layout.folder_of(target) in allowed:
            continue
        if target.rsplit(".", 1)[0] in allowed:
            continue
        yield line_at(text, found.start()), (
            f"{folder} may not include {layout.folder_of(target)} ({target}): move the code to"
            " where its parts may meet, or put a seam in between (see tests/tidy/layout.py)"
        )


def libraries_in_their_place(path, text, code):
    if matches(path, layout.NOT_OF_THE_PROGRAM):
        return
    for found in re.finditer(r"(?m)^#include <([^>]+)>", text):
        for start, (places, instead) in layout.LIBRARIES.items():
            if found.group(1).startswith(start) and not matches(path, places):
                yield line_at(text, found.start()), f"<{found.group(1)}> stays elsewhere: {instead}"


def pure_core(path, text, code):
    if layout.folder_of(path) not in layout.PURE or matches(path, layout.MAY_TOUCH_THE_WORLD):
        return
    for found in re.finditer(r"(?m)^#include <([^>]+)>", text):
        if found.group(1).startswith(layout.IMPURE_HEADERS):
            yield line_at(text, found.start()), (
                f"<{found.group(1)}> in the pure core: take time, chance and content as values"
            )
    for found in re.finditer(r"_clock::now\b", code):
        yield line_at(code, found.start()), "the pure core takes the time as a parameter"


def owned_calls(path, text, code):
    rules = (
        (r"\bsystem_clock::now\b", layout.SYSTEM_CLOCK, "take a Clock, or the time as a parameter"),
        (r"\bs?rand\(", (), "take a Random"),
        (r"\bgetenv\(", (*layout.ENVIRONMENT, "tests/*"), "take an option; cli/config reads it"),
        (r"\bpqxx::", ("engine/store/*.cpp",), "go through engine/store"),
    )
    for pattern, places, instead in rules:
        if matches(path, places):
            continue
        for found in re.finditer(pattern, code):
            yield line_at(code, found.start()), f"{found.group().rstrip('(')} stays out: {instead}"


def awaiting(path, text, code):
    advice = "GCC 12 miscompiles this; give it a name first, in a statement of its own"
    for found in re.finditer(r"(?<!operator )\bco_await\b", code):
        before = re.split(r"[;{}]", code[: found.start()])[-1]
        depth = 0
        bad = "?" if "?" in before else "switch" if re.search(r"\bswitch\s*\(", before) else None
        for place in range(found.end(), len(code)):
            mark = code[place]
            depth += (mark == "(") - (mark == ")")
            if depth < 0 or mark == ";":
                break
            index = mark == "[" and re.match(r"[\w\])]", code[place - 1])
            if mark in "{[?" and not index:
                bad = mark
                break
        if bad:
            yield line_at(code, found.start()), f"co_await and `{bad}` in one statement: {advice}"
    for found in re.finditer(r"\bcatch\s*\([^)]*\)\s*{", code):
        if re.search(r"\bco_await\b", code[found.end() : block_end(code, found.end() - 1)]):
            yield line_at(code, found.start()), "co_await in a catch: await after the block"


def short_functions(path, text, code):
    for line, length in functions_of(code):
        if length > FUNCTION_LINES:
            yield line, f"a function of {length} lines, at most {FUNCTION_LINES}: name its parts"


def sql_in_files(path, text, code):
    if not path.startswith(("engine/", "approvals/", "memory/", "console/", "tools/")):
        return
    statement = r'"\s*(?i:select\s.*\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\s'
    for found in re.finditer(statement, text):
        yield line_at(text, found.start()), "SQL in a C++ string: name the query in a .sql file"


def names_of_types(path, text, code):
    words = "|".join(word.capitalize() for word in BAD_NAMES)
    types = rf"\b(?:class|struct|namespace)\s+\w*(?:{words})(?![a-z])\w*"
    for found in re.finditer(rf"{types}|(?i:\b\w*(?:manager|helper|utils)\w*\b)", code):
        name = found.group().split()[-1]
        yield line_at(code, found.start()), f"{name} says nothing: name what it does or holds"


def header_says_its_job(path, text, code):
    if not path.endswith(".h"):
        return
    if not re.match(r"// \S.*", text):
        yield 1, "a header begins with one sentence for a reader who has never seen the project"
    if "#pragma once" not in text:
        yield 1, "a header has #pragma once"


def no_sleep_in_tests(path, text, code):
    if not path.startswith("tests/"):
        return
    for found in re.finditer(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(", code):
        yield line_at(code, found.start()), "a test that sleeps: wait for the condition instead"


CPP_RULES = (
    include_order_of_folders, libraries_in_their_place, pure_core, owned_calls, awaiting,
    short_functions, sql_in_files, names_of_types, header_says_its_job, no_sleep_in_tests,
)

# ---- rules for any text file: (path, text) -> (line, what to do)


def file_length(path, text):
    lines = text.count("\n")
    generated = " Written by " in text[:200] and "edit that" in text[:200]
    if path.endswith(CODE) and lines > FILE_LINES and not generated:
        yield FILE_LINES + 1, f"{lines} lines, at most {FILE_LINES}: what is its second idea?"


def line_width(path, text):
    if not path.endswith(NARROW):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > COLUMNS and "://" not in line:
            yield number, f"{len(line)} columns, at most {COLUMNS}: break the line (./dev format)"
        if line.endswith((" ", "\t")):
            yield number, "space at the end of the line: remove it"


def file_name(path, text):
    words = re.split(r"[_.\-]", Path(path).name)
    for word in words[:-1]:
        if word.lower() in BAD_NAMES and path.endswith(CODE):
            yield 1, f"`{word}` in a file's name says nothing: name what the file is about"


def nothing_left_to_do(path, text):
    for found in re.finditer(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", text):
        yield line_at(text, found.start()), f"{found.group()}: do it now, or leave it out"


def short_python_functions(path, text):
    if not path.endswith(".py"):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, f"{length} lines, at most {FUNCTION_LINES}: name its parts"


def browser_tests_wait(path, text):
    if not path.startswith("tests/browser/"):
        return
    for found in re.finditer(r"\b(setTimeout|waitForTimeout)\(", text):
        yield line_at(text, found.start()), "a test that sleeps: wait for what the page shows"


def python_waits(path, text):
    if not path.endswith(".py") or not path.startswith(("tests/", "examples/")):
        return
    for found in re.finditer(r"\btime\.sleep\b|\bfrom time import [\w, ]*\bsleep\b", text):
        yield line_at(text, found.start()), "a sleep: wait for the condition (waiting.py has how)"


TEXT_RULES = (
    file_length, line_width, file_name, nothing_left_to_do, short_python_functions,
    browser_tests_wait, python_waits,
)

# ---- rules for the whole tree: (root, paths, read) -> findings


def listed_in_cmake(root, paths, read):
    lists = {os.path.dirname(path): read(path) for path in paths if path.endswith("CMakeLists.txt")}
    for path in paths:
        if not path.endswith(".cpp") or path.startswith("cmake/"):
            continue
        folder = os.path.dirname(path)
        while folder and folder not in lists:
            folder = os.path.dirname(folder)
        name = os.path.relpath(path, folder or ".")
        if not re.search(rf"(?<![\w/.]){re.escape(name)}(?![\w.])", lists.get(folder, "")):
            home = folder or path.split("/")[0]
            yield Finding(path, 1, f"in no CMake list: name it in {home}/CMakeLists.txt")


def failpoints_are_compiled(root, paths, read):
    for path in paths:
        folder, name = os.path.split(path)
        if not name.endswith(".cpp") or folder.startswith("tests"):
            continue
        found = re.search(r"(?m)^.*\bRESOLUTE_(?:FAIL|CUT)POINT\(", read(path))
        home = f"{folder}/CMakeLists.txt"
        lists = re.findall(r"resolute_failpoints\(([^)]*)\)", read(home)) if home in paths else []
        if found and name not in " ".join(lists).split():
            line = line_at(read(path), found.start())
            says = f"its crash points are left out: resolute_failpoints in {home}"
            yield Finding(path, line, says)


def links_lead_somewhere(root, paths, read):
    for path in paths:
        if not path.endswith(".md"):
            continue
        text = read(path)
        here = os.path.dirname(path)
        links = r"\]\((?![a-z]+:)([^)#\s]+)(?:#[^)]*)?\)"
        names = r"`([a-z_]+(?:/[\w.-]+)+\.(?:h|cpp|py|sh|md))`"
        for found in re.finditer(rf"{links}|{names}", text):
            target = found.group(1) or found.group(2)
            from_root = found.group(2) and (root / target).exists()
            if not from_root and not (root / here / target).exists():
                line = line_at(text, found.start())
                yield Finding(path, line, f"{target} does not exist: mend the link")


def folders_have_readmes(root, paths, read):
    for folder in layout.NEED_README:
        exists = any(path.startswith(folder + "/") for path in paths)
        if exists and f"{folder}/README.md" not in paths:
            yield Finding(f"{folder}/README.md", 1,
                          "missing: what the folder is for, what it must not do, where to start")


def includes_exist(root, paths, read):
    known = set(paths)
    lists = " ".join(read(path) for path in paths if path.endswith("CMakeLists.txt"))
    for path in paths:
        if path.endswith(CPP):
            text = read(path)
            for found in re.finditer(r'(?m)^#include "([^"]+)"', text):
                target = found.group(1)
                generated = f"{target.removesuffix('.h')} " in lists
                if target not in known and not generated:
                    yield Finding(path, line_at(text, found.start()),
                                  f"{target} does not exist: include with the path from the root")


def limits_are_told(root, paths, read):
    if limits.HEADER in paths:
        for line, says in limits.findings(read(limits.PAGE), read(limits.HEADER)):
            yield Finding(limits.PAGE, line, says)


def constructs_are_proved(root, paths, read):
    if constructs.PAGE in paths:
        for line, says in constructs.findings(read(constructs.PAGE), read):
            yield Finding(constructs.PAGE, line, says)


TREE_RULES = (
    listed_in_cmake, links_lead_somewhere, folders_have_readmes, includes_exist, limits_are_told,
    constructs_are_proved, failpoints_are_compiled,
)

# ---- reading the tree



def paths_of(root):
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=False,
    )
    if listing.returncode == 0:
        paths = listing.stdout.splitlines()
    else:  # unpacked from an archive
        paths = [str(path.relative_to(root)) for path in root.rglob("*")
                 if not {"build", ".git", "node_modules", "dist"} & set(path.parts)]
    return sorted(path for path in set(paths) if (root / path).is_file())


def findings_in(path, text):
    rules = [rule(path, text) for rule in TEXT_RULES]
    if path.endswith(CPP):
        code = code_of(text)
        rules += [rule(path, text, code) for rule in CPP_RULES]
    return [Finding(path, line, says) for rule in rules for line, says in rule]


def read_text(root, path):
    try:
        return (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture or a binary


def all_findings(root):
    paths = paths_of(root)
    texts = {path: read_text(root, path) for path in paths}
    found = [finding for path in paths for finding in findings_in(path, texts[path])]
    for rule in TREE_RULES:
        found += rule(root, paths, lambda path: texts.get(path, ""))
    return sorted(found, key=lambda finding: (finding.path, finding.line))


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    found = all_findings(root)
    for finding in found:
        print(finding)
    print(f"tidy: {len(found)} findings" if found else "tidy: nothing to say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
