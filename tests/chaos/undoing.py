"""What was applied, and was to be undone, is undone once, the last first; or the history tells that
it stands.

A booking whose reference has a `~` is undone by the booking with `-undo` after it. Whether either
happened outside, and how often, is checked as of every call; here they are compared.
"""

import collections

MARK, UNDONE = "~", "-undo"


def undoing_faults(run, activities):
    """What is wrong, as sentences; and how many bookings were undone and how many stand."""
    applied, undone = collections.Counter(), collections.Counter()
    stands = collections.Counter()
    by_step = {activity.step: activity for activity in activities}
    for activity in activities:
        if activity.state == "succeeded" and MARK in activity.arguments.get("reference", ""):
            reference = activity.arguments["reference"]
            (undone if reference.endswith(UNDONE) else applied)[reference] += 1
    faults = out_of_order(run)
    for event in run.events:
        if event.kind == "compensation_ended" and event.body.get("error"):
            planned = by_step.get(event.body["step"])
            stands[planned.arguments["reference"] if planned else event.body["step"]] += 1
    if run.status in ("faulted", "cancelled"):
        for reference in applied | stands:
            ended = undone[reference + UNDONE] + stands[reference]
            if applied[reference] != ended:
                faults.append(
                    f"{reference} was applied {applied[reference]} times, undone"
                    f" {undone[reference + UNDONE]} times, and told to stand"
                    f" {stands[reference]} times"
                )
    for reference in undone:
        if not applied[reference.removesuffix(UNDONE)]:
            faults.append(f"{reference} was made, and there was nothing to undo")
    if run.status == "completed" and undone:
        faults.append(f"it completed, and has undone {sorted(undone)}")
    if run.status == "cancelled" and stands:
        faults.append(f"it was cancelled, and {sorted(stands)} stand")
    return faults, undone.total(), stands.total()


def out_of_order(run):
    """A plan is taken only when all that were made after it are over."""
    due, faults = [], []
    for event in run.events:
        if event.kind == "compensation_planned":
            due.append(event.body["step"])
        elif event.kind == "compensation_ended":
            if not due or due[-1] != event.body["step"]:
                faults.append(f"{event.body['step']} was undone before its turn")
            due = due[:-1]
    if run.status in ("faulted", "cancelled") and due:
        faults.append(f"it ended, and had {due} to undo")
    return faults
