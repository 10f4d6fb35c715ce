"""The processes of the demo: PostgreSQL, the payments service, the engine."""

import json
import os
import select
import signal
import subprocess
import urllib.error
import urllib.request

from waiting import NotInTime, wait_until


class Unreachable(Exception):
    pass


class Api:
    """A JSON API over HTTP."""

    def __init__(self, url, timeout_s=10):
        self.url, self.timeout_s = url, timeout_s

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code in (429, 500, 502, 503, 504):
                raise Unreachable(f"{method} {path}: {error.code} {text[:200]}") from None
            raise RuntimeError(f"{method} {path}: {error.code} {text[:500]}") from None
        except (OSError, ValueError) as error:
            raise Unreachable(f"{method} {path}: {error}") from None

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)

    def insist(self, method, path, body, patience_s):
        """Asks again until somebody answers."""
        answers, said = [], []

        def is_answered():
            try:
                answers.append(self.request(method, path, body))
            except Unreachable as error:
                said[:] = [str(error)]
            return answers

        try:
            return wait_until(is_answered, f"an answer to {method} {path}", patience_s, 0.1)[0]
        except NotInTime as error:
            raise Unreachable(f"{error}; the last was: {said[0]}") from None

    def changes(self, silence_s=30):
        """The live stream: comes back once at the start, for every change, and at each heartbeat,
        which is sent long before `silence_s` is over."""
        request = urllib.request.Request(self.url + "/api/v1/stream")
        try:
            with urllib.request.urlopen(request, timeout=silence_s) as stream:
                for line in stream:
                    if line == b"\n":  # the end of a message
                        yield
        except OSError as error:
            raise Unreachable(f"the stream of changes: {error}") from None
        raise Unreachable("the stream of changes ended")


def id_of_run(started):
    """Of the answer to a start; only the id, when the database could not show the run just then."""
    run = started["run"]
    return run if isinstance(run, str) else run["id"]


class Stack:
    def __init__(self, programs, example, folder, port, model_url, model, say):
        self.programs, self.example, self.folder, self.port = programs, example, folder, port
        self.model_url, self.model, self.say = model_url, model, say
        self.processes = {}
        self.database = None
        self.payments = None
        self.api = None

    def start(self):
        self.start_postgres()
        self.start_payments()
        self.engine_command("migrate")
        self.engine_command("deploy", str(self.example))
        self.start_engine()

    def start_postgres(self):
        self.say("starting a private PostgreSQL")
        line = self.spawn(
            "postgres",
            [self.program("resolute"), "postgres", str(self.folder / "postgres"), "--json"],
        )
        self.database = line["database"]

    def start_payments(self):
        services = self.example / "services"
        line = self.spawn(
            "payments",
            [
                self.program("refund_payments"),
                "--seed",
                str(services / "payments.json"),
                "--faults",
                str(services / "faults.json"),
                "--ledger",
                str(self.folder / "ledger.jsonl"),
            ],
        )
        self.payments = Api(line["listening"])
        self.say(f"payments service at {self.payments.url}")

    def start_engine(self):
        command = [
            self.program("resolute"),
            "serve",
            "--json",
            "--project",
            str(self.example),
            "--listen",
            f"127.0.0.1:{self.port}",
        ]
        if self.model_url:
            command += ["--model-url", self.model_url, "--model", self.model or "default"]
        line = self.spawn("engine", command)
        self.api = self.api or Api(line["listening"])
        self.port = int(line["listening"].rsplit(":", 1)[1])
        self.say(f"engine and console at {self.api.url}")

    def let_engine_work(self, seconds):
        """For a moment; an engine that ends by itself meanwhile ends the demo."""
        try:
            status = self.processes["engine"].wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return
        raise SystemExit(f"the engine ended by itself with {status}; see {self.folder}")

    def kill_engine(self):
        self.say("kill -9 of the engine")
        self.kill("engine", signal.SIGKILL)

    def stop_postgres_hard(self):
        self.say("stopping PostgreSQL as a power cut would")
        self.kill("postgres", signal.SIGQUIT)

    def stop(self):
        for name in ("engine", "payments", "postgres"):
            if name in self.processes:
                self.kill(name, signal.SIGTERM)

    def wait(self):
        self.processes["engine"].wait()

    def program(self, name):
        return str(self.programs / name)

    def environment(self):
        return {
            **os.environ,
            "RESOLUTE_DATABASE_URL": self.database or "",
            "RESOLUTE_LEASE": "PT2S",
            "PAYMENTS_URL": self.payments.url if self.payments else "",
            "RESOLUTE_BIN": str(self.programs),
            "ORDERS_DATA": str(self.example / "services" / "orders.json"),
        }

    def engine_command(self, *arguments):
        done = subprocess.run(
            [self.program("resolute"), *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise SystemExit(f"resolute {arguments[0]} failed:\n{done.stdout}{done.stderr}")

    def spawn(self, name, command):
        """Starts a program and returns the JSON line with which it says that it is ready."""
        log = open(self.folder / f"{name}.log", "ab")
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            env=self.environment(),
            start_new_session=True,
        )
        self.processes[name] = process
        ready, _, _ = select.select([process.stdout], [], [], 60)
        line = process.stdout.readline() if ready else b""
        if not line:
            tail = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
            raise SystemExit(f"{name} did not start:\n{tail}")
        return json.loads(line)

    def kill(self, name, how):
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
