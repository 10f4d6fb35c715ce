#!/usr/bin/env python3
"""A tool server with three classes of writes, a ledger on disk, and faults of its own.

  POST /a  class A: a key that was seen is answered as the first time
  POST /b  class B: every request is a new effect; GET /b?key=K is the authoritative answer
  POST /c  class C: every request is a new effect, and only a person can look
  GET /ledger?class=K&reference=R   what a person sees who looks, of any class; of A and B by key=
  GET /read, GET /healthz, POST /quiet (no more faults)

An effect is a line that is on disk before anyone is answered. Which request meets which fault is
drawn from --seed; every fault that was met is a line in --faults.

It keeps its promise that an absence can be believed after the settle time (tools/*.yaml): what
waited longer than LATEST_S, or in the queue of a process that was stopped, is not carried out.
"""

import argparse
import collections
import http.server
import json
import os
import random
import signal
import socket
import sys
import threading
import time
import urllib.parse

TIMEOUT_S = 2  # of the contracts; a late answer is later than this
LATEST_S = 3.5  # after it came, a request is carried out no more; timeout + settle is 5
PAUSE_S = 0.4  # a beat that is this late means that the process was stopped
WRITE_FAULTS = {
    "tool_lost_before": 3,
    "tool_lost_after": 4,
    "tool_error_before": 2,
    "tool_error_after": 3,
    "tool_late_answer": 3,
    "tool_late_effect": 3,
    "tool_slow_loris": 2,
    "tool_unavailable": 3,
    "tool_garbage": 2,
}
READ_FAULTS = {"tool_read_error": 6, "tool_read_slow_loris": 2}
closing = threading.Event()  # whatever is slow on purpose ends with the server


class Book:
    """The effects, in the order in which they happened; made durable one by one."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.by_key, self.by_reference = {}, collections.Counter()
        self.conflicts = 0
        if os.path.exists(path):
            self._read(path)
        self.file = open(path, "ab", buffering=0)

    def _read(self, path):
        with open(path, "rb+") as file:
            text = file.read()
            whole = text.rfind(b"\n") + 1  # a line that a kill tore was never answered
            file.truncate(whole)
        for line in text[:whole].splitlines():
            self._remember(json.loads(line))

    def _remember(self, effect):
        self.by_key.setdefault((effect["class"], effect["key"]), effect)
        self.by_reference[effect["class"], effect["body"]["reference"]] += 1

    def count(self, query):
        with self.lock:
            if "key" in query:
                return int((query["class"], query["key"]) in self.by_key)
            return self.by_reference[query["class"], query["reference"]]

    def add(self, kind, key, body):
        effect = {"class": kind, "key": key, "body": body, "at": time.time()}
        line = json.dumps(effect, sort_keys=True).encode() + b"\n"
        if self.file.write(line) != len(line):
            raise OSError("the ledger took half a line")
        os.fdatasync(self.file.fileno())
        self._remember(effect)


class Pauses:
    """Knows when this process was stopped and went on."""

    def __init__(self):
        self.went_on = self.beat = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while not closing.wait(0.05):
            self.check()

    def check(self):
        now = time.monotonic()
        if now - self.beat > PAUSE_S:
            self.went_on = now
        self.beat = now
        return now

    def may_apply(self, came):
        """False for what came before, or waited in the queue during, a pause; or is just old."""
        now = self.check()
        return now - came < LATEST_S and came > self.went_on + 0.5


class Faults:
    """Draws them, and notes on disk which were met, so that a kill loses no count."""

    def __init__(self, path, seed):
        self.chance = random.Random(seed)
        self.file = open(path, "a+", buffering=1)
        self.file.seek(0)
        self.met = set(self.file.read().split())

    def draw(self, percents):
        """The name of a fault, or None. Rare ones would be missed in a short run, so what was
        never met takes one request of ten."""
        never = [name for name in percents if name not in self.met]
        if never and self.chance.random() < 0.1:
            return self._meet(never[0])
        point = self.chance.random() * 100
        for name, percent in percents.items():
            point -= percent
            if point < 0:
                return self._meet(name)
        return None

    def _meet(self, name):
        self.met.add(name)
        self.file.write(name + "\n")
        return name


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    book = pauses = faults = None
    calm = False
    drawing = threading.Lock()

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/healthz":
            return self.answer(200, {"status": "ok", "conflicts": self.book.conflicts})
        if url.path == "/ledger":
            return self.answer(200, {"count": self.book.count(query)})
        fault = self.draw(READ_FAULTS)
        if fault == "tool_read_error":
            return self.answer(500, {"error": "on purpose"})
        if fault == "tool_read_slow_loris":
            return self.drip({"value": 1})
        if url.path == "/b":
            with self.book.lock:
                found = self.book.by_key.get(("b", query.get("key")))
            status = {"status": "found", **found["body"]} if found else {"status": "absent"}
            return self.answer(200, status)
        return self.answer(200, {"value": 1})

    def do_POST(self):
        came = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/quiet":
            Handler.calm = True
            return self.answer(200, {})
        kind, key = self.path.strip("/"), self.headers.get("Idempotency-Key", "")
        if kind not in ("a", "b", "c") or (kind != "c" and not key):
            return self.answer(404, {"error": "no such write, or no key"})
        self.write(kind, key, json.loads(body), came)

    def write(self, kind, key, body, came):
        fault = self.draw(WRITE_FAULTS)
        if fault == "tool_lost_before":
            return self.hang_up()
        if fault == "tool_error_before":
            return self.answer(500, {"error": "on purpose"})
        if fault == "tool_unavailable":
            return self.answer(503, {"error": "on purpose"})
        if fault == "tool_late_effect" and kind != "c":
            closing.wait(TIMEOUT_S + 0.5)
        with self.book.lock:
            if not self.apply(kind, key, body, came):
                return self.hang_up()
        if fault == "tool_lost_after":
            return self.hang_up()
        if fault == "tool_error_after":
            return self.answer(500, {"error": "on purpose"})
        if fault == "tool_garbage":
            return self.answer(200, {"nothing": "that was promised"})
        if fault == "tool_slow_loris":
            return self.drip(body)
        if fault == "tool_late_answer":
            closing.wait(TIMEOUT_S + 0.5)
        self.answer(200, body)

    def apply(self, kind, key, body, came):
        known = self.book.by_key.get((kind, key)) if kind == "a" else None
        if known:
            if known["body"] != body:
                self.book.conflicts += 1
            return known["body"] == body
        if not self.pauses.may_apply(came):
            return False
        self.book.add(kind, key, body)
        return True

    def draw(self, faults):
        with self.drawing:
            return None if self.calm else self.faults.draw(faults)

    def answer(self, status, json_body):
        text = json.dumps(json_body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:  # the caller stopped waiting, which is what a late answer is about
            self.close_connection = True

    def hang_up(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:  # the caller was faster
            pass

    def drip(self, json_body):
        """One byte at a time, for longer than anybody should wait."""
        text = json.dumps(json_body).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}"
        self.close_connection = True
        try:
            for byte in head.encode() + b"\r\n\r\n" + text:
                self.wfile.write(bytes([byte]))
                closing.wait(0.1)
        except OSError:  # the caller had enough
            pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def end(server):
    closing.set()
    threading.Thread(target=server.shutdown).start()  # it waits for the loop that was interrupted


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--faults", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--calm", action="store_true")
    arguments = parser.parse_args()
    Handler.book = Book(arguments.ledger)
    Handler.pauses = Pauses()
    Handler.faults = Faults(arguments.faults, arguments.seed)
    Handler.calm = arguments.calm
    server = Server(("127.0.0.1", arguments.port), Handler)
    signal.signal(signal.SIGTERM, lambda *_: end(server))
    print(json.dumps({"listening": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
