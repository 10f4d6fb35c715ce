#!/usr/bin/env python3
"""Three `resolute serve` on one PostgreSQL, under load: they join, leave, die and are paused.

  ownership.py BIN      BIN is the folder with the built programs

Prints one line per case and ends with `N passed, N failed`.
"""

import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time

from cases import all_passed, case, verdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crashpoints"))
from town import SMALL, Server, Town, Unreachable, comes_true, wait_until  # noqa: E402

LEASE_S = 2.0
WITHIN_S = 5  # until shards are spread again after somebody came or left in good order


class Load(threading.Thread):
    """Starts a case again and again, at whichever engine answers."""

    def __init__(self, town):
        super().__init__(daemon=True)
        self.town, self.apis, self.expected = town, {}, {}
        self.is_over, self.problems = threading.Event(), []

    def run(self):
        while not self.is_over.is_set():
            number = len(self.expected)
            self.expected[f"case-{number}"] = SMALL
            try:
                self.insist(number)
            except Exception as error:  # told at the end: a thread has no other way
                self.problems.append(repr(error))
            self.is_over.wait(0.02)

    def insist(self, number):
        until = time.monotonic() + 30
        turn = number
        while True:
            apis = list(self.apis.values())
            try:
                return self.town.start(apis[turn % len(apis)], number)
            except Unreachable as error:
                if time.monotonic() > until:
                    raise RuntimeError(f"case {number} was taken by nobody: {error}") from None
                turn += 1


def is_even(shares, names):
    fair = 256 / len(names)
    return (
        set(shares) == set(names)
        and sum(shares.values()) == 256
        and all(fair / 2 < share < fair * 2 for share in shares.values())
    )


def spreads(title, town, names, within_s=WITHIN_S):
    began = time.monotonic()
    good = comes_true(lambda: is_even(town.shares(), names), within_s, 0.1)
    case(f"{title} ({time.monotonic() - began:.1f} s)", good, f"shares are {town.shares()}")


def fill(load, more):
    target = len(load.expected) + more
    wait_until(lambda: len(load.expected) >= target, f"{more} more cases are taken", 60)


def come_and_go(town, load):
    load.apis["a"] = town.engine("a")
    load.start()
    fill(load, 20)
    load.apis["b"] = town.engine("b")
    spreads("a second process gets its share", town, ["a", "b"])
    load.apis["c"] = town.engine("c")
    spreads("a third process gets its share", town, ["a", "b", "c"])
    fill(load, 20)
    load.apis.pop("a")
    status = town.engines["a"].end(signal.SIGTERM)
    case("SIGTERM ends a process in good order", status == 0, f"exit status {status}")
    spreads("what left is shared by the others", town, ["b", "c"])
    load.apis["a"] = town.engine("a")
    spreads("it comes back", town, ["a", "b", "c"])
    fill(load, 20)
    load.apis.pop("b")
    town.engines["b"].end(signal.SIGKILL)
    spreads("what died is shared by the others", town, ["a", "c"], LEASE_S + WITHIN_S)
    load.apis["b"] = town.engine("b")
    spreads("its successor gets its share", town, ["a", "b", "c"])
    fill(load, 20)
    paused = load.apis.pop("c")
    town.engines["c"].pause()
    spreads("what is paused is shared by the others", town, ["a", "b"], LEASE_S + WITHIN_S)
    fill(load, 20)
    town.engines["c"].go_on()
    spreads("a process that goes on joins again", town, ["a", "b", "c"])
    load.apis["c"] = paused
    fill(load, 20)


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-ownership-"))
    folder.chmod(0o755)
    server = Server(built, folder)
    town = Town(server, "town", LEASE_S)
    load = Load(town)
    try:
        come_and_go(town, load)
        load.is_over.set()
        load.join()
        case("every start was taken", not load.problems, load.problems[:3])
        done = comes_true(
            lambda: set(town.statuses().values()) == {"completed"}
            and len(town.statuses()) == len(load.expected),
            60, 0.2,
        )  # fmt: skip
        case(f"all {len(load.expected)} runs completed", done, not_completed(town))
        faults = town.faults(load.expected)
        case("every effect is there once, every history verifies", not faults, faults[:5])
    finally:
        town.close()
        server.stop()
    if all_passed():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"logs are kept in {folder}")
    return verdict()


def not_completed(town):
    return {name: status for name, status in town.statuses().items() if status != "completed"}


if __name__ == "__main__":
    sys.exit(main())
