"""One program under test: started, paused, killed, and started again at the same address."""

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "refund"))
from waiting import comes_true, wait_until  # noqa: E402


class DidNotStart(Exception):
    pass


def children_of(pid, name=None):
    """Direct children, from /proc; all of them, or those whose program has this name."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return []
    return [child for child in children if name is None or program_of(child) == name]


def program_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def state_of(pid):
    """R, S, D, T, Z, …; None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def has_ended(pid):
    """Also what nobody has buried yet."""
    return state_of(pid) in (None, "Z", "X")


def descendants_of(pid):
    found = []
    for task in os.listdir(f"/proc/{pid}/task") if os.path.exists(f"/proc/{pid}") else []:
        try:
            with open(f"/proc/{pid}/task/{task}/children") as file:
                children = [int(word) for word in file.read().split()]
        except FileNotFoundError:
            continue
        for child in children:
            found += [child, *descendants_of(child)]
    return found


def send_signal(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return False
    return True


class Program:
    def __init__(self, name, command, environment, log, user=None):
        self.name, self.command, self.environment = name, command, environment
        self.log, self.user, self.process = log, user, None
        self.restarts = 0

    def start(self, announces=True, patience_s=60, meanwhile=None):
        """Returns the JSON line with which it says that it is ready; `meanwhile` is called again
        and again until it does."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=subprocess.PIPE if announces else log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment},
                start_new_session=True,
                user=self.user,
            )
        if not announces:
            return None
        ready, until = [], time.monotonic() + patience_s
        while not ready and time.monotonic() < until:
            step_s = 0.1 if meanwhile else patience_s
            ready, _, _ = select.select([self.process.stdout], [], [], step_s)
            if meanwhile:
                meanwhile()
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.end(signal.SIGKILL)
            raise DidNotStart(f"{self.name} did not start; see {self.log}")
        return json.loads(line)

    def start_again(self, patience_s=90):
        """As a supervisor would: again, until it stays up. Without its database it does not."""
        said = []

        def started():
            try:
                said.append(self.start())
                return True
            except DidNotStart:
                return False

        wait_until(started, f"{self.name} started again; see {self.log}", patience_s, 0.2)
        return said[0]

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def log_size(self):
        return os.path.getsize(self.log)

    def log_since(self, start):
        with open(self.log, "rb") as file:
            file.seek(start)
            return file.read()

    def pause(self):
        send_signal(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        send_signal(self.process.pid, signal.SIGCONT)

    def end(self, how, patience_s=30):
        """Returns the exit status; a process that does not heed the signal in time is killed."""
        if self.process is None:
            return None
        send_signal(self.process.pid, how)
        try:
            self.process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            send_signal(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        status, self.process = self.process.returncode, None
        return status


__all__ = [
    "DidNotStart", "Program", "children_of", "comes_true", "descendants_of", "has_ended",
    "program_of", "send_signal", "state_of", "wait_until",
]  # fmt: skip
