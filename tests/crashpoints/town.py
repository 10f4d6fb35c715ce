"""Engines on one private PostgreSQL, and a payments service with a ledger, for tests that kill."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent / "chaos"), str(ROOT / "examples" / "refund")]
from demo_processes import Api, Unreachable, id_of_run  # noqa: E402
from history import chain_fault, read_runs  # noqa: E402
from processes import DidNotStart, Program, comes_true, state_of, wait_until  # noqa: E402
from receiver import Receiver  # noqa: E402

PAYMENTS = 4000
SMALL, LARGE = 1850, 20000  # below and above what is refunded without a person
# A webhook is told of what comes after some process first named it: here, before any run.
SUBSCRIBED = "insert into resolute.webhook (tenant, name) values ('default', 'record')"
TOLD = [f"io.serverlessworkflow.workflow.{what}.v1" for what in ("started", "completed")]


class Server:
    """One PostgreSQL for many towns; each has a database of its own, copied from a ready one."""

    def __init__(self, built, folder):
        self.built, self.folder = built, folder
        self.program = Program(
            "postgres", [str(built / "resolute"), "postgres", str(folder / "pg"), "--json"],
            {}, folder / "postgres.log",
        )  # fmt: skip
        self.url = self.program.start()["database"]
        self.template = self.make("template_town", "template1")
        self.resolute("migrate", url=self.template)
        self.resolute("deploy", str(HERE / "project"), url=self.template)
        ask(self.template, SUBSCRIBED)
        seed = [payment(number) for number in range(PAYMENTS)]
        (folder / "payments.json").write_text(json.dumps({"payments": seed}))

    def make(self, name, template="template_town"):
        ask(self.url, f"create database {name} template {template}")
        return self.url.replace("/postgres?", f"/{name}?")

    def resolute(self, *arguments, url):
        done = subprocess.run(
            [str(self.built / "resolute"), *arguments],
            env={**os.environ, "RESOLUTE_DATABASE_URL": url, "PAYMENTS_URL": "http://127.0.0.1:1",
                 "RECEIVER_URL": "http://127.0.0.1:1"},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"resolute {arguments[0]} failed:\n{done.stdout}{done.stderr}")

    def stop(self):
        self.program.end(signal.SIGTERM)


def payment(number):
    return {
        "id": f"pay_{number}", "customer_id": "C-1042", "order_id": f"O-{number}",
        "amount": 50000, "currency": "EUR", "captured_at": "2026-10-05T10:12:00Z", "method": "card",
    }  # fmt: skip


def ask(url, sql):
    """Rows of texts, as psql gives them."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", url, "-c", sql],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return [line.split("\t") for line in done.stdout.splitlines()]


class Town:
    """A database, a payments service, and engines that come and go."""

    def __init__(self, server, name, lease_s=1.0):
        self.server, self.name, self.lease_s = server, name, lease_s
        self.folder = server.folder / name
        self.folder.mkdir()
        self.url = server.make(name)
        self.payments = Program(
            "payments",
            [str(server.built / "refund_payments"), "--seed", str(server.folder / "payments.json"),
             "--ledger", str(self.folder / "ledger.jsonl")],
            {}, self.folder / "payments.log",
        )  # fmt: skip
        self.bank = Api(self.payments.start()["listening"])
        self.receiver = Receiver()
        self.engines = {}

    def engine(self, name, environment=None, meanwhile=None):
        """Starts an engine and returns its API. `meanwhile(name)` is called while it starts."""
        program = Program(
            name,
            [str(self.server.built / "resolute"), "serve", "--json", "--name", name,
             "--project", str(HERE / "project"), "--listen", "127.0.0.1:0"],
            {"RESOLUTE_DATABASE_URL": self.url, "PAYMENTS_URL": self.bank.url,
             "RECEIVER_URL": f"http://127.0.0.1:{self.receiver.port}",
             "RESOLUTE_LEASE": f"PT{self.lease_s}S", **(environment or {})},
            self.folder / f"{name}.log",
        )  # fmt: skip
        self.engines[name] = program
        said = program.start(meanwhile=meanwhile and (lambda: meanwhile(name)))
        return Api(said["listening"], timeout_s=3)

    def start(self, api, number, amount=SMALL):
        """Starts a case at one engine; raises Unreachable when that is not there."""
        case = {"case": f"case-{number}", "payment": f"pay_{number}", "amount": amount}
        body = {"workflow": "crash/refund", "input": case, "caseId": case["case"]}
        return id_of_run(api.post("/api/v1/runs", body))

    def approve(self, api, approval):
        card = api.get("/api/v1/approvals/" + approval)
        answer = {
            "decision": "approve", "digest": card["digest"], "by": "rita", "comment": "",
            "decisionId": str(uuid.uuid5(uuid.NAMESPACE_URL, approval)),
        }  # fmt: skip
        api.post(f"/api/v1/approvals/{approval}/decisions", answer)

    def shares(self):
        """How many shards each living member has, by its name."""
        rows = ask(
            self.url,
            "select member.name, count(*) from resolute.shard join resolute.member using"
            " (member_id) where not fenced and expires_at > now() group by member.name",
        )
        return {name: int(count) for name, count in rows}

    def statuses(self):
        return dict(ask(self.url, "select case_id, status from resolute.run"))

    def faults(self, expected):
        """What is wrong, as sentences. `expected`: the amount of every case that was begun."""
        found = []
        statuses = self.statuses()
        for case in expected:
            if statuses.get(case) != "completed":
                found.append(f"{case} is {statuses.get(case, 'lost')}")
        runs, left_over = read_runs(lambda sql: ask(self.url, sql))
        found += [f"history {run} belongs to no run" for run in left_over]
        for run in runs.values():
            fault = chain_fault(run)
            if fault:
                found.append(f"history of {run.case}: {fault}")
        ledger = self.bank.get("/ledger")
        made = sorted((entry["reference"], entry["amount"]) for entry in ledger["entries"])
        if made != sorted(expected.items()):
            found.append(f"{len(made)} refunds were made for {len(expected)} cases: {made[:5]}")
        if ledger["duplicate_effects"]:
            found.append(f"{ledger['duplicate_effects']} refunds were made twice")
        if ledger["notices"] != len(expected):
            found.append(f"{ledger['notices']} notices for {len(expected)} cases")
        return found + self.untold(runs)

    def untold(self, runs):
        """What a webhook was not told of these runs, or under two ids."""
        wanted = {(kind, run) for kind in TOLD for run in runs}
        comes_true(lambda: wanted <= self.told().keys(), 30, 0.05)
        told = self.told()
        found = [f"nobody was told of {kind} of {run}" for kind, run in wanted - told.keys()]
        found += [f"{kind} of {run} was told under {len(ids)} ids"
                  for (kind, run), ids in told.items() if len(ids) > 1]
        return found

    def told(self):
        """Under which ids the webhook was told of each event: its kind and its run."""
        found = {}
        with self.receiver.changed:
            requests = list(self.receiver.requests)
        for _, headers, body in requests:
            event = json.loads(body)
            ids = found.setdefault((event["type"], event["subject"]), set())
            ids.add(headers["webhook-id"])
        return found

    def close(self):
        for program in self.engines.values():
            program.end(signal.SIGKILL)
        self.payments.end(signal.SIGKILL)
        self.receiver.go()


__all__ = [
    "LARGE", "SMALL", "Api", "DidNotStart", "Receiver", "Server", "Town", "Unreachable", "ask",
    "comes_true", "state_of", "wait_until",
]  # fmt: skip
