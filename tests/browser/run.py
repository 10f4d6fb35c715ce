#!/usr/bin/env python3
"""Starts the refund example, lets a case and a question wait for a person, and has them decided
in the browser.

usage: run.py BIN        with the folder of the built programs; exits with 1 when a test failed
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "refund"
sys.path.insert(0, str(EXAMPLE))
from demo_processes import Stack  # noqa: E402

CASE = EXAMPLE / "cases" / "R-1003.json"  # a large amount: a person approves
PATIENCE_S = 30


def say(text):
    print(text, file=sys.stderr, flush=True)


def feed(api):
    case = json.loads(CASE.read_text())
    body = {"workflow": "refunds/refund", "input": case["input"], "caseId": case["case"]}
    api.insist("POST", "/api/v1/runs", body, PATIENCE_S)


def pending_approval(api, kind):
    """The id of the first request of that kind, as soon as there is one."""
    until = time.monotonic() + PATIENCE_S
    for _ in api.changes():
        waiting = api.get("/api/v1/approvals?status=pending&limit=10")["items"]
        for item in waiting:
            if item["kind"] == kind:
                return item["id"]
        if time.monotonic() > until:
            break
    raise SystemExit(f"after {PATIENCE_S} s no approval is pending: {waiting}")


def browse(script, api, kind):
    environment = {**os.environ, "RESOLUTE_URL": api.url,
                   "RESOLUTE_APPROVAL": pending_approval(api, kind)}
    return subprocess.run(["node", script], cwd=HERE, env=environment, check=False).returncode


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-browser-"))
    os.chmod(folder, 0o755)  # PostgreSQL does not run as root, and must get in
    stack = Stack(pathlib.Path(sys.argv[1]).resolve(), EXAMPLE, folder, 0, None, None, say)
    try:
        stack.start()
        feed(stack.api)
        tool = browse("approve.mjs", stack.api, "tool")
        stack.engine_command("start", str(HERE / "question.yaml"))
        question = browse("question.mjs", stack.api, "question")
        return 1 if tool or question else 0
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
