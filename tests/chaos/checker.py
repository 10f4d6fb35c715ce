"""Joins what happened outside with what the histories and the approvals say happened.

Every check appends sentences that name the run; no sentence means that all of it holds.
"""

import collections
import json

from children import children_faults, children_of, parent_of
from history import activities_of, chain_fault
from undoing import undoing_faults

ENDED = ("completed", "faulted", "cancelled")
CLASS_OF = {"chaos.post_a": "a", "chaos.post_b": "b", "chaos.post_c": "c"}
LEDGER_OF = {"payments.refund": "refund", "customers.notify": "notice"}


def read_ledger(path):
    """The lines of a ledger; one that a kill tore was never answered and counts for nothing."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


class Effects:
    """What the tools did, by tool and key; class C has no key and goes by its reference."""

    def __init__(self, bookings, refunds):
        self.found = collections.defaultdict(list)
        for line in bookings:
            name = line["body"]["reference"] if line["class"] == "c" else line["key"]
            self.found[line["class"], name].append(line["body"])
        for line in refunds:
            if line["type"] != "refusal":
                self.found[line["type"], line["key"]].append(line["body"])

    def place_of(self, activity):
        tool = activity.tool
        if tool == "chaos.post_c":
            return "c", activity.arguments["reference"]
        kind = CLASS_OF.get(tool) or LEDGER_OF.get(tool)
        return (kind, activity.intent["key"]) if kind else None


class Checker:
    def __init__(self, runs, orphans, effects, approvals, load):
        self.runs, self.effects, self.approvals, self.load = runs, effects, approvals, load
        self.violations = [f"run {run}: it has events and no row" for run in orphans]
        self.counts = collections.Counter()

    def check(self):
        self.check_starts()
        children = children_of(self.runs)
        waiting = self.waiting_for_people()
        explained = set()
        for run in self.runs.values():
            self.check_rest(run, waiting)
            self.check_history(run)
            activities = activities_of(run)
            self.check_approvals(run, activities)
            self.check_undoing(run, activities)
            for fault in children_faults(run, self.runs, children[run.id]):
                self.violate(run, fault)
            self.counts["runs started by runs"] += len(children[run.id])
            for activity in activities:
                self.count(activity)
                if activity.is_write():
                    self.check_effect(activity, explained)
        for place, bodies in self.effects.found.items():
            if place not in explained:
                self.violations.append(f"an effect that no history announced: {place} {bodies}")
        self.check_decisions()
        self.check_requests()
        return self.violations

    def violate(self, run, sentence):
        self.violations.append(f"run {run.id} ({run.case}, {run.workflow}): {sentence}")

    def waiting_for_people(self):
        """The runs that ask somebody, and those that wait for such a run."""
        waiting = {row["run"] for row in self.approvals.values() if row["status"] == "pending"}
        asking = {parent_of(self.runs[run]) for run in waiting if run in self.runs}
        return waiting | {parent[0] for parent in asking if parent}

    def check_undoing(self, run, activities):
        faults, undone, stands = undoing_faults(run, activities)
        for fault in faults:
            self.violate(run, fault)
        self.counts["bookings undone"] += undone
        self.counts["bookings told to stand"] += stands

    def count(self, activity):
        self.counts["activities"] += 1
        self.counts["attempts"] += activity.started

    def check_starts(self):
        """Acknowledged starts exist, and a case has one run however often it was started."""
        by_case = collections.defaultdict(list)
        for run in self.runs.values():
            if not parent_of(run):  # which serves its parent's case
                by_case[run.case].append(run.id)
        for case, named in self.load.acknowledged.items():
            if len(named) != 1:
                self.violations.append(f"case {case}: callers were told of runs {sorted(named)}")
            for run in named - set(by_case[case]):
                self.violations.append(f"run {run}: its start was acknowledged, and it is lost")
        for case in self.load.taken - set(by_case):
            self.violations.append(f"case {case}: its start was accepted, and it is lost")
        for case, runs in by_case.items():
            if len(runs) != 1:
                self.violations.append(f"case {case} has the runs {runs}")
            if case not in self.load.asked:
                self.violations.append(f"run {runs[0]}: nobody asked for its case {case}")

    def check_rest(self, run, waiting):
        if run.status in ENDED:
            self.counts[run.status] += 1
        elif run.id in waiting:
            self.counts["waiting for a person"] += 1
        else:
            self.violate(run, f"is {run.status} ({run.waits}) and neither ended nor asks a person")

    def check_history(self, run):
        self.counts["events"] += len(run.events)
        self.counts["steps"] += sum(event.kind == "step_completed" for event in run.events)
        for event in run.events:
            if event.kind in COUNTED:
                self.counts[f"{event.kind} {event.body.get('verdict', '')}".strip()] += 1
        self.counts["steps"] += sum(
            event.kind == "activity_succeeded" and event.body.get("completesStep", False)
            for event in run.events
        )
        fault = chain_fault(run)
        if fault:
            return self.violate(run, f"its history does not verify: {fault}")
        if not 1 <= run.sequence <= len(run.events):
            self.violate(run, "its row names no event of its history")
        ends = [n for n, event in enumerate(run.events) if event.kind in ENDS]
        status = ENDS[run.events[ends[0]].kind] if ends else None
        if status != (run.status if run.status in ENDED else None):
            self.violate(run, f"is {run.status}, and its history says {status}")
        after = {event.kind for event in run.events[ends[0] + 1 :]} if ends else set()
        if after - {"approval_answer_refused"}:  # somebody answered too late, which is recorded
            self.violate(run, f"its history goes on after its end: {sorted(after)}")
        if ends and run.sequence <= ends[0]:
            self.violate(run, "its row names an event before its end")

    def check_effect(self, activity, explained):
        place = self.effects.place_of(activity)
        if place is None:
            return
        bodies = self.effects.found.get(place, [])
        explained.add(place)
        wanted = 1 if activity.state == "succeeded" else 0
        what = f"step {activity.step} ({activity.tool}, key {activity.intent['key']})"
        self.counts["effects"] += len(bodies)
        if activity.state in ("running", "unknown") and activity.run.status in ENDED:
            self.violate(activity.run, f"{what} is {activity.state}, and the run has ended")
        elif activity.state == "unknown":  # a person has been asked: at most one
            wanted = min(1, len(bodies))
        if len(bodies) != wanted:
            self.violate(
                activity.run,
                f"{what} {activity.state} after {activity.started} attempts, and was carried out"
                f" {len(bodies)} times",
            )
        if bodies and not activity.started:
            self.violate(activity.run, f"{what} was carried out and never intended")
        for body in bodies:
            if body != activity.arguments:
                self.violate(
                    activity.run, f"{what} was carried out as {body}, not {activity.arguments}"
                )

    def check_approvals(self, run, activities):
        """What was approved is what was executed, by somebody else, and only once."""
        asked, decided = {}, collections.defaultdict(list)
        for event in run.events:
            if event.kind == "approval_requested":
                asked[event.body["approval"]] = event.body
            elif event.kind == "approval_decided":
                decided[event.body["approval"]].append(event.body)
        consumed = collections.Counter(
            event.body["approval"]
            for event in run.events
            if event.kind == "activity_started" and event.body.get("approval")
        )
        for approval, times in consumed.items():
            if times != 1:
                self.violate(run, f"approval {approval} was used {times} times")
            if self.approvals.get(approval, {}).get("status") != "consumed":
                self.violate(run, f"approval {approval} was used, and its row does not say so")
        for activity in activities:
            if activity.approval:
                self.check_binding(run, activity, asked, decided)
            elif activity.started and needs_person(activity):
                self.violate(run, f"step {activity.step} ran without the approval that it needs")
        for approval, row in self.approvals.items():
            if row["run"] == run.id and approval not in asked:
                self.violate(run, f"approval {approval} is in no history")
            if row["run"] == run.id and row["status"] == "consumed" and not consumed[approval]:
                self.violate(run, f"approval {approval} is used up, and nothing ran")

    def check_binding(self, run, activity, asked, decided):
        self.counts["approvals used"] += 1
        request = asked.get(activity.approval)
        if request is None:
            return self.violate(run, f"approval {activity.approval} was never asked for")
        answers = decided[activity.approval]
        binding = activity.intent.get("binding")
        digests = {request["digest"], *(answer["digest"] for answer in answers)}
        if digests != {binding}:
            self.violate(run, f"step {activity.step} ran as {binding}, approved was {digests}")
        if [answer["decision"] for answer in answers] != ["approve"]:
            self.violate(run, f"step {activity.step} ran after the decisions {answers}")

    def check_decisions(self):
        for approval in self.load.approvals:
            status = self.approvals.get(approval, {}).get("status")
            if status in (None, "pending"):
                self.violations.append(
                    f"approval {approval}: a decision was acknowledged, and it is {status}"
                )


    def check_requests(self):
        """Whoever was told that a cancel or a signal is taken finds it in the history, once; unless
        the run was over when its process came to it."""
        self.counts["cancels acknowledged"] = len(self.load.cancelled)
        self.counts["signals acknowledged"] = len(self.load.signalled)
        asked, received = set(), collections.Counter()
        for run in self.runs.values():
            for event in run.events:
                if event.kind == "cancel_requested":
                    asked.add(run.id)
                elif event.kind == "signal_received":
                    received[run.id, event.body["content"]] += 1
        for run in self.load.cancelled:
            if run not in asked and not self.is_over(run):
                self.violations.append(f"run {run}: a cancel was acknowledged, and it is lost")
        for mark, run in self.load.signalled.items():
            if not received[run, mark] and not self.is_over(run):
                self.violations.append(f"run {run}: a signal was acknowledged, and it is lost")
        for (run, mark), times in received.items():
            if times > 1:
                self.violations.append(f"run {run}: the signal {mark} was taken {times} times")

    def is_over(self, run):
        return run in self.runs and self.runs[run].status in ENDED


# What is counted of the histories, so that a reader sees what the engine had to deal with.
COUNTED = ("activity_unknown", "activity_verified", "activity_resolved", "activity_denied")
ENDS = {"run_completed": "completed", "run_faulted": "faulted", "run_cancelled": "cancelled"}


def needs_person(activity):
    if activity.tool in CLASS_OF:
        return activity.arguments["amount"] > 100
    return activity.tool == "payments.refund" and activity.arguments["amount"] > 10000
