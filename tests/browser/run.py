#!/usr/bin/env python3
"""Starts the refund example, lets a case and a question wait for a person, and has them decided
in the browser; then runs that start runs, and a schedule.

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
from demo_processes import Stack, id_of_run  # noqa: E402

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


def browse(script, api, **more):
    environment = {**os.environ, "RESOLUTE_URL": api.url, **more}
    return subprocess.run(["node", script], cwd=HERE, env=environment, check=False).returncode


def night_of(api, day):
    """The run that the office's day waits for, as soon as it sleeps."""
    until = time.monotonic() + PATIENCE_S
    for _ in api.changes():
        waiting = api.get(f"/api/v1/runs?parent={day}&status=waiting")["items"]
        if waiting:
            return waiting[0]["id"]
        if time.monotonic() > until:
            break
    raise SystemExit(f"after {PATIENCE_S} s nothing waits for the night")


def office(stack):
    """A run with runs of its own, and a fork of one of them."""
    for name in ("parcel", "night", "day", "report"):
        stack.engine_command("deploy", str(HERE / "office" / f"{name}.yaml"))
    body = {"workflow": "office/day", "input": {}}
    day = id_of_run(stack.api.insist("POST", "/api/v1/runs", body, PATIENCE_S))
    night = night_of(stack.api, day)
    fork = {"at": "sleep", "by": "run.py"}
    forked = stack.api.insist("POST", f"/api/v1/runs/{night}/fork", fork, PATIENCE_S)
    return {"RESOLUTE_RUN": day, "RESOLUTE_FORK": id_of_run(forked)}


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-browser-"))
    os.chmod(folder, 0o755)  # PostgreSQL does not run as root, and must get in
    stack = Stack(pathlib.Path(sys.argv[1]).resolve(), EXAMPLE, folder, 0, None, None, say)
    try:
        stack.start()
        api = stack.api
        feed(api)
        failed = [browse("approve.mjs", api, RESOLUTE_APPROVAL=pending_approval(api, "tool"))]
        stack.engine_command("start", str(HERE / "question.yaml"))
        asked = pending_approval(api, "question")
        failed.append(browse("question.mjs", api, RESOLUTE_APPROVAL=asked))
        failed.append(browse("runs.mjs", api, **office(stack)))
        failed.append(browse("schedules.mjs", api))
        return 1 if any(failed) else 0
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
