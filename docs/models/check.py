#!/usr/bin/env python3
"""Checks effect.pml with Spin: the good model must hold, every mutant must break its invariant.

Run by `./dev model`; see scripts/model.sh for the options. Each check is translated by spin,
compiled by gcc and searched exhaustively in build/model/NAME. A search that ended early, for lack
of depth or memory, is a failure: nothing was proved.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "docs/models/effect.pml"
WORK = ROOT / "build/model"
MEMORY_MB = 4000
DEPTH = 50_000

A, B, C = "CLASS_A", "CLASS_B", "CLASS_C"
GATED = "GATED"


def good(name, what, faults, *defines):
    return {"name": name, "property": what, "faults": faults, "defines": defines, "breaks": None}


def mutant(name, breaks, faults, *defines):
    what = "settles" if breaks == "settles" else "invariants"
    return {"name": name, "property": what, "faults": faults, "breaks": breaks,
            "defines": (name, *defines)}


def good_checks(short, three):
    less = 1 if short else 0
    checks = [
        good("class-a", "invariants", 4 - less, A),
        good("class-b", "invariants", 4 - less, B),
        good("class-c", "invariants", 4 - less, C),
        good("approval", "invariants", 1 - less, B, GATED),
        good("class-a-ends", "settles", 3 - less, A),
        good("class-b-ends", "settles", 3 - less, B),
        good("class-c-ends", "settles", 3 - less, C),
        good("approval-ends", "settles", 0, B, GATED),
    ]
    if three:
        checks += [good(f"three-members-{tool[-1].lower()}", "invariants", 3, tool, "MEMBERS=3")
                   for tool in (A, B, C)]
    return checks


MUTANTS = [
    mutant("NO_FENCE", "I7", 1, B),
    mutant("NO_INTENT", "I1", 1, B),
    mutant("COMMIT_ASSUMED", "I1", 1, B),
    mutant("RETRY_ON_UNKNOWN", "I8", 1, B),
    mutant("KEY_PER_ATTEMPT", "I2", 1, A),
    mutant("NO_DISPATCH_DEADLINE", "I2", 2, B),
    mutant("NO_SETTLE_TIME", "I2", 1, B),
    mutant("CANCEL_WITHOUT_SETTLING", "I2", 0, B),
    mutant("DOUBT_FORGOTTEN", "I2", 2, A),
    mutant("LAST_RESEND_FAILS", "I2", 2, A),
    mutant("PERSON_ASKED_AT_ONCE", "I2", 2, C),
    mutant("NO_BINDING_CHECK", "I3", 0, B, GATED),
    mutant("APPROVAL_CONSUMED_LATE", "I4", 0, B, GATED),
    mutant("EXPIRY_IGNORED", "I5", 0, B, GATED),
    mutant("GATE_ASKED_ONCE", "I5", 0, B, GATED),
    mutant("DUTIES_IGNORED", "I6", 0, B, GATED),
    mutant("LATE_ANSWER_COUNTS", "I5", 0, B, GATED),
    mutant("DENIED_IS_RETRIED", "I14", 0, B, GATED),
    mutant("TAKEOVER_WITHOUT_WAKE", "settles", 1, B),
    mutant("NOBODY_IS_ASKED", "settles", 1, C),
]


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, where):
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def options_of(check):
    return [f"-D{define}" for define in (*check["defines"], f"FAULTS={check['faults']}")]


def search(check):
    """What the verifier prints about one check. Mutants are searched breadth first, so that the
    first counterexample is a shortest one."""
    where = WORK / check["name"]
    where.mkdir(parents=True, exist_ok=True)
    (where / "effect.pml.trail").unlink(missing_ok=True)
    code, text = run(["spin", *options_of(check), "-a", str(MODEL)], where)
    if code != 0 or not (where / "pan.c").exists():
        sys.exit(f"model: spin cannot translate {check['name']}:\n{text}")
    ends = check["property"] == "settles"
    kind = ["-DNOFAIR"] if ends else ["-DSAFETY", "-DNOCLAIM"]
    if check["breaks"] and not ends:
        kind.append("-DBFS")
    speed = "-O0" if check["breaks"] else "-O2"
    code, text = run(["gcc", "-w", speed, f"-DMEMLIM={MEMORY_MB}", *kind, "-o", "pan", "pan.c"],
                     where)
    if code != 0:
        sys.exit(f"model: gcc cannot compile the verifier of {check['name']}:\n{text}")
    return run(["./pan", f"-m{DEPTH}", "-n", *(["-a"] if ends else [])], where)[1]


def number(pattern, text):
    found = re.search(pattern, text)
    return int(float(found[1])) if found else 0


def broken_by(text):
    """The invariant that the search found broken; none when nothing was."""
    violated = re.search(r"assertion violated (.*) \(at depth", text)
    if violated:
        names = re.findall(r"\bI\d+\b", violated[1])
        return names[0] if names else violated[1]
    if "acceptance cycle" in text:
        return "settles"
    if "invalid end state" in text and re.search(r"errors: [1-9]", text):
        return "deadlock"
    return None


def is_whole(text):
    early = ("Search not completed", "max search depth too small", "reached -DMEMLIM",
             "out of memory", "aborted")
    return "errors: 0" in text and not any(sign in text for sign in early)


def verdict_of(check, text):
    broken = broken_by(text)
    if check["breaks"]:
        if broken == check["breaks"]:
            return "caught", broken
        if broken:
            return f"breaks {broken}, not {check['breaks']}", broken
        return ("survives" if is_whole(text) else "search ended early"), None
    if broken:
        return "broken", broken
    return ("holds" if is_whole(text) else "search ended early"), None


def trace_of(check):
    """The counterexample of the last search, one sentence a line."""
    where = WORK / check["name"]
    if not (where / "effect.pml.trail").exists():
        return []
    _, text = run(["spin", *options_of(check), "-T", "-t", "-k", "effect.pml.trail", str(MODEL)],
                  where)
    told = text.split("spin: trail ends")[0].split("#processes")[0]
    sentences = (line.strip() for line in told.splitlines())
    return [one for one in sentences
            if re.match(r"(member|database|network|tool|time|person|reviewer|initiator|"
                        r"administrator)\b.*:? ", one)]


def examine(check):
    say(f"==> {check['name']}: {check['property']}, up to {check['faults']} faults")
    began = time.monotonic()
    text = search(check)
    verdict, broken = verdict_of(check, text)
    (WORK / check["name"] / "pan.out").write_text(text)
    return {
        "name": check["name"], "property": check["property"], "faults": check["faults"],
        "mutant": check["breaks"] is not None,
        "states": number(r"([\d.e+]+) states, stored", text),
        "depth": number(r"depth reached (\d+)", text),
        "seconds": round(time.monotonic() - began, 1), "verdict": verdict, "broken": broken,
        "steps": len(trace_of(check)) if broken else None,
    }


def table(rows):
    line = "{:<24} {:<11} {:>6} {:>11} {:>6} {:>8}  {}"
    print(line.format("check", "property", "faults", "states", "depth", "seconds", "verdict"))
    for row in rows:
        verdict = row["verdict"]
        if row["broken"]:
            verdict += f" by {row['broken']}" if verdict == "caught" else ""
            verdict += f", in {row['steps']} steps"
        print(line.format(row["name"], row["property"], row["faults"], row["states"],
                          row["depth"], row["seconds"], verdict))


def show_trace(name):
    known = {check["name"]: check for check in (*MUTANTS, *good_checks(False, True))}
    if name not in known:
        sys.exit(f"model: nothing is called {name}; there are {', '.join(sorted(known))}")
    row = examine(known[name])
    for step, sentence in enumerate(trace_of(known[name]), 1):
        print(f"{step:>3}  {sentence}")
    print(f"     {row['verdict']}" + (f": {row['broken']}" if row["broken"] else ""))
    return 0 if row["verdict"] in ("holds", "caught") else 1


def main():
    parser = argparse.ArgumentParser(prog="./dev model")
    for option in ("--json", "--three", "--short"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--trace", metavar="NAME")
    asked = parser.parse_args()
    if asked.trace:
        return show_trace(asked.trace)
    began = time.monotonic()
    rows = [examine(check) for check in (*good_checks(asked.short, asked.three), *MUTANTS)]
    failed = [row["name"] for row in rows if row["verdict"] not in ("holds", "caught")]
    if asked.json:
        print(json.dumps({"ok": not failed, "failed": failed, "checks": rows,
                          "seconds": round(time.monotonic() - began, 1)}, indent=1))
    else:
        table(rows)
    for name in failed:
        say(f"failed: {name}; see ./dev model --trace {name}")
    say(f"{len(rows) - len(failed)} held, {len(failed)} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
