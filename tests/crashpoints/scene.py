"""One crash: five refunds, an engine that dies or stops at a named line, and what came of it."""

import contextlib
import signal
import time

from town import (
    LARGE, SMALL, DidNotStart, Town, Unreachable, ask, comes_true, state_of, wait_until,
)  # fmt: skip

PATIENCE_S = 45


class Scene:
    def __init__(self, server, name, point, action, hit):
        self.town = Town(server, name)
        self.point, self.action, self.hit = point, action, hit
        self.apis, self.expected, self.owners = {}, {}, {}
        self.paused_at = None
        self.resumed = False

    def play(self):
        """The faults that were found, as sentences."""
        try:
            self.begin()
            self.work()
            self.finish()
            if not self.was_reached():
                return [f"the point was not reached by the time {len(self.expected)} cases ended"]
            return self.town.faults(self.expected)
        finally:
            self.town.close()

    # ---- acts

    def begin(self):
        for payment in ("pay_2", "pay_3"):
            fault = {"match": {"payment_id": payment}, "fault": "lost_after_commit"}
            self.town.bank.post("/faults", fault)
        if self.point.startswith(("wake.", "probation.")):
            self.leave_something_behind()
        if self.point == "probation.trying":
            self.die_while_resuming()
        plan = f"{self.point}:{self.action}:{self.hit}"
        self.start_engine("a", {"RESOLUTE_FAILPOINT": plan})
        if "case-5" in self.expected:  # nobody else is there to find it
            comes_true(lambda: self.tend() and self.was_reached(), 5.0, 0.05)
        for number, amount in enumerate((SMALL, LARGE, SMALL)):
            self.start_case(number, amount, "a")
        self.start_engine("b")
        comes_true(lambda: self.tend() and len(self.town.shares()) == 2, 2.0, 0.05)
        for number, by in ((3, "a"), (4, "b")):
            self.start_case(number, LARGE, by)

    def work(self):
        comes_true(self.is_done, PATIENCE_S, 0.05)  # the check says which case is not

    def finish(self):
        """The armed engine leaves in good order, if it has not gone another way."""
        if self.was_reached() or not self.is_alive("a"):
            return
        program = self.town.engines["a"]
        program.process.send_signal(signal.SIGTERM)
        left = lambda: not program.is_running() or not self.tend()  # noqa: E731
        wait_until(left, "the armed engine left in good order", 15, 0.05)

    # ---- parts

    def is_done(self):
        self.tend()
        self.approve()
        statuses = self.town.statuses()
        return len(statuses) == len(self.expected) and set(statuses.values()) == {"completed"}

    def leave_something_behind(self):
        """A run in the middle of its work, whose process is dead when the armed one starts."""
        self.start_engine("z", {"RESOLUTE_FAILPOINT": "timer.fired:kill:1"})
        self.expected["case-5"] = SMALL
        with contextlib.suppress(Unreachable):  # it is over before its answer
            self.town.start(self.apis["z"], 5, SMALL)
        self.wait_for_death_of("z", "when the run's wait is over")

    def die_while_resuming(self):
        """Whoever resumes that run dies, too, so that the armed one suspects it."""
        self.start_engine("y", {"RESOLUTE_FAILPOINT": "probation.marked:kill:1"})
        self.wait_for_death_of("y", "while it resumes the run")

    def wait_for_death_of(self, name, when):
        self.apis.pop(name)
        died = lambda: not self.is_alive(name)  # noqa: E731
        wait_until(died, f"engine {name} dies {when}", PATIENCE_S, 0.05)

    def start_engine(self, name, environment=None):
        try:
            self.apis[name] = self.town.engine(name, environment, self.resume_if_paused)
        except DidNotStart:
            if name != "a" or not self.was_reached():
                raise
            self.start_engine("a2")

    def start_case(self, number, amount, by):
        self.expected[f"case-{number}"] = amount
        taken = lambda: self.is_taken(number, amount, by)  # noqa: E731
        wait_until(taken, f"case {number} is taken by somebody", PATIENCE_S, 0.05)

    def is_taken(self, number, amount, by):
        self.tend()
        for name in sorted(self.apis, key=lambda name: name != by):
            if not self.answers(name):
                continue
            try:
                return self.town.start(self.apis[name], number, amount)
            except Unreachable:
                continue
        return None

    def approve(self):
        """Decides through an engine that does not own the run, so that the inbox is used."""
        rows = ask(
            self.town.url,
            "select approval_id, run_id, member.name from resolute.approval"
            " join resolute.shard on shard = get_byte(uuid_send(run_id), 15)"
            " left join resolute.member using (member_id) where status = 'pending'",
        )
        for approval, _, owner in rows:
            others = [name for name in self.apis if self.answers(name)]
            others.sort(key=lambda name: name == owner)
            try:
                if others:
                    self.town.approve(self.apis[others[0]], approval)
            except (Unreachable, RuntimeError):  # it was decided meanwhile, or its process died
                continue

    def tend(self):
        """Continues what was paused long enough, replaces what died."""
        self.resume_if_paused("a")
        if "a" in self.apis and not self.is_alive("a"):
            self.apis.pop("a")
            self.start_engine("a2")
        return True

    def resume_if_paused(self, name):
        program = self.town.engines.get(name)
        if name != "a" or self.resumed or not program or not is_stopped(program):
            return
        now = time.monotonic()
        self.paused_at = self.paused_at or now
        if now - self.paused_at > self.town.lease_s + 0.7:
            program.go_on()
            self.resumed = True

    def answers(self, name):
        return self.is_alive(name) and not is_stopped(self.town.engines[name])

    def is_alive(self, name):
        return name in self.town.engines and self.town.engines[name].is_running()

    def was_reached(self):
        log = self.town.folder / "a.log"
        return f"failpoint {self.point}: {self.action}" in log.read_text(errors="replace")


def is_stopped(program):
    return program.process is not None and state_of(program.process.pid) == "T"
