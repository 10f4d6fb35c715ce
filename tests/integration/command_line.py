#!/usr/bin/env python3
"""Tab completion in a real bash, and tests of policies and workflows, as a person meets them.

  command_line.py BIN      BIN is the folder with the built programs

Prints one line per case and ends with `N passed, N failed`.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from cases import case, verdict

BIN = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "refund"
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("RESOLUTE_")}
ENVIRONMENT["PATH"] = f"{BIN}:{ENVIRONMENT['PATH']}"


def completions(line, folder=EXAMPLE):
    """What bash offers after `line` is typed and Tab is pressed."""
    words = line.split(" ")
    script = (
        "source <(resolute completion bash)\n"
        f"COMP_WORDS=({' '.join(repr(word) for word in words)})\n"
        f"COMP_CWORD={len(words) - 1}\n_resolute\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    )
    done = subprocess.run(
        ["bash", "--norc", "-eu", "-c", script],
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False,
    )
    if done.returncode:
        return [f"bash failed: {done.stderr.strip()}"]
    return done.stdout.split()


def completion_cases():
    verbs = completions("resolute ")
    case("a verb", {"start", "approve", "policy", "completion"} <= set(verbs), verbs)
    case("a verb by its first letters", completions("resolute app") == ["approvals", "approve"],
         completions("resolute app"))
    case("a verb of a verb", completions("resolute policy t") == ["test"],
         completions("resolute policy t"))
    options = completions("resolute start --")
    case("an option", {"--input", "--case", "--wait", "--json"} <= set(options), options)
    case("only options of that verb", "--comment" not in options, options)
    case("an option of a verb of a verb", "--json" in completions("resolute policy test --"),
         completions("resolute policy test --"))
    names = completions("resolute start ref")
    case("a workflow's name", names == ["refunds/refund"], names)
    scheduled = completions("resolute schedule pause ref")
    case("a workflow's name for its schedule", scheduled == ["refunds/refund"], scheduled)
    migrated = completions("resolute migrate-runs ref")
    case("a workflow's name after another verb", migrated == ["refunds/refund"], migrated)
    case("options of migrate-runs", {"--to", "--dry-run"} <= set(completions(
        "resolute migrate-runs --")), completions("resolute migrate-runs --"))
    named = completions("resolute runs --workflow ref")
    case("a workflow's name for an option", named == ["refunds/refund"], named)
    case("no workflow where none is meant", completions("resolute runs ref") == [],
         completions("resolute runs ref"))
    for shell, words in (("zsh", "bashcompinit"), ("fish", "complete -c resolute")):
        script = resolute("completion", shell)
        case(f"a script for {shell}", script.returncode == 0 and words in script.stdout,
             script.stdout[:200])
    other = resolute("completion", "tcsh")
    case("no script for other shells", other.returncode == 2 and "bash" in other.stderr,
         other.stderr)


def resolute(*arguments, folder=EXAMPLE):
    return subprocess.run(
        [BIN / "resolute", *map(str, arguments)], cwd=folder, env=ENVIRONMENT,
        capture_output=True, text=True, timeout=60, check=False,
    )


def policy_cases(folder):
    good = resolute("policy", "test")
    case("the example's policies pass their tests",
         good.returncode == 0 and "0 failed" in good.stdout, good.stdout + good.stderr)
    told = [json.loads(line) for line in resolute("policy", "test", "--json").stdout.splitlines()]
    case("as JSON, one test a line with its decision",
         told and all(it["passed"] and it["decision"]["verdict"] for it in told), told[:1])
    project = folder / "project"
    shutil.copytree(EXAMPLE, project)
    table = project / "policies" / "refunds.test.yaml"
    table.write_text(table.read_text().replace("amount: 10001", "amount: 9999"))
    bad = resolute("policy", "test", folder=project)
    case("a test that fails says where, what was expected and what came",
         bad.returncode == 1 and "refunds.test.yaml:" in bad.stdout
         and "Expected require_approval, got permit." in bad.stdout and "1 failed" in bad.stdout,
         bad.stdout)
    table.write_text(table.read_text().replace("amount: 9999", "amounts: 9999 }, whenn: { x: 1"))
    broken = resolute("policy", "test", folder=project)
    case("a malformed table is bad input with its place",
         broken.returncode == 2 and "refunds.test.yaml:" in broken.stdout + broken.stderr,
         broken.stdout + broken.stderr)
    table.unlink()
    none = resolute("policy", "test", folder=project)
    case("no tests at all is no success", none.returncode == 2 and "test.yaml" in none.stderr,
         none.stderr)
    missing = resolute("policy", "test", "nowhere.test.yaml", folder=project)
    case("a table that is not there", missing.returncode == 2 and "nowhere.test.yaml" in
         missing.stdout + missing.stderr, missing.stdout + missing.stderr)


def workflow_cases(folder):
    good = resolute("test")
    case("the example's workflow passes its tests, and they go through all of it",
         good.returncode == 0 and " 0 failed" in good.stdout and "not seen" not in good.stdout,
         good.stdout + good.stderr)
    told = [json.loads(line) for line in resolute("test", "--json").stdout.splitlines()]
    tests, coverage = told[:-1], told[-1]
    case("as JSON, one test a line, then what they cover",
         tests and all(it["passed"] for it in tests)
         and coverage["steps"] == coverage["stepsSeen"], told[-1:])
    case("a day is skipped", any(it["elapsed"] == "P1D" for it in tests), tests)
    project = folder / "tested"
    shutil.copytree(EXAMPLE, project)
    table = project / "tests" / "refund.yaml"
    text = table.read_text()

    def change(before, after):
        assert before in text
        table.write_text(text.replace(before, after))
        return resolute("test", folder=project)

    bad = change("resolution: denied, amount: 0", "resolution: refunded, amount: 1850")
    case("a difference is shown by its place, and what was expected under it",
         bad.returncode == 1 and "output/amount is 0\n                    not 1850" in bad.stdout
         and "refund.yaml:" in bad.stdout and "1 failed" in bad.stdout, bad.stdout)
    unsaid = change("    customers.notify:\n", "    customers.find_notice:\n")
    case("a tool that the test says nothing of is no silent success",
         unsaid.returncode == 1 and "`customers.notify` was called with" in unsaid.stdout
         and "add it to `tools`" in unsaid.stdout, unsaid.stdout)
    wrong = change("    payments.get_payment:", "    payments.get_paymnt:")
    case("a misspelt tool is bad input, with its place and its neighbour",
         wrong.returncode == 2 and "refund.yaml:" in wrong.stdout + wrong.stderr
         and "Did you mean `payments.get_payment`?" in wrong.stdout + wrong.stderr,
         wrong.stdout + wrong.stderr)
    broken = change("id: re_1, payment_id: pay_7Q2M1, amount: 1850,",
                    "id: re_1, payment_id: pay_7Q2M1, amount: many,")
    case("an answer that breaks the tool's schema does not pass for one",
         broken.returncode == 1 and "FAIL  a small refund" in broken.stdout, broken.stdout)
    table.write_text(text)
    taken = change("decision: approve,", "refused: true, decision: approve,")
    case("a decision that is taken though the test says that it is refused is a failure",
         taken.returncode == 1 and "was taken, and the test expects it to be refused"
         in taken.stdout, taken.stdout)
    table.write_text(text)
    fewer = project / "tests" / "few.yaml"
    fewer.write_text(text[:text.index("  - name: a large refund waits")])
    few = resolute("test", "tests/few.yaml", folder=project)
    case("what no test goes through is listed with its line",
         few.returncode == 0 and "not seen: " in few.stdout and "step `decline`" in few.stdout
         and "case `something_else` of `triage`, to `answer`" in few.stdout, few.stdout)
    shutil.rmtree(project / "tests")
    none = resolute("test", folder=project)
    case("no tests of workflows at all is no success",
         none.returncode == 2 and "tests/NAME.yaml" in none.stderr, none.stdout + none.stderr)


PAYMENT_DUE = """
document: { dsl: 1.0.3, namespace: bills, name: bill, version: 1.0.0 }
do:
  - paid:
      listen:
        to:
          one:
            with: { type: paid }
            correlate: { bill: { from: .data.bill, expect: '${ $input.bill }' } }
      timeout: { after: P14D }
  - closed: { set: { amount: '${ .[0].amount }' } }
"""
PAYMENT_TESTS = """
workflow: bills/bill
given: { input: { bill: B-1 } }
tests:
  - name: a payment of this bill closes it
    events:
      - { type: paid, data: { bill: B-2, amount: 9 }, after: PT1H }
      - { type: paid, data: { bill: B-1, amount: 40 }, after: P13D }
    expect: { status: completed, output: { amount: 40 } }
  - name: nobody pays in two weeks
    events: { type: paid, data: { bill: B-2, amount: 9 } }
    expect: { status: faulted, error: { status: 408 }, notSteps: [closed] }
"""


def example_cases(name, workflows):
    """The example is lint clean and its tests go through all of its workflows; what they told."""
    other = EXAMPLE.parent / name
    checked = resolute("lint", folder=other)
    case(f"the example of {name} is lint clean", checked.returncode == 0 and
         "no errors" in checked.stdout + checked.stderr and "warning" not in checked.stdout,
         checked.stdout + checked.stderr)
    for workflow in sorted((other / "workflows").glob("*.yaml")):
        portable = resolute("lint", "--portable", f"workflows/{workflow.name}", folder=other)
        case(f"`{workflow.name}` is portable as it is",
             portable.returncode == 0 and portable.stdout == workflow.read_text(), portable.stderr)
    ran = resolute("test", "--json", folder=other)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    tests, coverage = told[:-workflows], told[-workflows:]
    case(f"the example of {name} passes its tests, and they go through all of it",
         tests and all(it["passed"] for it in tests)
         and all(one["steps"] == one["stepsSeen"] for one in coverage), told)
    return tests


def escalation_cases():
    tests = example_cases("escalation", 1)
    case("from a reminder of a day to a deadline of days",
         {"PT3H", "P5DT12H"} <= {it["elapsed"] for it in tests}, [it["elapsed"] for it in tests])


def batch_cases():
    example_cases("batch", 2)
    for name in ("schedule", "schedules"):
        about = resolute(name, "--help")
        case(f"`{name} --help` has examples and all that can be done",
             about.returncode == 0 and "resolute schedule pause reports/daily" in about.stdout
             and all(verb in about.stdout for verb in ("list", "show", "resume", "trigger",
                                                       "backfill")), about.stdout)


def event_cases(folder):
    project = folder / "bills"
    for name, text in (("workflows/bill.yaml", PAYMENT_DUE), ("tests/bill.yaml", PAYMENT_TESTS)):
        (project / name).parent.mkdir(parents=True)
        (project / name).write_text(text)
    ran = resolute("test", "--json", folder=project)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    case("events of a test are heard by correlation, and two weeks are skipped",
         len(told) == 3 and all(it["passed"] for it in told[:2])
         and [it["elapsed"] for it in told[:2]] == ["P13D", "P14D"], told)


def loose_cases(folder):
    """A folder of workflows that is no project is checked file by file."""
    loose = folder / "loose"
    loose.mkdir()
    good = PAYMENT_DUE.lstrip()
    (loose / "one.yaml").write_text(good)
    (loose / "two.yaml").write_text(good.replace("name: bill", "name: other"))
    checked = resolute("lint", "loose", folder=folder)
    case("a folder of loose files is checked", checked.returncode == 0 and
         "no errors in 2 files" in checked.stdout, checked.stdout + checked.stderr)
    (loose / "three.yaml").write_text("do: []\n")
    checked = resolute("lint", "loose", folder=folder)
    case("a mistake in one of them is told", checked.returncode == 2 and
         "three.yaml" in checked.stdout + checked.stderr, checked.stdout + checked.stderr)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-cli-"))
    try:
        completion_cases()
        policy_cases(folder)
        workflow_cases(folder)
        event_cases(folder)
        loose_cases(folder)
        escalation_cases()
        batch_cases()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
