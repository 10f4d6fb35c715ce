"""Waiting for what another process does, where it cannot say so by itself.

Who can be told waits for that instead: a pipe, a process that ends, the stream of changes.
"""

import threading
import time


class NotInTime(Exception):
    pass


def comes_true(condition, seconds, step_s=0.02):
    """The condition's first true value, or what it was when the time was over."""
    until, never = time.monotonic() + seconds, threading.Event()
    while True:
        value = condition()
        if value or time.monotonic() > until:
            return value
        never.wait(step_s)


def wait_until(condition, what, seconds, step_s=0.02):
    """The condition's first true value; raises NotInTime, which says `what`, when none came."""
    value = comes_true(condition, seconds, step_s)
    if not value:
        raise NotInTime(f"{what}: not within {seconds:g} s")
    return value
