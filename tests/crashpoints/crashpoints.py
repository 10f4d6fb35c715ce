#!/usr/bin/env python3
"""Kills, pauses and cuts off an engine at every line of base/failpoint_names.h, one at a time.

  crashpoints.py --bin BIN [--only NAME]... [--short] [--jobs N] [--json]

Exits 1 when a run is lost, an effect is doubled or missing, a history does not verify, or a line
was never reached. See README.md.
"""

import argparse
import concurrent.futures
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

from scene import Scene
from town import ROOT, Server

# Lines before and after a statement: there the connection can be cut, too.
CUT = (
    "lease.renewing", "lease.renewed", "shards.claiming", "shards.fenced", "shards.claimed",
    "shards.releasing", "shards.released", "commit.sending", "commit.answered", "load.reading",
    "load.read",
)  # fmt: skip
# The first few commits are different things: start, outcome of a read, intent, outcome of a write.
HITS = {
    "commit.sending": (1, 2, 3, 5, 8), "commit.answered": (1, 2, 3, 5, 8), "lease.renewed": (1, 3),
}  # fmt: skip
SHORT = (
    ("commit.sending", "cut", 2), ("commit.answered", "kill", 3), ("commit.answered", "cut", 5),
    ("effect.sending", "kill", 1), ("effect.sending", "stop", 1), ("effect.answered", "kill", 1),
    ("approval.consumed", "kill", 1), ("shards.drained", "stop", 1), ("webhook.claimed", "kill", 1),
)  # fmt: skip


def names():
    text = (ROOT / "base" / "failpoint_names.h").read_text()
    found = re.findall(r'(?m)^    "([a-z_.]+)",$', text)
    if not found:
        raise SystemExit("base/failpoint_names.h names no point")
    return found


def crashes(only, is_short):
    if is_short:
        return list(SHORT)
    unknown = set(only) - set(names())
    if unknown:
        raise SystemExit(f"there is no point {', '.join(sorted(unknown))}; see failpoint_names.h")
    return [
        (name, action, hit)
        for name in names()
        if not only or name in only
        for action in ("kill", "stop", "cut")
        if action != "cut" or name in CUT
        for hit in HITS.get(name, (1,))
    ]


def play(server, number, crash):
    name, action, hit = crash
    began = time.monotonic()
    try:
        faults = Scene(server, f"scene_{number}", name, action, hit).play()
    except Exception as error:  # a crash of the test itself is a finding, too
        faults = [f"{type(error).__name__}: {error}"]
    return {
        "point": name, "action": action, "hit": hit, "faults": faults,
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-crashpoints-"))
    folder.chmod(0o755)
    began = time.monotonic()
    todo = crashes(arguments.only, arguments.short)
    server = Server(arguments.bin.resolve(), folder)
    done = []
    try:
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            waiting = [pool.submit(play, server, i, crash) for i, crash in enumerate(todo)]
            for future in concurrent.futures.as_completed(waiting):
                one = future.result()
                done.append(one)
                what = f"{one['point']}:{one['action']}:{one['hit']}"
                verdict = "; ".join(one["faults"]) or "ok"
                say(f"{len(done):3}/{len(todo)}  {what:34} {one['seconds']:5.1f} s  {verdict}")
    finally:
        server.stop()
    bad = [one for one in done if one["faults"]]
    report = {
        "ok": not bad, "points": len({one["point"] for one in done}), "crashes": len(done),
        "failed": bad, "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    if bad:
        say(f"logs are kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        print(json.dumps(report))
    else:
        print(f"{len(done) - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
