#!/usr/bin/env python3
"""Runs the refund example end to end: PostgreSQL, the payments service, the engine, a dozen cases.

Everything goes through what any user has: the `resolute` program and its public HTTP API.

  demo.py                      stays up; prints the console's address and what to try
  demo.py --once --json        a scripted reviewer decides, every case is checked, one JSON object
  demo.py --once --crash       the same while the engine is killed and PostgreSQL loses its power
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from demo_processes import Stack, Unreachable, id_of_run  # noqa: E402

BOLD, GREEN, RED, DIM, PLAIN = ("\033[1m", "\033[32m", "\033[31m", "\033[2m", "\033[0m")
if not sys.stderr.isatty():
    BOLD = GREEN = RED = DIM = PLAIN = ""


def say(text):
    print(text, file=sys.stderr, flush=True)


def load_cases():
    cases = []
    for path in sorted((HERE / "cases").glob("R-*.json")):
        case = json.loads(path.read_text())
        case["name"] = path.stem
        cases.append(case)
    return cases


class Demo:
    def __init__(self, stack, patience_s):
        self.stack, self.api, self.patience_s = stack, stack.api, patience_s
        self.cases, self.runs, self.started_at = load_cases(), {}, {}
        self.faults = {}

    def feed(self, case):
        """Starts a case; sent again until somebody answers, which its case id makes harmless."""
        body = {"workflow": "refunds/refund", "input": case["input"], "caseId": case["case"]}
        self.started_at.setdefault(case["name"], time.monotonic())
        answer = self.api.insist("POST", "/api/v1/runs", body, self.patience_s)
        self.runs[case["name"]] = id_of_run(answer)

    def review(self):
        """Decides what the scripted reviewer has an opinion on."""
        opinions = {case["case"]: case["reviewer"] for case in self.cases if "reviewer" in case}
        for item in self.api.get("/api/v1/approvals?status=pending&limit=100")["items"]:
            opinion = opinions.get(item["caseId"])
            if item["kind"] != "tool" or not opinion or opinion["decision"] == "leave":
                continue
            card = self.api.get("/api/v1/approvals/" + item["id"])
            self.api.post(
                "/api/v1/approvals/" + item["id"] + "/decisions",
                {
                    "decision": opinion["decision"],
                    "digest": card["digest"],
                    "by": opinion["by"],
                    "comment": opinion["comment"],
                    "decisionId": str(uuid.uuid5(uuid.NAMESPACE_URL, item["id"])),
                },
            )

    def state_of(self, case):
        run = self.api.get("/api/v1/runs/" + self.runs[case["name"]])
        seen = {
            "status": run["status"],
            "counts": run["counts"],
            "run": run["id"],
            "error": run.get("error"),
            "waits": (run["waitsFor"] or {}).get("code"),
            "started": run["startedAt"],
            "updated": run["updatedAt"],
        }
        output = run["output"] if isinstance(run["output"], dict) else {}
        seen["resolution"], seen["amount"] = output.get("resolution"), output.get("amount")
        return seen

    def problems_of(self, case, seen):
        expect, problems = case["expect"], []
        if "duplicate_of" in expect:
            if self.runs[case["name"]] != self.runs[expect["duplicate_of"]]:
                problems.append("it has a run of its own")
            return problems
        for member in ("status", "resolution", "amount", "waits"):
            if member in expect and seen[member] != expect[member]:
                problems.append(f"{member} is {seen[member]!r}, expected {expect[member]!r}")
        if seen["counts"]["verifications"] < expect.get("verifications", 0):
            problems.append("its lost answer was not verified")
        if "repairs" in expect and seen["counts"]["modelCalls"] < 2 + expect["repairs"]:
            problems.append("the model's answer was not repaired")
        return problems

    def wait_until_as_expected(self):
        """Looks again after every change that the engine tells of."""
        until = time.monotonic() + self.patience_s
        seen, problems = {}, {}
        try:
            for _ in self.api.changes():
                seen, problems = self.look()
                if not problems or time.monotonic() > until:
                    break
        except Unreachable as error:
            problems = {"engine": [str(error)]}
        return seen, problems

    def look(self):
        try:
            self.review()
            seen = {case["name"]: self.state_of(case) for case in self.cases}
        except Unreachable as error:
            return {}, {"engine": [str(error)]}
        self.release_innocent(seen)
        found = {case["name"]: self.problems_of(case, seen[case["name"]]) for case in self.cases}
        return seen, {name: problems for name, problems in found.items() if problems}

    def release_innocent(self, seen):
        """A run over which its process died twice is set aside; whoever killed it knows better."""
        aside = {state["run"] for state in seen.values() if state["status"] == "quarantined"}
        for run in aside if self.faults else ():
            self.stack.engine_command("release", run)
            self.faults["runsReleased"] += 1

    def report(self, seen, problems):
        cases = []
        for case in self.cases:
            state = seen.get(case["name"], {})
            counts = state.get("counts", {})
            cases.append(
                {
                    "case": case["name"],
                    "about": case["about"],
                    "run": state.get("run"),
                    "status": state.get("status"),
                    "resolution": state.get("resolution"),
                    "amount": state.get("amount"),
                    "duplicateOf": case["expect"].get("duplicate_of"),
                    "steps": counts.get("steps"),
                    "toolAttempts": counts.get("attempts"),
                    "verifications": counts.get("verifications"),
                    "approvals": counts.get("approvals"),
                    "modelCalls": counts.get("modelCalls"),
                    "tokens": counts.get("tokens"),
                    "milliseconds": elapsed_ms(state),
                    "problems": problems.get(case["name"], []),
                }
            )
        ledger = self.stack.payments.get("/ledger")
        expected = sum(case["expect"].get("amount", 0) for case in self.cases)
        if ledger["amount"] != expected:
            problems["ledger"] = [
                f"{ledger['amount']} minor units were refunded, expected {expected}"
            ]
        if ledger["duplicate_effects"]:
            problems["ledger duplicates"] = [
                f"{ledger['duplicate_effects']} refunds were made twice"
            ]
        status = self.api.get("/api/v1/status")
        return {
            "ok": not problems,
            "cases": cases,
            "models": status["models"],
            "faults": self.faults,
            "ledger": {
                "refunds": ledger["refunds"],
                "amount": ledger["amount"],
                "notices": ledger["notices"],
            },
            "duplicate_effects": ledger["duplicate_effects"],
            "problems": problems,
        }


def elapsed_ms(state):
    def seconds(text):
        whole, _, rest = text.rstrip("Z").partition(".")
        return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (rest or "0"))

    if not state:
        return None
    return round((seconds(state["updated"]) - seconds(state["started"])) * 1000)


def feed_with_crashes(demo, chance):
    """Kills the engine with SIGKILL while cases run, and stops PostgreSQL the hard way once."""
    faults = demo.faults = {"engineKilled": 0, "postgresStopped": 0, "runsReleased": 0}
    for number, case in enumerate(demo.cases):
        demo.feed(case)
        demo.stack.let_engine_work(chance.random() * 0.15)
        if number == 6:
            demo.stack.stop_postgres_hard()
            faults["postgresStopped"] += 1
            demo.stack.start_postgres()
        elif number % 2 == 1:
            demo.stack.kill_engine()
            faults["engineKilled"] += 1
            demo.stack.start_engine()
    for _ in range(2):  # what is left: verifications and decisions under way
        try:
            demo.review()
        except Unreachable:
            pass
        demo.stack.let_engine_work(chance.random() * 0.4)
        demo.stack.kill_engine()
        faults["engineKilled"] += 1
        demo.stack.start_engine()


COLUMNS = [
    ("case", 8),
    ("status", 10),
    ("resolution", 18),
    ("amount", 9),
    ("steps", 5),
    ("tries", 5),
    ("verified", 8),
    ("asked", 5),
    ("model", 5),
    ("ms", 6),
]


def row_of(case):
    what = f"same run as {case['duplicateOf']}" if case["duplicateOf"] else case["resolution"]
    amount = f"{case['amount'] / 100:.2f}" if case["amount"] else ""
    counts = ["steps", "toolAttempts", "verifications", "approvals", "modelCalls", "milliseconds"]
    texts = [case["case"], case["status"] or "?", what or "", amount]
    return texts + [case[c] or 0 for c in counts]


def print_table(report):
    say("")
    say(BOLD + " ".join(f"{name:<{width}}" for name, width in COLUMNS) + PLAIN)
    for case in report["cases"]:
        cells = [f"{value:<{width}}" for value, (_, width) in zip(row_of(case), COLUMNS)]
        mark = f"  {RED}{'; '.join(case['problems'])}{PLAIN}" if case["problems"] else ""
        say(" ".join(cells) + f"  {DIM}{case['about']}{PLAIN}{mark}")
    ledger = report["ledger"]
    say(
        f"\nledger: {ledger['refunds']} refunds, EUR {ledger['amount'] / 100:.2f}, "
        f"{ledger['notices']} notices; "
        f"duplicate effects: {report['duplicate_effects']}"
    )
    for model in report["models"]:
        if model["scripted"]:
            say(
                f"models: {BOLD}scripted{PLAIN} answers ({model['backend']}), no model was asked; "
                "use --model-url URL --model NAME for a real one"
            )
            break
    if report["faults"]:
        counts = [f"{name} {count}" for name, count in report["faults"].items()]
        say("faults: " + ", ".join(counts))
    for name, found in report["problems"].items():
        say(f"{RED}{name}: {'; '.join(found)}{PLAIN}")


def invite(url, problems):
    colour = RED if problems else GREEN
    say(f"\n{colour}The console is at {BOLD}{url}{PLAIN}")
    say("(open to everyone on this machine, and to nobody else)")
    say("Try:")
    say(f"  {url}/            decide the refund of R-1005, which waits for you")
    say(f"  {url}/runs        every case with its timeline")
    say("  Ctrl-C            stops everything")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--once", action="store_true", help="run all cases, check them, and stop")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--crash", action="store_true", help="kill the engine and PostgreSQL while cases run"
    )
    parser.add_argument(
        "--seed", type=int, default=None, help="of the moments at which things are killed"
    )
    parser.add_argument("--port", type=int, default=0, help="of the console; 8700 when it stays up")
    parser.add_argument("--model-url", help="base URL of an OpenAI-compatible server, up to /v1")
    parser.add_argument("--model", help="the model's name there")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(1_000_000)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-demo-"))
    os.chmod(folder, 0o755)
    port = arguments.port or (0 if arguments.once else 8700)
    stack = Stack(
        pathlib.Path(arguments.bin), HERE, folder, port, arguments.model_url, arguments.model, say
    )
    kept = False
    try:
        stack.start()
        demo = Demo(stack, 240 if arguments.crash else 90)
        say(
            f"feeding {len(demo.cases)} cases"
            + (f", crashing with --seed {seed}" if arguments.crash else "")
        )
        if arguments.crash:
            feed_with_crashes(demo, random.Random(seed))
        else:
            for case in demo.cases:
                demo.feed(case)
        seen, problems = demo.wait_until_as_expected()
        report = demo.report(seen, problems)
        report["seed"] = seed if arguments.crash else None
        print_table(report)
        if arguments.json:
            print(json.dumps(report, ensure_ascii=False), flush=True)
        if arguments.once:
            kept = not report["ok"]
            return 0 if report["ok"] else 1
        invite(stack.api.url, report["problems"])
        stack.wait()
        return 0
    except KeyboardInterrupt:
        return 0
    finally:
        stack.stop()
        if kept:
            say(f"logs are kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
