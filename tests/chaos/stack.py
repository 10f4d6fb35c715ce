"""Everything that runs during a chaos run, wired by hand."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys

from postgres import Cluster, free_port
from processes import Program
from project import write_project
from proxy import Proxy

HERE = pathlib.Path(__file__).resolve().parent
ENGINES = 3
LEASE_S = 2
PROGRAMS = ("resolute", "refund_payments", "refund_orders", "resolute_simulate")
FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)


class Engine:
    """One `resolute serve` with its own door to the database and its own clock."""

    def __init__(self, number, stack):
        self.name, self.port = f"engine-{number}", free_port()
        self.door = stack.proxy.open_door()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock = stack.folder / f"clock-{number}"
        self.set_clock(0)
        command = [
            str(stack.programs / "resolute"), "serve", "--json", "--name", self.name,
            "--project", str(stack.project), "--listen", f"127.0.0.1:{self.port}",
        ]  # fmt: skip
        environment = {**stack.environment, "RESOLUTE_DATABASE_URL": database_url(self.door.port)}
        if stack.faketime:
            environment |= {
                "LD_PRELOAD": stack.faketime,
                "FAKETIME_TIMESTAMP_FILE": str(self.clock),
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_CACHE_DURATION": "1",
            }
        self.program = Program(self.name, command, environment, stack.folder / f"{self.name}.log")

    def set_clock(self, offset_s):
        """The wall clock of this process alone, in seconds beside the true one."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(f"{offset_s:+d}\n")
        os.replace(fresh, self.clock)


def database_url(port):
    return f"postgresql://resolute@127.0.0.1:{port}/resolute?sslmode=disable"


class Stack:
    def __init__(self, built, folder, seed, say, is_small):
        self.folder, self.say, self.seed = folder, say, seed
        # A private copy: whoever builds meanwhile must not change programs that run.
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in PROGRAMS:
            shutil.copy2(built / name, self.programs / name)
        self.project = write_project(folder, self.programs / "resolute_simulate", seed)
        self.faketime = next((path for path in FAKETIME if os.path.exists(path)), None)
        self.proxy = Proxy()
        self.cluster = Cluster(folder, is_small)
        tool_port, payments_port = free_port(), free_port()
        self.tool_url = f"http://127.0.0.1:{tool_port}"
        self.payments_url = f"http://127.0.0.1:{payments_port}"
        self.environment = {
            "RESOLUTE_LEASE": f"PT{LEASE_S}S",
            "TOOL_URL": self.tool_url,
            "PAYMENTS_URL": self.payments_url,
            "RESOLUTE_BIN": str(self.programs),
            "ORDERS_DATA": str(folder / "orders.json"),
        }
        self.tool_ledger, self.tool_faults = folder / "bookings.jsonl", folder / "tool-faults.txt"
        self.refund_ledger = folder / "refunds.jsonl"
        self.calm = False
        self.tool_server = Program("tool-server", [], {}, folder / "tool-server.log")
        self.tool_port = tool_port
        self.payments = Program(
            "payments",
            [str(self.programs / "refund_payments"), "--seed", str(folder / "payments.json"),
             "--ledger", str(self.refund_ledger), "--port", str(payments_port)],
            {}, folder / "payments.log",
        )  # fmt: skip
        self.engines = [Engine(number, self) for number in range(1, ENGINES + 1)]

    def start(self):
        self.say("starting PostgreSQL with a synchronous standby")
        self.cluster.start()
        self.proxy.target = self.cluster.primary.port
        self.start_tool_server()
        self.payments.start()
        self.say("publishing the workflows")
        self.engine_command("migrate")
        self.engine_command("deploy", str(self.project))
        for engine in self.engines:
            engine.program.start()
        self.say(f"{ENGINES} engines are up")

    def start_tool_server(self):
        self.tool_server.restarts += 1
        self.tool_server.command = [
            sys.executable, str(HERE / "tool_server.py"), "--port", str(self.tool_port),
            "--ledger", str(self.tool_ledger), "--faults", str(self.tool_faults),
            "--seed", str(self.seed * 1000 + self.tool_server.restarts),
            *(["--calm"] if self.calm else []),
        ]  # fmt: skip
        self.tool_server.start()

    def engine_command(self, *arguments):
        """Runs `resolute ...` against the primary and returns what it prints."""
        url = database_url(self.cluster.primary.port)
        done = subprocess.run(
            [str(self.programs / "resolute"), *arguments],
            env={**os.environ, **self.environment, "RESOLUTE_DATABASE_URL": url},
            capture_output=True, text=True, timeout=120, cwd=self.project,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"resolute {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def stop(self):
        for engine in self.engines:
            engine.program.end(signal.SIGKILL)
        self.tool_server.end(signal.SIGKILL)
        self.payments.end(signal.SIGKILL)
        self.proxy.close()
        self.cluster.stop()
