"""What each sentence of a feature does or asserts."""

import re

import yaml

UNKNOWN = object()


class Failed(AssertionError):
    pass


def expect(holds, message):
    if not holds:
        raise Failed(message)


def at(value, path):
    """`a.b.0` inside a value; UNKNOWN when there is nothing."""
    for part in path.split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return UNKNOWN
    return value


def is_like(value, wanted):
    """Every member that is wanted is there."""
    return all(value.get(key) == member for key, member in wanted.items())


class Telling:
    """One scenario while it is told."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.definition, self.input, self.result, self.events = None, {}, None, None

    # ---- arrange and act

    def given_definition(self, block):
        self.definition = block

    def given_deployed(self, block):
        self.world.deploy(self.name + "-child", block)

    def given_input(self, block):
        self.input = yaml.safe_load(block)

    def when_executed(self, _):
        self.result = self.world.execute(self.name, self.definition, self.input)

    # ---- the workflow

    def has_status(self, status):
        said = self.result.get("status", self.result.get("refused"))
        expect(said == status, f"it is not {status} but {self.result}")

    def completes(self, block):
        self.has_status("completed")
        if block is not None:
            wanted = yaml.safe_load(block)
            expect(self.result["output"] == wanted,
                   f"the output is {self.result['output']} and not {wanted}")

    def faults(self, block):
        self.has_status("faulted")
        if block is not None:
            error, wanted = self.result["error"], yaml.safe_load(block)
            expect(is_like(error, wanted), f"the error is {error} and not {wanted}")

    def is_refused(self, block):
        said = self.result.get("refused", f"not refused: {self.result}")
        missing = [line for line in block.strip().splitlines() if line.strip() not in said]
        expect(not missing, f"it was not told {missing} but {said}")

    def is_cancelled(self, _):
        self.has_status("cancelled")

    def has_properties(self, _, names):
        self.has_status("completed")
        for path in re.findall(r"'([^']+)'", names):
            expect(at(self.result["output"], path) is not UNKNOWN,
                   f"the output has no {path}: {self.result['output']}")

    def has_property(self, block, path):
        self.has_status("completed")
        found, wanted = at(self.result["output"], path), yaml.safe_load(block)
        expect(found == wanted, f"{path} is {found} and not {wanted}")

    def has_items(self, _, path, count):
        found = at(self.result["output"], path)
        expect(isinstance(found, list) and len(found) == int(count),
               f"{path} is {found} and has not {count} items")

    def shop_was_asked(self, _, path, count):
        asked = [one for one in self.world.shop.asked if one["path"] == path]
        expect(len(asked) == int(count), f"the shop was asked {len(asked)} times: {asked}")

    # ---- tasks

    def seen(self, task):
        """The events of a task, as (position, event)."""
        if self.events is None:
            self.events = self.world.history(self.result["run"])
        named = [(number, event) for number, event in enumerate(self.events)
                 if event["step"] and event["step"].split("@")[0].split("/")[-1].split("#")[0]
                 == task]
        expect(named, f"{task} did not run")
        return named

    def first_and_last(self):
        steps = [number for number, event in enumerate(self.events) if event["step"]]
        return steps[0], steps[-1]

    def ran_first(self, _, task):
        position = self.seen(task)[0][0]
        expect(position == self.first_and_last()[0], f"{task} ran at {position}")

    def ran_last(self, _, task):
        position = self.seen(task)[-1][0]
        expect(position == self.first_and_last()[1], f"{task} ran at {position}")

    def ran_after(self, _, task, other):
        expect(self.seen(task)[0][0] > self.seen(other)[0][0], f"{task} ran before {other}")

    def ran_before(self, _, task, other):
        self.ran_after(None, other, task)

    def task_completes(self, block, task):
        done = [event for _, event in self.seen(task)
                if event["kind"] in ("step_completed", "activity_succeeded")]
        expect(done, f"{task} did not complete")
        if block is not None:
            found, wanted = done[-1]["body"]["output"], yaml.safe_load(block)
            expect(found == wanted, f"{task} put out {found} and not {wanted}")

    def task_faults(self, block, task):
        done = [event for _, event in self.seen(task)
                if event["kind"] in ("step_failed", "activity_failed")]
        expect(done, f"{task} did not fault")
        if block is not None:
            error, wanted = done[-1]["body"]["error"], yaml.safe_load(block)
            expect(is_like(error, wanted), f"the error of {task} is {error} and not {wanted}")

    def task_is_cancelled(self, _, task):
        done = any(event["kind"] in ("step_completed", "step_failed")
                   for _, event in self.seen(task))
        expect(not done, f"{task} came to its end")

    def tell(self, step):
        text = step.text.removesuffix(":")
        for pattern, does in SENTENCES:
            if found := re.fullmatch(pattern, text):
                return does(self, step.block, *found.groups())
        raise Failed(f"nobody knows what `{step.text}` means")


SENTENCES = [
    (r"(?:given )?a workflow with definition", Telling.given_definition),
    (r"(?:given )?a deployed workflow with definition", Telling.given_deployed),
    (r"(?:given )?the workflow input is", Telling.given_input),
    (r"the workflow is executed", Telling.when_executed),
    (r"the workflow should complete(?: with output)?", Telling.completes),
    (r"the workflow should fault(?: with error)?", Telling.faults),
    (r"the workflow should be refused with", Telling.is_refused),
    (r"the workflow should cancel", Telling.is_cancelled),
    (r"the workflow output should have properties (.+)", Telling.has_properties),
    (r"the workflow output should have an? '([^']+)' property with value", Telling.has_property),
    (r"the workflow output should have an? '([^']+)' property containing (\d+) items?",
     Telling.has_items),
    (r"the shop should have been asked for (\S+) (\d+) times?", Telling.shop_was_asked),
    (r"(\S+) should run first", Telling.ran_first),
    (r"(\S+) should run last", Telling.ran_last),
    (r"(\S+) should run after (\S+)", Telling.ran_after),
    (r"(\S+) should run before (\S+)", Telling.ran_before),
    (r"(\S+) should complete(?: with output)?", Telling.task_completes),
    (r"(\S+) should fault(?: with error)?", Telling.task_faults),
    (r"(\S+) should cancel", Telling.task_is_cancelled),
]
