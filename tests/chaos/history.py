"""The histories of all runs, read from the table `history`, with their hash chains computed anew.

Independent of the engine: the rules are those of engine/chain.h, written a second time.
"""

import collections
import hashlib
import json
import struct
import uuid

from rows import events_of

KINDS = (
    "run_started", "run_completed", "run_faulted", "cancel_requested", "run_cancelled",
    "work_started", "step_entered", "step_advanced", "step_completed", "step_skipped",
    "step_failed", "activity_proposed", "activity_denied", "activity_started",
    "activity_succeeded", "activity_failed", "activity_unknown", "activity_verified",
    "activity_resolved", "activity_cancelled", "approval_requested", "approval_decided",
    "approval_answer_refused", "approval_expired", "approval_revoked", "timer_started",
    "timer_fired", "timer_cancelled", "signal_received", "signal_consumed", "signal_awaited",
    "end_decided", "deadline_set", "deadline_passed", "run_paused", "run_resumed",
    "child_started", "child_withdrawn", "child_ended",
    "event_emitted", "events_awaited", "event_received", "event_declined", "listening_ended",
    "run_migrated",
    "map_started", "map_items_started", "map_item_ended", "map_withdrawn",
    "compensation_planned", "compensation_ended",
)  # fmt: skip

Event = collections.namedtuple("Event", "sequence at kind body raw chain")
Run = collections.namedtuple("Run", "id status case workflow waits sequence events")


def chain_fault(run):
    """The first thing that is wrong with a history, as a sentence; None when it verifies."""
    if not run.events:
        return "it has no events"
    salt = run.events[0].body.get("salt", "").encode()
    head = hashlib.sha256(b"resolute history 1" + uuid.UUID(run.id).bytes).digest()
    for expected, event in enumerate(run.events, 1):
        if event.sequence != expected:
            return f"event {expected} is missing"
        number = KINDS.index(event.kind) + 1
        header = struct.pack("!QQH", event.sequence, event.at, number)
        body = hashlib.sha256(salt + event.raw).digest()
        head = hashlib.sha256(head + header + body).digest()
        if event.chain is not None and head != event.chain:
            return f"event {expected} does not match its chain value"
    return None


def read_runs(ask):
    """All runs by id. `ask` runs SQL and returns rows of texts.

    One statement and so one moment: a run may go on while it is looked at.
    """
    runs, orphans = {}, set()
    for row in ask(
        "select run_id, status, coalesce(case_id, ''), workflow,"
        " coalesce(waits_code, waits_sentence, ''), r.sequence,"
        " h.sequence, (extract(epoch from at) * 1000000)::bigint, encode(kinds, 'hex'),"
        " encode(chain, 'hex'), encode(body, 'hex')"
        " from resolute.run r full join resolute.history h using (run_id)"
        " order by run_id, h.sequence"
    ):
        if row[1] is None:
            orphans.add(row[0])
            continue
        if row[0] not in runs:
            runs[row[0]] = Run(*row[:5], int(row[5]), [])
        if row[6] is not None:
            packed = [bytes.fromhex(column) for column in row[8:11]]
            for sequence, at, kind, raw, chain in events_of(int(row[6]), int(row[7]), *packed):
                event = Event(sequence, at, kind_of(kind), json.loads(raw), raw, chain)
                runs[row[0]].events.append(event)
    return runs, sorted(orphans)


def kind_of(number):
    return KINDS[number - 1] if 1 <= number <= len(KINDS) else f"kind_{number}"


class Activity:
    """What a history says of one call of a tool."""

    def __init__(self, run, step):
        self.run, self.step, self.intent = run, step, None
        self.started = 0  # attempts that were announced
        self.state = "proposed"
        self.approval = None  # that was consumed
        self.attempts_known_absent = 0

    def see(self, kind, body):
        self.intent = body.get("intent") or self.intent
        if kind == "activity_started":
            self.started += 1
            self.state = "running"
            self.approval = body.get("approval") or self.approval
        elif kind == "activity_succeeded":
            self.state = "succeeded"
        elif kind == "activity_failed":
            self.state = "failed"
        elif kind == "activity_unknown":
            self.state = "unknown"
        elif kind in ("activity_verified", "activity_resolved"):
            verdict = body.get("verdict", "undecided")
            self.state = {"applied": "succeeded", "absent": "failed"}.get(verdict, "unknown")
        elif kind == "activity_denied":
            self.state = "denied"
        elif kind == "activity_cancelled":
            self.state = "cancelled"

    @property
    def tool(self):
        return self.intent["target"].split("@")[0]

    @property
    def arguments(self):
        return self.intent["request"].get("arguments", {})

    def is_write(self):
        return self.intent is not None and self.intent.get("effect", "read") != "read"


def activities_of(run):
    """Calls of tools in one run; a step that runs again in a loop has a path of its own."""
    found = {}
    for event in run.events:
        if not event.kind.startswith("activity_"):
            continue
        step = event.body["step"]
        activity = found.setdefault(step, Activity(run, step))
        activity.see(event.kind, event.body)
    return [one for one in found.values() if one.intent and one.intent.get("kind") == "tool"]
