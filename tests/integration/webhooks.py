#!/usr/bin/env python3
"""Webhooks of real processes: each event comes to a receiver, whoever dies, and is shown when not.

  webhooks.py BIN      BIN is the folder with the built programs

Prints one line per case and ends with `N passed, N failed`.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from cases import all_passed, case, says, verdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crashpoints"))
from town import Receiver, Server, ask, comes_true, wait_until  # noqa: E402
from processes import Program  # noqa: E402

KEY = bytes(range(32))
LEASE_S = 2.0
DOCUMENT = "document: {{ dsl: '1.0.3', namespace: w, name: {}, version: '1.0.0' }}\ndo:\n"
FLOWS = {
    "pay": "  - tell:\n      emit: { event: { with: { source: shop, type: order.paid,"
           " data: '${ . }' } } }\n",
    "quiet": "  - a: { set: { b: 1 } }\n",
}  # fmt: skip
PROJECT = """
secrets: {{ shop: "whsec_{key}" }}
webhooks:
  shop:
    url: "${{SHOP_URL}}/events"
    types: [order.*, io.serverlessworkflow.workflow.completed.v1]
    secret: shop
    timeout: PT1S
  plain: {{ url: "${{SHOP_URL}}/plain", types: ["*"], attempts: 2 }}
"""


def is_signed(headers, body):
    """By the algorithm of https://www.standardwebhooks.com, version 1.0."""
    headers = {name.lower(): value for name, value in headers.items()}
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(KEY, text, hashlib.sha256).digest()).decode()
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and headers["webhook-signature"].split(" ") == ["v1," + wanted]


class Shop:
    """A project with two webhooks, its database and receiver, and an engine that comes and goes."""

    def __init__(self, server):
        self.server, self.url, self.receiver = server, server.make("webhooks"), Receiver()
        self.folder = server.folder / "project"
        (self.folder / "workflows").mkdir(parents=True)
        for name, steps in FLOWS.items():
            text = DOCUMENT.format(name) + steps
            (self.folder / "workflows" / f"{name}.yaml").write_text(text)
        key = base64.b64encode(KEY).decode()
        (self.folder / "resolute.yaml").write_text(PROJECT.format(key=key))
        self.environment = {
            "RESOLUTE_DATABASE_URL": self.url, "RESOLUTE_PROJECT": str(self.folder),
            "SHOP_URL": f"http://127.0.0.1:{self.receiver.port}",
        }  # fmt: skip
        self.engine = None
        self.resolute("deploy", str(self.folder))

    def serve(self, **more):
        self.engine = Program(
            "engine",
            [str(self.server.built / "resolute"), "serve", "--json", "--listen", "127.0.0.1:0"],
            {**self.environment, "RESOLUTE_LEASE": f"PT{LEASE_S}S", **more},
            self.server.folder / "engine.log",
        )
        self.engine.start()

    def resolute(self, *arguments):
        return subprocess.run(
            [str(self.server.built / "resolute"), *arguments],
            env={**os.environ, **self.environment}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def webhooks(self, *arguments):
        done = self.resolute("webhooks", *arguments, "--json")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def state(self, name="shop"):
        return next(one for one in self.webhooks("list") if one["webhook"] == name)

    def pay(self, number, wait=True):
        arguments = ["start", "w/pay", "--input", str(number)] + (["--wait"] if wait else [])
        done = self.resolute(*arguments)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    def close(self):
        if self.engine:
            self.engine.end(signal.SIGKILL)
        self.receiver.says(200)


def delivered_once(shop):
    shop.serve()
    for number in range(5):
        shop.pay(number)
    case("events of runs come to who wants them", shop.receiver.has(5), shop.receiver.events())
    done = comes_true(lambda: shop.state()["delivered"] == 10, 20, 0.1)
    case("nothing waits once all is taken", done and shop.state()["waiting"] == 0, shop.state())
    case("each came once", sorted(shop.receiver.events()) == list(range(5)),
         shop.receiver.events())
    finished = shop.receiver.events(kind="io.serverlessworkflow.workflow.completed.v1")
    case("and the ends of runs, to who asked for them", len(finished) == 5, finished)
    case("who asks for everything gets what was emitted",
         shop.receiver.has(5, path="/plain")
         and not shop.receiver.events("/plain", "io.serverlessworkflow.workflow.completed.v1"))
    signed = [(headers, body) for path, headers, body in shop.receiver.requests
              if path == "/events"]
    case("each is signed as Standard Webhooks says", all(is_signed(*one) for one in signed))
    case("a changed body does not fit its signature", not is_signed(signed[0][0], b"{}"))
    headers = signed[0][0]
    case("as one structured CloudEvent",
         headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
         and json.loads(signed[0][1])["specversion"] == "1.0", headers)


def retried(shop):
    shop.receiver.says(500)
    shop.pay(10)
    failed = comes_true(lambda: "500" in shop.state().get("lastFailure", ""), 20, 0.1)
    waits = shop.webhooks("show", "shop")
    case("a failure is shown with its reason and its next attempt",
         failed and any(one.get("why") == "the receiver answered 500" for one in waits), waits)
    shop.receiver.says(200)
    seen = len(shop.receiver.requests)
    taken = comes_true(lambda: shop.state()["waiting"] == 0, 40, 0.1)
    case("and tried again until it is taken", taken and len(shop.receiver.requests) > seen,
         shop.state())
    shop.receiver.go()
    shop.pay(11)
    failed = comes_true(lambda: "not sent" in shop.state().get("lastFailure", ""), 20, 0.1)
    case("a receiver that is away is named", failed, shop.state())
    shop.receiver.come()
    taken = comes_true(lambda: shop.state()["waiting"] == 0, 60, 0.1)
    case("it has its events when it is back", taken and 11 in shop.receiver.events(),
         shop.state())


def given_up(shop):
    # Of two attempts, both may have met the receiver when it was away.
    wait_until(lambda: shop.state("plain")["waiting"] == 0, "nothing waits for the other", 30)
    shop.resolute("webhooks", "retry", "plain")
    wait_until(lambda: shop.state("plain")["condition"] == "all is sent", "it has all", 30)
    shop.receiver.says(503)
    shop.resolute("emit", "parcel.lost", "--data", '"p1"')
    parked = comes_true(lambda: shop.state("plain")["givenUp"] == 1, 30, 0.1)
    case("after its attempts an event is given up", parked, shop.state("plain"))
    says("with its reason, for people", shop.resolute("webhooks", "list"), 0,
         "has events that were given up", "the receiver answered 503")
    shown = shop.webhooks("show", "plain")
    case("and each of them", shown[0]["state"] == "given up" and shown[0]["attempts"] == 2
         and shown[0]["type"] == "parcel.lost", shown)
    shop.receiver.says(200)
    says("a person has it sent again",
         shop.resolute("webhooks", "retry", "plain", shown[0]["delivery"]), 0, "1 event is sent")
    done = comes_true(lambda: shop.state("plain")["condition"] == "all is sent", 20, 0.1)
    case("and it comes", done and shop.receiver.has(1, path="/plain", kind="parcel.lost"),
         shop.state("plain"))
    says("a webhook that nobody knows", shop.resolute("webhooks", "show", "nobody"), 1,
         "No process has ever sent")
    says("a webhook that is in use is not forgotten",
         shop.resolute("webhooks", "forget", "shop", "--all"), 1, "take it out first")


def killed(shop):
    shop.receiver.says(None)
    shop.pay(20)
    wait_until(lambda: 20 in shop.receiver.events(), "the event is being sent", 20)
    shop.engine.end(signal.SIGKILL)
    case("what was being sent when the process died is still owed", shop.state()["waiting"] > 0)
    shop.resolute("emit", "order.paid", "--data", "21")  # while nobody serves
    shop.receiver.says(200)
    shop.serve()
    came = comes_true(lambda: shop.receiver.events().count(20) >= 2
                      and 21 in shop.receiver.events(), 40, 0.1)  # fmt: skip
    case("the next process sends it, and what came meanwhile", came, shop.receiver.events())
    ids = [headers["webhook-id"] for path, headers, body in shop.receiver.requests
           if path == "/events" and json.loads(body).get("data") == 20]  # fmt: skip
    case("under the same id, by which a receiver knows it", len(set(ids)) == 1, ids)
    shop.engine.end(signal.SIGKILL)
    shop.serve(RESOLUTE_FAILPOINTS="")
    for number in range(30, 50):
        shop.pay(number, wait=False)
    shop.engine.end(signal.SIGKILL)
    shop.serve()
    done = "select count(*) from resolute.run where workflow = 'w/pay' and status = 'completed'"
    wait_until(lambda: ask(shop.url, done) == [["28"]], "all runs are over", 60)
    came = comes_true(lambda: set(range(30, 50)) <= set(shop.receiver.events()), 60, 0.1)
    missing = set(range(30, 50)) - set(shop.receiver.events())
    case("of runs under way when the process dies no event is lost", came, missing)


def silent(shop):
    wait_until(lambda: shop.state("plain")["waiting"] == 0, "all is sent", 30)
    before = ask(shop.url, "select count(*) from resolute.event_in where type = 'quiet'")
    done = shop.resolute("start", "w/quiet", "--wait")
    held = ask(shop.url, "select count(*) from resolute.event_in e join resolute.run r on"
               " e.content like '%' || r.run_id || '%' where r.workflow = 'w/quiet'"
               " and e.type <> 'io.serverlessworkflow.workflow.completed.v1'")  # fmt: skip
    case("a run that emits nothing makes no events but those that somebody asked for",
         done.returncode == 0 and held == [["0"]] and before == [["0"]], held)


def misspelt(shop):
    text = (shop.folder / "resolute.yaml").read_text()
    for title, was, now, *words in [
        ("a secret that there is not", "secret: shop", "secret: shopp", "Did you mean `shop`?"),
        ("a secret that is no key", '"whsec_', '"whsecret_', "openssl rand"),
        ("a key that nothing reads", "timeout:", "timeot:", "timeot"),
        ("a host that nothing may be sent to", "secrets:", "egress: { hosts: [x.y] }\nsecrets:",
         "egress.hosts"),
    ]:
        (shop.folder / "resolute.yaml").write_text(text.replace(was, now, 1))
        says(title, shop.resolute("webhooks", "list"), 2, "resolute.yaml:", *words)
    (shop.folder / "resolute.yaml").write_text(text)


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-webhooks-"))
    folder.chmod(0o755)
    server = Server(built, folder)
    shop = Shop(server)
    try:
        for part in (delivered_once, retried, given_up, killed, silent, misspelt):
            part(shop)
    finally:
        shop.close()
        server.stop()
    if all_passed():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"logs are kept in {folder}")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
