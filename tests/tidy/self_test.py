#!/usr/bin/env python3
"""Every rule finds its bad example, and leaves the good one alone."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import tidy  # noqa: E402

HEADER = "// Says what it is for.\n#pragma once\n"
LATER = "TO" + "DO"
SELECT = 'auto q = "sel' + 'ect a from b";\n'
LONG_BODY = "    step();\n" * 80

# path, text, and a part of the expected finding
BAD = [
    ("engine/run.cpp", '#include "net/url.h"\n', "engine may not include net"),
    ("engine/run.cpp", '#include "engine/store/schema.h"\n', "may not include engine/store"),
    ("policy/decide.cpp", '#include "workflow/tree.h"\n', "policy may not include workflow"),
    ("base/id.cpp", '#include "engine/run.h"\n', "base may not include engine"),
    ("tools/http.cpp", "#include <boost/beast/http.hpp>\n", "HTTP client and server of net"),
    ("engine/run.cpp", "#include <boost/asio/post.hpp>\n", "free of threads"),
    ("base/id.cpp", "#include <nlohmann/json.hpp>\n", "include base/json.h"),
    ("memory/recall.cpp", "#include <pqxx/pqxx>\n", "go through engine/store"),
    ("engine/store/query.h", HEADER + "#include <pqxx/pqxx>\n", "go through engine/store"),
    ("engine/run.cpp", "#include <mutex>\n", "in the pure core"),
    ("engine/run.cpp", "auto t = std::chrono::steady_clock::now();\n", "takes the time"),
    ("net/url.cpp", "auto t = std::chrono::system_clock::now();\n", "take a Clock"),
    ("net/url.cpp", "int n = rand();\n", "take a Random"),
    ("net/url.cpp", 'auto p = std::getenv("HOME");\n', "cli/config"),
    ("net/url.cpp", "co_await send(Request{1});\n", "co_await and `{`"),
    ("net/url.cpp", "auto r = co_await run([&] { return 1; });\n", "co_await and `[`"),
    ("net/url.cpp", "auto r = ready ? one : co_await other;\n", "co_await and `?`"),
    ("net/url.cpp", "auto r = co_await f(ready ? a : b);\n", "co_await and `?`"),
    ("net/url.cpp", "switch (co_await next()) { default: break; }\n", "co_await and `switch`"),
    ("net/url.cpp", "try { f(); } catch (Lost const&) { co_await g(); }\n", "in a catch"),
    ("net/url.cpp", "void f() {\n" + LONG_BODY + "}\n", "a function of 82 lines"),
    ("net/url.cpp", "struct A {\n  void f() {\n" + LONG_BODY + "  }\n};\n", "of 82 lines"),
    ("net/url.cpp", "A::A(int x) : a_{x}, b_{1} {\n" + LONG_BODY + "}\n", "of 82 lines"),
    ("engine/store/read.cpp", SELECT, "SQL in a C++ string"),
    ("net/url.h", HEADER + "class ConnectionManager {};\n", "ConnectionManager says nothing"),
    ("net/url.h", HEADER + "struct RunInfo {};\n", "RunInfo says nothing"),
    ("net/url.h", HEADER + "namespace url_helpers {}\n", "url_helpers says nothing"),
    ("net/string_util.h", HEADER, "`util` in a file's name"),
    ("net/url.h", "#pragma once\n", "begins with one sentence"),
    ("net/url.h", "// Says what it is for.\n", "has #pragma once"),
    ("tests/net/url_test.cpp", "std::this_thread::sleep_for(1s);\n", "a test that sleeps"),
    ("tests/browser/inbox.test.mjs", "await page.waitForTimeout(50);\n", "a test that sleeps"),
    ("tests/chaos/load.py", "import time\ntime.sle" "ep(1)\n", "a sleep: wait"),
    ("examples/refund/demo.py", "from time import monotonic, sle" "ep\n", "a sleep: wait"),
    ("net/url.cpp", "int a;\n" * 401, "401 lines, at most 400"),
    ("net/url.cpp", "// " + "x" * 98 + "\n", "101 columns"),
    ("net/url.cpp", "int a; \n", "space at the end"),
    ("docs/page.md", f"{LATER}: write this\n", "do it now"),
    ("scripts/page.py", "def f():\n" + "    g()\n" * 71, "72 lines, at most 70"),
]

GOOD = [
    ("engine/run.cpp", '#include "engine/fact.h"\n#include "base/id.h"\n'),
    ("policy/decide.cpp", '#include "workflow/expression.h"\n'),
    ("cli/main.cpp", '#include "engine/store/schema.h"\n#include "net/url.h"\n'),
    ("engine/store/read.cpp", "#include <pqxx/pqxx>\npqxx::connection c;\n"),
    ("base/clock.cpp", "auto t = std::chrono::system_clock::now();\n"),
    ("net/url.cpp", '// co_await f({1}); rand()\nauto s = "co_await g({})";\n'),
    ("net/url.cpp", "auto n = co_await read(stream, buffer);\nif (n > 0) { use(n); }\n"),
    ("net/url.cpp", "if (co_await next(queue)) { use(); }\nco_await all[i];\n"),
    ("net/url.cpp", "int const million = 1'000'000;\nchar brace = '{';\nint operand(int a);\n"),
    ("net/url.cpp", "int a;\n" * 400),
    ("console/types.ts", "// Written by x.mjs from y.json: edit that.\n" + "x;\n" * 401),
    ("net/url.cpp", "namespace a {\n" + "void f() { g(); }\n" * 90 + "}\n"),
    ("net/url.cpp", "constexpr int table[] = {\n" + "    1,\n" * 90 + "};\n"),
    ("net/url.h", HEADER + "class Database {};\nstruct Information {};\n"),
    ("net/data.sql.md", "Words about data.\n"),
]

TREE = {
    "net/url.cpp": '#include "net/absent.h"\n',
    "net/forgotten.cpp": "int a;\n",
    "net/CMakeLists.txt": "resolute_library(net FILES url.cpp line.cpp)\n"
                          "resolute_failpoints(url.cpp)\n",
    "net/line.cpp": "int a;\nvoid f() { RESOLUTE_FAIL" "POINT(\"a.b\"); }\n",
    "docs/page.md": "See [this](absent.md), [that](page.md), `net/url.cpp` and `net/gone.h`.\n",
    "base/limits.h": HEADER + "inline constexpr std::size_t line_bytes = 2u << 10;\n"
                     "inline constexpr int patience_ms = 1'000;\n"
                     "inline constexpr int tool_queue = 5;\n",
    "docs/language.md": "| construct | | test |\n|---|---|---|\n"
                        "| `set` | yes | `net/url.cpp` \"no such title\" |\n"
                        "| `wait` | yes | of course |\n",
    "docs/limits.md": "| lines | `line_bytes` | 3 KiB | cut |\n"
                      "| patience | `patience_ms` | 1,000 ms | gone |\n"
                      "| dreams | `dreams` | 1 | forgotten |\n",
}
TREE_SAYS = [
    "net/forgotten.cpp:1: in no CMake list",
    "net/line.cpp:2: its crash points are left out",
    "net/url.cpp:1: net/absent.h does not exist",
    "docs/page.md:1: absent.md does not exist",
    "docs/page.md:1: net/gone.h does not exist",
    "base/README.md:1: missing",
    "net/README.md:1: missing",
    "docs/language.md:3: no test of net/url.cpp",
    "docs/language.md:4: name the file and the title",
    "docs/limits.md:1: `line_bytes` is 2 KiB",
    "docs/limits.md:1: `tool_queue` bounds a queue",
    "docs/limits.md:3: `dreams` is not in base/limits.h",
]


def examples():
    for path, text, expected in BAD:
        says = [finding.says for finding in tidy.findings_in(path, text)]
        if not any(expected in one for one in says):
            yield f"{path}: nothing like '{expected}' in {says} for:\n{text[:300]}"
    for path, text in GOOD:
        says = [str(finding) for finding in tidy.findings_in(path, text)]
        if says:
            yield f"{path}: {says} for:\n{text[:300]}"


def whole_tree():
    with tempfile.TemporaryDirectory() as folder:
        for path, text in TREE.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        ran = subprocess.run([sys.executable, str(HERE.parent / "tidy.py"), folder],
                             capture_output=True, text=True, check=False)
    found = ran.stdout.splitlines()
    for expected in TREE_SAYS:
        if not any(line.startswith(expected) for line in found):
            yield f"nothing like '{expected}' in {found}"
    if ran.returncode != 1 or len(found) != len(TREE_SAYS) + 1:
        yield f"exit status {ran.returncode} and {found}"


def main():
    wrong = [*examples(), *whole_tree()]
    for one in wrong:
        print(one)
    print(f"tidy: {len(BAD)} bad and {len(GOOD)} good examples, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
