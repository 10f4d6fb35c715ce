#!/usr/bin/env python3
"""Limits per key on real processes: never more runs than a key allows, whoever dies.

  places.py BIN      BIN is the folder with the built programs

Prints one line per case and ends with `N passed, N failed`.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crashpoints"))
from town import Server, Town, ask, comes_true, wait_until  # noqa: E402

LEASE_S = 2.0
RUNS = 14
MOST = 2
FLOW = """document:
  dsl: 1.0.3
  namespace: p
  name: {name}
  version: 1.0.0
  metadata: {{ limits: [ {limit} ] }}
do:
  - work: {{ wait: {{ milliseconds: {ms} }} }}
"""
results = []


def case(title, is_good, problem=""):
    results.append(bool(is_good))
    print(f"ok   {title}" if is_good else f"FAIL {title}: {problem}", flush=True)


def resolute(town, *arguments):
    return subprocess.run(
        [str(town.server.built / "resolute"), *arguments],
        env={**os.environ, "RESOLUTE_DATABASE_URL": town.url},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def deploy(town, name, limit, ms):
    folder = town.folder / "project"
    (folder / "workflows").mkdir(parents=True, exist_ok=True)
    text = FLOW.format(name=name, limit=limit, ms=ms)
    (folder / "workflows" / f"{name}.yaml").write_text(text)
    (folder / "resolute.yaml").write_text("name: places\n")
    town.server.resolute("deploy", str(folder), url=town.url)


def start(town, name, *more):
    done = resolute(town, "start", f"p/{name}", "--json", *more)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[0])["run"]


def number(town, query):
    return int(ask(town.url, query)[0][0])


def completed(town, name):
    return number(
        town,
        "select count(*) from resolute.run where status = 'completed'"
        f" and workflow = 'p/{name}'",
    )


def never_more_than_allowed(town):
    deploy(town, "narrow", f"{{ key: workflow, concurrency: {MOST} }}", 400)
    town.engine("a")
    town.engine("b")
    wait_until(lambda: set(town.shares()) == {"a", "b"}, "both have shards", 20)
    for _ in range(RUNS):
        start(town, "narrow")
    most = 0

    def is_through(count):
        nonlocal most
        held = number(town, "select count(*) from resolute.place")
        most = max(most, held)
        return completed(town, "narrow") >= count

    wait_until(lambda: is_through(3), "the first are over", 30)
    town.engines["a"].end(signal.SIGKILL)
    wait_until(lambda: is_through(RUNS), "all are over, though a process was killed", 60)
    case(f"all {RUNS} runs are over, though a process was killed", True)
    case(f"never more than {MOST} had a place, and sometimes so many", most == MOST, most)
    left = ask(town.url, "select * from resolute.place union all"
                         " select run_id, key, tenant, since from resolute.place_wait")  # fmt: skip
    case("no place and no queue is left behind", not left, left)


def says_who_has_the_place(town):
    deploy(town, "single", "{ key: case, name: desk, concurrency: 1 }", 600_000)
    deploy(town, "after", "{ key: case, name: desk, concurrency: 1 }", 1)
    first = start(town, "single", "--case", "R-1")
    wait_until(lambda: number(town, "select count(*) from resolute.place") == 1, "a place", 20)
    second = start(town, "after", "--case", "R-1")
    wait_until(
        lambda: number(town, "select count(*) from resolute.place_wait") == 1, "a queue", 20
    )
    shown = resolute(town, "show", second).stdout
    case("show says what the run waits for", "waits_for_place" in shown and "desk" in shown, shown)
    case("and who has the place", f"`resolute show {first}`" in shown, shown)
    other = start(town, "after", "--case", "R-2")
    case("a run of another case goes at once",
         comes_true(lambda: "completed" in resolute(town, "show", other).stdout, 20, 0.1))
    resolute(town, "cancel", first)
    case("it begins when the other is cancelled",
         comes_true(lambda: "completed" in resolute(town, "show", second).stdout, 20, 0.1))


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-places-"))
    folder.chmod(0o755)
    server = Server(built, folder)
    town = Town(server, "town", LEASE_S)
    try:
        never_more_than_allowed(town)
        says_who_has_the_place(town)
    finally:
        town.close()
        server.stop()
    if all(results):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"logs are kept in {folder}")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
