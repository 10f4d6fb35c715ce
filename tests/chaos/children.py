"""Runs that were started by steps of other runs: each was announced, is there once, and its parent
knows how it ended."""

import collections


def parent_of(run):
    """The run and the step that started it, or None."""
    parent = run.events[0].body.get("parent") if run.events else None
    return (parent["run"], parent["step"]) if parent else None


def children_of(runs):
    """By the id of their parent."""
    found = collections.defaultdict(list)
    for run in runs.values():
        if parent_of(run):
            found[parent_of(run)[0]].append(run)
    return found


def children_faults(run, runs, children):
    """What is wrong with the runs that one run started, as sentences."""
    faults, announced = [], collections.Counter()
    for event in run.events:
        step = event.body.get("step")
        if event.kind == "child_started":
            announced[step] += 1
            if event.body["run"] not in runs:
                faults.append(f"step {step} started run {event.body['run']}, and it is not there")
        elif event.kind == "map_items_started":
            first = event.body["first"]
            for index in range(first, first + event.body["count"]):
                announced[f"{step}#{index}"] += 1
        elif event.kind == "child_ended":
            started = [one for one in children if parent_of(one)[1] == step]
            faults += ending_faults(step, event.body["how"], started)
        elif event.kind == "map_item_ended":
            item = [one for one in children if one.id == event.body["run"]]
            faults += ending_faults(f"{step}#{event.body['index']}", event.body["how"], item)
    for step, times in announced.items():
        if times != 1:
            faults.append(f"step {step} started a run {times} times")
    found = collections.Counter(parent_of(one)[1] for one in children)
    for step in sorted(announced.keys() | found.keys()):
        wanted, there = announced[step], found[step]
        if wanted != there:
            faults.append(f"step {step} started {wanted} runs, and there are {there}")
    return faults


def ending_faults(step, how, found):
    if len(found) != 1:
        return [f"step {step} heard of an end, and there are {len(found)} such runs"]
    if found[0].status != how:
        return [f"step {step} heard that run {found[0].id} has {how}, and it is {found[0].status}"]
    return []
