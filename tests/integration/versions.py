#!/usr/bin/env python3
"""Runs and other versions of their workflow: replay, migrate-runs and fork, as a person meets them.

  versions.py BIN      BIN is the folder with the built programs

Starts a PostgreSQL and an engine of its own. Prints one line per case and ends with `N passed,
N failed`.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from cases import case, says, verdict

BIN = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="resolute-versions-"))
FOLDER.chmod(0o755)
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("RESOLUTE_")}

FLOW = """document: { dsl: 1.0.3, namespace: desk, name: order, version: %s }
do:
  - order:
      set: { total: %s }
  - ask:
      call: approval
      with: { title: Send it, to: { users: [rita] } }
  - last:
      set: { sent: '${ $tasks.order.total }'%s }
"""


def resolute(*arguments):
    return subprocess.run(
        [BIN / "resolute", *map(str, arguments)],
        env=ENVIRONMENT, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(*arguments):
    """What a command answers, as JSON, one value a line."""
    done = resolute(*arguments, "--json")
    try:
        return [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        return [{"it said": done.stdout + done.stderr}]


def project(version, total=5, more=""):
    folder = FOLDER / f"v{version}"
    (folder / "workflows").mkdir(parents=True)
    file = folder / "workflows" / "order.yaml"
    file.write_text(FLOW % (version, total, more))
    return folder, file


def start(name):
    return told("start", "desk/order", "--case", name)[0]["run"]


def approve(run):
    """Waits until the run asks, and says yes."""
    while True:
        for card in told("approvals"):
            if card["runId"] == run:
                return resolute("approve", card["id"], "--as", "rita", "--yes")
        status = told("show", run)[0]["status"]
        if status not in ("running", "waiting"):
            raise RuntimeError(f"the run {run} is {status} and asks nobody")


def output_of(run):
    while (shown := told("show", run)[0])["status"] in ("running", "waiting"):
        pass
    return shown["output"]


def replay_cases(run, fits, differs):
    says("a run fits a version that changes only what it has not reached",
         resolute("replay", run, "--against", fits), 0, "It fits", "desk/order 2.0.0")
    says("a run does not fit a version that changes what it has done",
         resolute("replay", run, "--against", differs), 1, "It differs at event", "/do/0/order",
         "/output/total: 5 was recorded, 6 is asked for")
    answer = told("replay", run, "--against", differs)[0]
    case("the difference as JSON", answer["fits"] is False
          and answer["difference"]["step"] == "/do/0/order", answer)
    says("a run fits its own version", resolute("replay", run, "--against", "1.0.0"), 0, "It fits")
    exported = FOLDER / "history.jsonl"
    exported.write_text(resolute("history", run, "--json").stdout)
    says("an exported history", resolute("replay", exported, "--against", fits), 0, "It fits")
    says("an exported history that differs",
         resolute("replay", exported, "--against", differs), 1, "/output/total")
    exported.write_text("{}\n")
    says("what is no history", resolute("replay", exported, "--against", fits), 2, ":1", "no event")
    says("a version that was never published",
         resolute("replay", run, "--against", "9.9.9"), 2, "9.9.9", "resolute deploy")
    says("a run that is not there", resolute("replay", "0" * 8 + "-0000-7000-8000-" + "0" * 12,
                                             "--against", fits), 2, "no run")  # fmt: skip


def migration_cases(runs, legal, illegal):
    resolute("deploy", legal)
    dry = resolute("migrate-runs", "desk/order", "--to", "2.0.0", "--dry-run")
    says("a dry run says which may", dry, 0, "2 of 2", "nothing was changed", *runs)
    case("a dry run changes nothing", versions_of(runs) == ["1.0.0", "1.0.0"], versions_of(runs))
    before = len(told("history", runs[0]))
    says("open runs follow another version",
         resolute("migrate-runs", "desk/order", "--to", "2.0.0", "--reason", "more to tell",
                  "--by", "ann"), 0, "2 of 2 open runs follow", "migrated")
    case("they are of that version now", versions_of(runs) == ["2.0.0", "2.0.0"],
          versions_of(runs))
    added = told("history", runs[0])[before:]
    case("with one event that says who and why", len(added) == 1
          and added[0]["kind"] == "run_migrated" and added[0]["body"]["by"] == "ann"
          and added[0]["body"]["reason"] == "more to tell", added)
    says("nothing is left to migrate",
         resolute("migrate-runs", "desk/order", "--to", "2.0.0"), 0, "0 of 0")
    resolute("deploy", illegal)
    says("a version that would have done otherwise is refused, with the difference",
         resolute("migrate-runs", "desk/order", "--to", "3.0.0"), 1, "illegal", "0 of 2",
         "/output/total: 5 was recorded, 6 is asked for")
    case("and nothing follows it", versions_of(runs) == ["2.0.0", "2.0.0"], versions_of(runs))
    verdicts = told("migrate-runs", "desk/order", "--to", "3.0.0", "--dry-run")
    case("verdicts as JSON, one run a line",
          sorted(it["run"] for it in verdicts) == sorted(runs)
          and all(it["verdict"] == "illegal" and it["difference"]["sequence"] for it in verdicts),
          verdicts)
    digest = verdicts[0]["digest"][:12]
    says("a version by its digest",
         resolute("migrate-runs", "desk/order", "--to", digest, "--dry-run"), 0, "0 of 0")
    says("a version that is not there",
         resolute("migrate-runs", "desk/order", "--to", "9.9.9"), 2, "9.9.9")
    approve(runs[0])
    case("a run that was migrated ends as its new version does",
          output_of(runs[0]) == {"sent": 5, "told": True}, output_of(runs[0]))


def versions_of(runs):
    return [told("show", run)[0]["workflow"]["version"] for run in runs]


def fork_cases(run):
    before = told("history", run)
    answer = told("fork", run, "--at", "ask", "--case", "again", "--by", "ann")[0]
    shared = answer.get("sequence", 0)
    forked = told("history", answer["run"])
    same = [event["kind"] for event in forked[:shared]]
    case("a fork begins with what was done", shared > 1
          and same == [event["kind"] for event in before[:shared]]
          and forked[0]["body"]["forked"]["run"] == run
          and forked[0]["body"]["forked"]["takeovers"][0]["sequence"] == shared
          and forked[0]["body"]["case"] == "again", (answer, forked[:1]))
    case("the run itself is not touched", told("history", run) == before, run)
    approve(answer["run"])
    case("and goes on by itself", output_of(answer["run"])["sent"] == 5, answer)
    edited = told("fork", run, "--at", "ask", "--set", 'order={"total": 7}')[0]["run"]
    approve(edited)
    case("a fork with another output of a step", output_of(edited)["sent"] == 7, edited)
    early = told("fork", run, "--at", "1")[0]["run"]
    approve(early)
    case("a fork from the first event", output_of(early)["sent"] == 5, early)
    says("a place where something is under way",
         resolute("fork", run, "--at", len(before)), 2, "a person is asked", "/do/1/ask",
         "The last place before is event")
    says("a step that is not there", resolute("fork", run, "--at", "nowhere"), 2, "`nowhere`")
    says("an event that is not there", resolute("fork", run, "--at", "999"), 2, "no event 999")
    says("an output of a step that is not shared",
         resolute("fork", run, "--at", "ask", "--set", "last=1"), 2, "`last`")
    says("an output that is no JSON",
         resolute("fork", run, "--at", "ask", "--set", "order={"), 2, "--set order")


def cases():
    first, _ = project("1.0.0")
    second, fits = project("2.0.0", more=", told: true")
    third, differs = project("3.0.0", total=6)
    resolute("deploy", first)
    runs = [start("A"), start("B")]
    for run in runs:
        while told("show", run)[0]["status"] != "waiting":
            pass
    replay_cases(runs[0], fits, differs)
    fork_cases(runs[1])
    migration_cases(runs, second, third)


def main():
    programs = []

    def run(*arguments):
        programs.append(subprocess.Popen(
            [BIN / "resolute", *map(str, arguments)], stdout=subprocess.PIPE, text=True,
            env=ENVIRONMENT, cwd=FOLDER,
        ))  # fmt: skip
        return json.loads(programs[-1].stdout.readline())

    try:
        server = run("postgres", FOLDER / "pg", "--json")
        ENVIRONMENT["RESOLUTE_DATABASE_URL"] = server["database"]
        resolute("migrate")
        run("serve", "--listen", "127.0.0.1:0", "--json")
        cases()
    finally:
        for program in reversed(programs):
            program.terminate()
            program.wait()
        shutil.rmtree(FOLDER, ignore_errors=True)
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
