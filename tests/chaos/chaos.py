#!/usr/bin/env python3
"""Hurts real processes on a real PostgreSQL while they work, and then looks for what went wrong.

Exits 0 when nothing did and every fault struck at least once.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import faults
import faults_postgres
from checker import Checker, Effects, read_ledger
from faults import TOOL_FAULTS, Chaos
from faults_postgres import NotPossible
from history import read_runs
from load import Load, Unreachable, call
from processes import comes_true
from stack import Stack

REST_S = 150  # after the faults everything must come to rest within this time
# How much moves, or will by itself, and what a person is asked. Who waits for a run that asks
# somebody does not move either.
MOVING = """with asking as (
        select a.run_id, parent_id::text as parent
        from resolute.approval a join resolute.run using (run_id)
        where a.status = 'pending'
          and (expires_at is null or expires_at > now() + interval '1 hour'))
    select (select count(*) from resolute.inbox where consumed_at is null)
    + (select count(*) from resolute.run where status in ('quarantined', 'running')
       or status = 'waiting' and (wake_at < now() + interval '1 hour'
           or run_id not in (select run_id from asking)
           and run_id::text not in (select parent from asking where parent is not null)))
    + (select count(*) from resolute.approval where status = 'pending' and kind = 'resolution'),
    (select string_agg(approval_id::text, ' ') from resolute.approval where status = 'pending')"""


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Campaign:
    """Strikes every fault, in an order drawn from the seed, again and again until time is over.

    Two at a time: what happens to PostgreSQL goes on while engines, tools and the network are hurt.
    """

    def __init__(self, stack, seed, only):
        self.stack, self.seed = stack, seed
        self.decks = [
            {name: fault for name, fault in deck.items() if not only or name in only}
            for deck in (faults.all_faults(), faults_postgres.all_faults())
        ]
        self.hit, self.missed = collections.Counter(), collections.Counter()
        self.impossible, self.broken = {}, []

    def names(self):
        return [name for deck in self.decks for name in deck]

    def run(self, seconds):
        threads = [
            threading.Thread(target=self._play, args=(number, deck, seconds))
            for number, deck in enumerate(self.decks)
            if deck
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _play(self, number, faults_by_name, seconds):
        """At least one whole round, and repeats of what missed, within reason."""
        chaos = Chaos(self.stack, random.Random(f"{self.seed}/{number}"))
        started, deck = time.monotonic(), []
        while True:
            late = time.monotonic() - started
            left = [n for n in faults_by_name if not self.hit[n] and n not in self.impossible]
            if late > seconds and (not left or late > 2 * seconds + 60):
                return
            if not deck:
                deck = left if late > seconds else list(faults_by_name)
                chaos.chance.shuffle(deck)
            name = deck.pop()
            if name not in self.impossible:
                self._strike(chaos, name, faults_by_name[name])
                chaos.rest(0.2, 1.2)

    def _strike(self, chaos, name, fault):
        began = time.monotonic()
        try:
            hit = fault(chaos)
        except NotPossible as reason:
            self.impossible[name] = str(reason)
            say(f"{name}: not possible here: {reason}")
            return
        except Exception as error:
            self.broken.append(f"{name}: {error}")
            say(f"{name} broke: {traceback.format_exc()}")
            hit = False
        (self.hit if hit else self.missed)[name] += 1
        say(f"{name}{'' if hit else ' (missed)'} {time.monotonic() - began:.1f} s")

    def heal(self):
        """Everything runs again, whatever the last fault left behind."""
        stack = self.stack
        stack.cluster.heal()
        for door in stack.proxy.doors:
            door.thaw()
        stack.proxy.disarm()
        ended = [e for e in stack.engines if not e.program.is_running()]
        for engine in ended:  # an engine must never end by itself
            self.broken.append(f"{engine.name} had ended by itself; see {engine.program.log}")
            engine.program.start_again()
        if not stack.tool_server.is_running():
            stack.start_tool_server()
        if not stack.payments.is_running():
            stack.payments.start()


def come_to_rest(stack, load):
    """How long it took, or None when it did not happen in time.

    At rest is what ended, or asks what the reviewers leave for tomorrow.
    """
    began = time.monotonic()
    stack.calm = True
    comes_true(lambda: quieten(stack), 10, 0.2)

    def rests():
        moving, asked = stack.cluster.primary.ask(MOVING)[0]
        return moving == "0" and all(map(load.is_left, (asked or "").split()))

    return time.monotonic() - began if comes_true(rests, REST_S, 0.5) else None


def quieten(stack):
    try:
        call("POST", stack.tool_url + "/quiet", {})
        return True
    except Unreachable:
        return False


def inspect(stack, load):
    ask = stack.cluster.primary.ask
    long_ask = lambda sql: ask(sql, timeout_s=120)  # noqa: E731
    runs, orphans = read_runs(long_ask)
    rows = long_ask("select approval_id, run_id, status from resolute.approval")
    approvals = {row[0]: {"run": row[1], "status": row[2]} for row in rows}
    effects = Effects(read_ledger(stack.tool_ledger), read_ledger(stack.refund_ledger))
    checker = Checker(runs, orphans, effects, approvals, load)
    violations = checker.check()
    keep_evidence(stack, runs, violations, long_ask)
    violations += read_with_the_program(stack, runs)
    conflicts = call("GET", stack.tool_url + "/healthz")["conflicts"]
    if conflicts:
        violations.append(f"{conflicts} keys came again with other arguments")
    counts = checker.counts | collections.Counter(runs=len(runs))
    counts["runs released by the operator"] = load.released.total()
    return counts, violations


# What the store holds of a run beside its history.
TABLES = ("run", "inbox", "unresolved", "approval", "listener", "place", "place_wait", "probation")


def keep_evidence(stack, runs, violations, ask):
    """What there is of the runs that something is said against, beside the logs."""
    text = "\n".join(violations)
    named = [run for run in runs.values() if run.id in text]
    with open(stack.folder / "evidence.jsonl", "w") as file:
        for run in named:
            events = [[e.sequence, e.at, e.kind, e.body] for e in run.events]
            file.write(json.dumps({"run": run.id, "events": events}) + "\n")
        ids = ",".join(run.id for run in named)
        for table in TABLES:
            rows = ask(f"select to_json(r) from resolute.{table} r where run_id = any('{{{ids}}}')")
            for (row,) in rows:
                file.write(json.dumps({"table": table, "row": json.loads(row)}) + "\n")


def read_with_the_program(stack, runs, most=10):
    """The engine's own reader must see the same histories."""
    violations = []
    for run in list(runs.values())[:: max(1, len(runs) // most)]:
        lines = stack.engine_command("history", run.id, "--json").splitlines()
        kinds = [json.loads(line)["kind"] for line in lines]
        if kinds != [event.kind for event in run.events]:
            violations.append(f"run {run.id}: `resolute history` shows another history")
    return violations


def tool_faults(stack):
    try:
        met = collections.Counter(stack.tool_faults.read_text().split())
    except FileNotFoundError:
        met = collections.Counter()
    return {name: met[name] for name in TOOL_FAULTS}


def report_of(arguments, stack, campaign, load, rested, seconds):
    counts, violations = inspect(stack, load)
    violations += load.surprises + campaign.broken
    if rested is None:
        violations.append(f"not everything came to rest within {REST_S} s")
    struck = {name: campaign.hit[name] for name in campaign.names()}
    if not arguments.only:
        struck |= tool_faults(stack)
    zero = [name for name in struck if not struck[name] and name not in campaign.impossible]
    return {
        "ok": not violations and not zero,
        "seed": arguments.seed,
        "seconds": round(seconds),
        "rested_after_s": None if rested is None else round(rested, 1),
        "counts": dict(sorted(counts.items())),
        "faults": struck,
        "never_struck": zero,
        "not_possible_here": campaign.impossible,
        "told_to_engines": dict(sorted(stack.proxy.errors.items())),
        "promotions": stack.cluster.promotions,
        "violations": violations,
    }


def print_report(report):
    rows = {**report["counts"], **{f"fault {n}": c for n, c in report["faults"].items()}}
    for name, count in rows.items():
        reason = report["not_possible_here"].get(name.removeprefix("fault "))
        print(f"  {name:<40} {'not possible here: ' + reason if reason else count}")
    for violation in report["violations"]:
        print(f"violation: {violation}")
    for name in report["never_struck"]:
        print(f"never struck: {name}")
    print("clean" if report["ok"] else "NOT CLEAN", f"after {report['seconds']} s,"
          f" at rest after {report['rested_after_s']} s, seed {report['seed']}")  # fmt: skip


def run(arguments, folder):
    stack = Stack(pathlib.Path(arguments.bin), folder, arguments.seed, say, arguments.may_mount)
    load = Load(stack, arguments.seed, arguments.rate)
    campaign = Campaign(stack, arguments.seed, arguments.only)
    began = time.monotonic()
    try:
        stack.start()
        load.begin()
        campaign.run(arguments.minutes * 60)
        say("no more faults; everything must come to rest")
        campaign.heal()
        load.stop_starting()
        rested = come_to_rest(stack, load)
        load.end()
        return report_of(arguments, stack, campaign, load, rested, time.monotonic() - began)
    finally:
        load.end()
        stack.stop()


def in_a_namespace():
    """As root: mounts and processes of our own, which end with us however we end."""
    if os.geteuid() != 0 or os.environ.get("RESOLUTE_CHAOS_INSIDE"):
        return
    inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    try:
        if subprocess.run([*inside, "true"], capture_output=True).returncode != 0:
            return
    except FileNotFoundError:
        return
    os.environ["RESOLUTE_CHAOS_INSIDE"] = "1"
    os.execvp(inside[0], [*inside, sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--minutes", type=float, default=3, help="of faults, at least one round")
    parser.add_argument("--seed", type=int, default=None, help="of everything that is drawn")
    parser.add_argument("--rate", type=float, default=3, help="runs started a second")
    parser.add_argument("--only", action="append", help="a fault; may be given again")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--keep", action="store_true", help="keep logs and ledgers")
    arguments = parser.parse_args()
    in_a_namespace()
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1_000_000)
    arguments.may_mount = "RESOLUTE_CHAOS_INSIDE" in os.environ
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-chaos-"))
    os.chmod(folder, 0o755)
    say(f"seed {arguments.seed}, logs in {folder}")
    keep = True
    try:
        report = run(arguments, folder)
        keep = arguments.keep or not report["ok"]
        if arguments.json:
            print(json.dumps(report), flush=True)
        else:
            print_report(report)
        return 0 if report["ok"] else 1
    finally:
        if keep:
            say(f"logs are kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
