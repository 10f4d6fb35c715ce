"""Somebody who is told of events over HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from processes import comes_true


class Receiver:
    """Takes what comes to it on a port of its own; it can be away, fail, or not answer."""

    def __init__(self):
        self.requests, self.status, self.changed = [], 200, threading.Condition()
        self.server = None
        self.port = 0
        self.come()

    def come(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.changed:
                    receiver.requests.append((self.path, dict(self.headers.items()), body))
                    receiver.changed.notify_all()
                    status = receiver.status
                    if status is None:  # until it may answer
                        receiver.changed.wait_for(lambda: receiver.status is not None, 60)
                        return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def go(self):
        self.server.shutdown()
        self.server.server_close()

    def says(self, status):
        with self.changed:
            self.status = status
            self.changed.notify_all()

    def events(self, path="/events", kind="order.paid"):
        """What the data of the events was, in the order in which they came."""
        with self.changed:
            found = [json.loads(body) for seen, _, body in self.requests if seen == path]
        return [event.get("data") for event in found if event["type"] == kind]

    def has(self, count, seconds=30, **which):
        return comes_true(lambda: len(self.events(**which)) >= count, seconds, 0.05)
