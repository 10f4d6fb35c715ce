#!/usr/bin/env python3
"""The checker finds what it must: every test breaks one thing in a history that was fine."""

import hashlib
import json
import pathlib
import struct
import sys
import types
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from checker import Checker, Effects  # noqa: E402
from history import KINDS, Event, Run  # noqa: E402

RUN = "018bcfe5-6800-7a21-91aa-becb86beda3f"
APPROVAL = "018bcfe5-6800-7a21-91aa-aaaaaaaaaaaa"
BODY = {"reference": "r-1", "amount": 200}
INTENT = {
    "kind": "tool", "target": "chaos.post_b@1.0.0", "effect": "write", "key": "k1",
    "binding": "d1", "request": {"arguments": BODY},
}  # fmt: skip
STANDS = {"step": "/do/0/book", "error": {"title": "No"}}


def facts():
    step = {"step": "/do/0/book"}
    asked = {"approval": APPROVAL, "digest": "d1", **step}
    return [
        ("run_started", {"salt": "5a", "case": "case-1"}),
        ("activity_proposed", {**step, "intent": INTENT}),
        ("approval_requested", asked),
        ("approval_decided", {**asked, "decision": "approve", "by": "bea"}),
        ("activity_started", {**step, "attempt": 1, "approval": APPROVAL}),
        ("activity_succeeded", {**step, "attempt": 1, "output": BODY}),
        ("run_completed", {"output": {}}),
    ]


def chained(kinds_and_bodies, run=RUN):
    head = hashlib.sha256(b"resolute history 1" + uuid.UUID(run).bytes).digest()
    events = []
    for sequence, (kind, body) in enumerate(kinds_and_bodies, 1):
        raw = json.dumps(body).encode()
        header = struct.pack("!QQH", sequence, 1000, KINDS.index(kind) + 1)
        head = hashlib.sha256(head + header + hashlib.sha256(b"5a" + raw).digest()).digest()
        events.append(Event(sequence, 1000, kind, body, raw, head))
    return events


class World:
    """A run that went well; each test changes one thing before it is checked."""

    def __init__(self):
        self.facts, self.status = facts(), "completed"
        self.bookings = [{"class": "b", "key": "k1", "body": BODY}]
        self.approvals = {APPROVAL: {"run": RUN, "status": "consumed"}}
        self.load = types.SimpleNamespace(
            acknowledged={"case-1": {RUN}}, taken=set(), asked={"case-1"}, approvals={APPROVAL},
            cancelled=set(), signalled={},
        )  # fmt: skip
        self.orphans, self.spoil = [], lambda events: events
        self.children = {}  # runs that it started: how each ended, and its facts

    def violations(self):
        events = chained(self.facts)
        run = Run(RUN, self.status, "case-1", "chaos/x", "", len(events), self.spoil(events))
        runs = {RUN: run}
        for name, (status, facts_of_it) in self.children.items():
            of_it = chained(facts_of_it, name)
            runs[name] = Run(name, status, "", "chaos/part", "", len(of_it), of_it)
        effects = Effects(self.bookings, [])
        return Checker(runs, self.orphans, effects, self.approvals, self.load).check()


class CheckerFinds(unittest.TestCase):
    def setUp(self):
        self.world = World()

    def found(self, words):
        violations = self.world.violations()
        self.assertTrue(any(words in one for one in violations), violations)

    def without(self, kind):
        self.world.facts = [fact for fact in self.world.facts if fact[0] != kind]

    def test_nothing_when_all_is_well(self):
        self.assertEqual(self.world.violations(), [])

    def test_an_effect_that_happened_twice(self):
        self.world.bookings *= 2
        self.found("was carried out 2 times")

    def test_an_effect_that_never_happened(self):
        self.world.bookings = []
        self.found("was carried out 0 times")

    def test_an_effect_of_a_step_that_failed(self):
        self.world.facts[5] = ("activity_failed", {"step": "/do/0/book", "attempt": 1})
        self.found("failed after 1 attempts, and was carried out 1 times")

    def test_an_effect_that_nobody_announced(self):
        self.world.bookings.append({"class": "b", "key": "k2", "body": BODY})
        self.found("no history announced")

    def test_other_arguments_than_intended(self):
        self.world.bookings[0] = {"class": "b", "key": "k1", "body": {**BODY, "amount": 201}}
        self.found("was carried out as")

    def test_an_outcome_that_nobody_settled(self):
        self.without("activity_succeeded")
        self.found("is running, and the run has ended")

    def test_another_binding_than_approved(self):
        self.world.facts[3][1]["digest"] = "d2"
        self.found("ran as d1")

    def test_a_rejected_call_that_ran(self):
        self.world.facts[3][1]["decision"] = "reject"
        self.found("ran after the decisions")

    def test_a_call_without_its_approval(self):
        del self.world.facts[4][1]["approval"]
        self.found("ran without the approval")

    def test_an_approval_that_was_used_twice(self):
        self.world.facts.insert(5, self.world.facts[4])
        self.found("was used 2 times")

    def test_an_approval_whose_row_disagrees(self):
        self.world.approvals[APPROVAL]["status"] = "approved"
        self.found("its row does not say so")

    def test_a_decision_that_was_lost(self):
        self.world.approvals[APPROVAL]["status"] = "pending"
        self.found("a decision was acknowledged")

    def test_a_start_that_was_lost(self):
        self.world.load.acknowledged["case-1"].add("another")
        self.found("it is lost")

    def test_an_accepted_start_that_was_lost(self):
        self.world.load.taken.add("case-2")
        self.found("its start was accepted, and it is lost")

    def wait_for_a_person(self):
        """The run is not over, and asks somebody: what was sent to it must be in its history."""
        self.world.facts, self.world.status = self.world.facts[:3], "waiting"
        self.world.approvals[APPROVAL]["status"] = "pending"
        self.world.bookings, self.world.load.approvals = [], set()

    def test_a_cancel_that_was_lost(self):
        self.wait_for_a_person()
        self.assertEqual(self.world.violations(), [])
        self.world.load.cancelled.add(RUN)
        self.found("a cancel was acknowledged, and it is lost")

    def test_a_signal_that_was_lost(self):
        self.wait_for_a_person()
        self.world.load.signalled["m1"] = RUN
        self.found("a signal was acknowledged, and it is lost")

    def test_a_signal_that_was_taken_twice(self):
        self.world.facts[2:2] = [("signal_received", {"name": "go", "content": "m1"})] * 2
        self.found("the signal m1 was taken 2 times")

    def test_a_run_that_hangs(self):
        self.without("run_completed")
        self.world.status = "running"
        self.found("neither ended nor asks a person")

    def test_a_row_that_disagrees_with_its_history(self):
        self.world.status = "faulted"
        self.found("its history says completed")

    def test_a_history_that_goes_on(self):
        self.world.facts.append(("timer_fired", {"step": "/do/0"}))
        self.found("goes on after its end")

    def test_a_gap(self):
        self.world.spoil = lambda events: events[:2] + events[3:]
        self.found("event 3 is missing")

    def test_a_changed_event(self):
        self.world.spoil = lambda events: [events[0]._replace(raw=b"{}"), *events[1:]]
        self.found("does not match its chain value")

    def undo(self, outcome):
        """The run fails, and its booking is undone: with this outcome."""
        booked = {**BODY, "reference": "r-1~"}
        unbooked = {**BODY, "reference": "r-1~-undo", "amount": 7}
        world, step, undo = self.world, {"step": "/do/0/book"}, {"step": "/do/0/book#undo"}
        world.bookings = [
            {"class": "b", "key": "k1", "body": booked},
            {"class": "b", "key": "k2", "body": unbooked},
        ]
        intent = {**INTENT, "request": {"arguments": booked}}
        world.facts[1] = ("activity_proposed", {**step, "intent": intent})
        world.facts[5] = ("activity_succeeded", {**step, "attempt": 1, "output": booked})
        undoing = {**INTENT, "key": "k2", "request": {"arguments": unbooked}}
        ended = step if outcome == "activity_succeeded" else STANDS
        world.facts[6:] = [
            ("compensation_planned", {**step, "kind": "tool", "request": {}}),
            ("activity_started", {**undo, "attempt": 1, "intent": undoing}),
            (outcome, {**undo, "attempt": 1}),
            ("compensation_ended", ended),
            ("run_faulted", {"error": {}}),
        ]  # fmt: skip
        world.status = "faulted"

    def test_nothing_when_it_was_undone(self):
        self.undo("activity_succeeded")
        self.assertEqual(self.world.violations(), [])

    def test_nothing_when_it_is_told_to_stand(self):
        self.undo("activity_failed")
        del self.world.bookings[1]
        self.assertEqual(self.world.violations(), [])

    def test_what_was_never_undone(self):
        self.undo("activity_succeeded")
        del self.world.facts[6:10]
        del self.world.bookings[1]
        self.found("r-1~ was applied 1 times, undone 0 times, and told to stand 0 times")

    def test_what_was_undone_twice(self):
        self.undo("activity_succeeded")
        self.world.bookings.append(self.world.bookings[1])
        self.found("was carried out 2 times")

    def test_what_was_undone_and_is_told_to_stand(self):
        self.undo("activity_succeeded")
        self.world.facts[9] = ("compensation_ended", STANDS)
        self.found("undone 1 times, and told to stand 1 times")

    def test_an_undoing_of_a_run_that_completed(self):
        self.undo("activity_succeeded")
        self.world.facts[-1] = ("run_completed", {})
        self.world.status = "completed"
        self.found("it completed, and has undone")

    def test_an_end_before_all_is_undone(self):
        self.undo("activity_succeeded")
        self.world.facts.insert(7, ("compensation_planned", {"step": "/do/1/late"}))
        self.found("was undone before its turn")
        del self.world.facts[10]
        self.found("it ended, and had")

    def start_another(self, status):
        """The run has started another one, which ended like this."""
        other = "018bcfe5-6800-7a21-91aa-cccccccccccc"
        started = {"salt": "5a", "case": "case-1", "parent": {"run": RUN, "step": "/do/1/part"}}
        end = ("run_completed", {}) if status == "completed" else ("run_faulted", {})
        self.world.children = {other: (status, [("run_started", started), end])}
        self.world.facts[-1:-1] = [
            ("child_started", {"step": "/do/1/part", "run": other}),
            ("child_ended", {"step": "/do/1/part", "how": "completed"}),
        ]
        return other

    def test_nothing_when_a_run_that_was_started_ended_as_was_heard(self):
        self.start_another("completed")
        self.assertEqual(self.world.violations(), [])

    def test_a_run_that_ended_otherwise_than_its_parent_heard(self):
        self.start_another("faulted")
        self.found("heard that run")

    def test_a_run_that_was_started_and_is_not_there(self):
        other = self.start_another("completed")
        del self.world.children[other]
        self.found("and it is not there")

    def test_a_run_of_an_item_that_nobody_started(self):
        other = self.start_another("completed")
        self.world.children[other][1][0][1]["parent"]["step"] = "/do/2/parts#4"
        self.found("step /do/2/parts#4 started 0 runs, and there are 1")

    def test_an_item_that_has_two_runs(self):
        other = self.start_another("completed")
        self.world.facts[-3:-1] = [("map_items_started", {"step": "/do/1", "first": 0, "count": 1})]
        started = {"salt": "5a", "case": "case-1", "parent": {"run": RUN, "step": "/do/1#0"}}
        end = ("run_completed", {})
        for name in (other, other.replace("c", "d")):
            self.world.children[name] = ("completed", [("run_started", started), end])
        self.found("step /do/1#0 started 1 runs, and there are 2")

    def test_events_without_a_run(self):
        self.world.orphans = ["x"]
        self.found("it has events and no row")


if __name__ == "__main__":
    unittest.main()
