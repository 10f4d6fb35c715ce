#!/usr/bin/env python3
"""Starts the refund example, lets one case wait for a person, and lets the browser test decide it.

usage: run.py BIN        with the folder of the built programs; exits with the browser test's status
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


def pending_approval(api):
    """The id of the request that the case ends up waiting for."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        waiting = api.get("/api/v1/approvals?status=pending&limit=10")["items"]
        for item in waiting:
            if item["kind"] == "tool":
                return item["id"]
        time.sleep(0.05)
    raise SystemExit(f"after {PATIENCE_S} s no approval is pending: {waiting}")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-browser-"))
    os.chmod(folder, 0o755)  # PostgreSQL does not run as root, and must get in
    stack = Stack(pathlib.Path(sys.argv[1]).resolve(), EXAMPLE, folder, 0, None, None, say)
    try:
        stack.start()
        feed(stack.api)
        environment = {**os.environ, "RESOLUTE_URL": stack.api.url,
                       "RESOLUTE_APPROVAL": pending_approval(stack.api)}
        done = subprocess.run(["node", "approve.mjs"], cwd=HERE, env=environment, check=False)
        return done.returncode
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
