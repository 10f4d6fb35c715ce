#!/usr/bin/env python3
"""Schedules on real processes: one run for each fire, whoever dies, and the verbs of a person.

  schedules.py BIN      BIN is the folder with the built programs

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
import time
from datetime import datetime, timedelta

from cases import all_passed, case, verdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crashpoints"))
from town import Server, Town, ask, comes_true, wait_until  # noqa: E402

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "batch"
OVERDUE = ["I-3001", "I-3003", "I-3004", "I-3005", "I-3006"]
LEASE_S = 2.0
HEAD = "document: {{ dsl: '1.0.3', namespace: s, name: {name}, version: '{version}' {more} }}\n"
STEPS = "do:\n  - a: {{ set: {{ at: '${{ . }}' }} }}\n"


def workflow(name, schedule, version="1.0.0", more=""):
    text = HEAD.format(name=name, version=version, more=more)
    return text + f"schedule: {schedule}\n" + STEPS.format()


def deploy(town, flows):
    """Puts these workflows in force, and no others."""
    folder = town.folder / "project"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "workflows").mkdir(parents=True)
    for name, text in flows.items():
        (folder / "workflows" / f"{name}.yaml").write_text(text)
    (folder / "resolute.yaml").write_text("name: schedules\n")
    town.server.resolute("deploy", str(folder), url=town.url)


def resolute(town, *arguments):
    return subprocess.run(
        [str(town.server.built / "resolute"), *arguments],
        env={**os.environ, "RESOLUTE_DATABASE_URL": town.url},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def schedule(town, *arguments):
    done = resolute(town, "schedule", *arguments, "--json")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def keys(town, name, kind="2%"):
    """The fires that have runs, in order; twice, when two runs have one."""
    rows = ask(
        town.url,
        f"select case_id from resolute.run where workflow = 's/{name}'"
        f" and case_id like 'schedule:{kind}' order by case_id",
    )
    return [row[0].removeprefix("schedule:") for row in rows]


def moments(town, name):
    return [datetime.fromisoformat(key.replace("Z", "+00:00")) for key in keys(town, name)]


def more_fires(town, name, count):
    target = len(keys(town, name)) + count
    wait_until(lambda: len(keys(town, name)) >= target, f"{count} more fires of {name}", 60)


def one_run_for_each_fire(town):
    deploy(town, {"beat": workflow("beat", "{ every: PT1S }")})
    town.engine("a")
    town.engine("b")
    wait_until(lambda: set(town.shares()) == {"a", "b"}, "both have shards", 20)
    more_fires(town, "beat", 3)
    owner = ask(
        town.url,
        "select member.name from resolute.schedule join resolute.shard using (shard)"
        " join resolute.member using (member_id) where not fenced",
    )[0][0]
    other = "b" if owner == "a" else "a"
    town.engines[owner].end(signal.SIGKILL)
    more_fires(town, "beat", 4)
    case("the schedule goes on when its process is killed", True)
    town.engine(owner)
    wait_until(lambda: set(town.shares()) == {"a", "b"}, "both have shards again", 20)
    town.engines[other].pause()
    more_fires(town, "beat", 4)
    town.engines[other].go_on()
    more_fires(town, "beat", 2)
    for name in ("a", "b"):
        town.engines[name].end(signal.SIGKILL)
    time_without = 3
    wait_until(
        lambda until=time.monotonic() + time_without: time.monotonic() > until,
        "nobody serves for a while", 10,
    )  # fmt: skip
    town.engine("a")
    more_fires(town, "beat", 6)
    times = moments(town, "beat")
    case("no fire has two runs", len(set(times)) == len(times), times)
    steps = {later - earlier for earlier, later in zip(times, times[1:])}
    case(
        f"no fire of {len(times)} was left out, also while nobody served",
        steps == {timedelta(seconds=1)}, sorted(steps),
    )  # fmt: skip
    twice = ask(
        town.url,
        "select workflow, case_id, count(*) from resolute.run group by 1, 2 having count(*) > 1",
    )
    case("the database agrees", not twice, twice)


def verbs_of_a_person(town):
    daily = workflow(
        "daily", "{ cron: '0 6 * * *' }",
        more=", metadata: { schedule: { timeZone: Europe/Berlin, overlap: skip } }",
    )  # fmt: skip
    deploy(town, {"daily": daily})
    listed = schedule(town, "list")
    case("what is deployed is listed, what is not is over",
         [one["workflow"]["name"] for one in listed] == ["s/daily"], listed)
    text = resolute(town, "schedule", "list").stdout
    case("a list for people", "0 6 * * * in Europe/Berlin" in text, text)
    paused = schedule(town, "pause", "s/daily", "--reason", "holidays", "--by", "ann")[0]
    case("pause with a reason", paused["paused"]["reason"] == "holidays", paused)
    shown = resolute(town, "schedule", "show", "s/daily").stdout
    case("show says who paused it and why", "paused by ann" in shown and "holidays" in shown, shown)
    again = resolute(town, "schedule", "resume", "s/daily")
    twice = resolute(town, "schedule", "resume", "s/daily")
    case("resume, and not twice", (again.returncode, twice.returncode) == (0, 1), twice.stderr)
    schedule(town, "trigger", "s/daily")
    case("a run by hand",
         comes_true(lambda: len(keys(town, "daily", "trigger%")) == 1, 20, 0.1))
    schedule(town, "backfill", "s/daily", "--from", "2026-03-28T00:00:00Z", "--to",
             "2026-03-30T12:00:00Z")  # fmt: skip
    wanted = ["2026-03-28T05:00:00", "2026-03-29T04:00:00", "2026-03-30T04:00:00"]
    case("a backfill over the change to summer time",
         comes_true(lambda: [key[:19] for key in keys(town, "daily")] == wanted, 30, 0.2),
         keys(town, "daily"))
    unknown = resolute(town, "schedule", "show", "s/weekly")
    case("a workflow without a schedule",
         unknown.returncode == 1 and "no schedule" in unknown.stderr, unknown.stderr)
    wrong = resolute(town, "schedule", "backfill", "s/daily", "--from", "monday", "--to", "now")
    case("times that are none", wrong.returncode == 2 and "2026-03-01T" in wrong.stderr,
         wrong.stderr)


def events_start_runs(town):
    deploy(town, {"paid": workflow("paid", "{ on: { one: { with: { type: paid } } } }")})
    for number in range(5):
        resolute(town, "emit", "paid", "--id", f"e{number}", "--data", "{}")
        resolute(town, "emit", "paid", "--id", f"e{number}", "--data", "{}")  # counts once
    case("each event starts one run",
         comes_true(lambda: len(keys(town, "paid", "event%")) == 5, 20, 0.1),
         keys(town, "paid", "event%"))


def letters():
    """The invoices that were written about, as often as they were."""
    file = pathlib.Path(os.environ["BOOKS_LETTERS"])
    lines = file.read_text().splitlines() if file.exists() else []
    return sorted(json.loads(line)["invoice"] for line in lines)


def sweep(town):
    """One by hand; whether it has completed."""
    ended = ("select count(*) from resolute.run where workflow = 'invoices/sweep'"
             " and status = 'completed'")  # fmt: skip
    before = ask(town.url, ended)[0][0]
    schedule(town, "trigger", "invoices/sweep")
    return comes_true(lambda: ask(town.url, ended)[0][0] > before, 60, 0.2)


def the_example_sweeps(town):
    """examples/batch with its real books: each letter is written once."""
    town.server.resolute("deploy", str(EXAMPLE), url=town.url)
    done = sweep(town)
    case("a sweep writes about every overdue invoice, over all pages",
         done and letters() == OVERDUE, letters())
    done = sweep(town)
    case("a second sweep of the day writes nothing", done and letters() == OVERDUE, letters())


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-schedules-"))
    folder.chmod(0o755)
    os.environ.update(
        BOOKS_PROGRAM=str(EXAMPLE / "books.py"), BOOKS_INVOICES=str(EXAMPLE / "invoices.json"),
        BOOKS_LETTERS=str(folder / "letters.jsonl"),
    )  # fmt: skip
    server = Server(built, folder)
    town = Town(server, "town", LEASE_S)
    try:
        one_run_for_each_fire(town)
        verbs_of_a_person(town)
        events_start_runs(town)
        the_example_sweeps(town)
    finally:
        town.close()
        server.stop()
    if all_passed():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"logs are kept in {folder}")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
