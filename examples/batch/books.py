#!/usr/bin/env python3
"""The books of a small shop, for the batch example: one question or letter for each start.

  books.py overdue | invoice | send | find

Arguments come as JSON on standard input, the answer goes to standard output. Invoices are read from
the file BOOKS_INVOICES; letters are lines of the file BOOKS_LETTERS, each with the key under which
it was asked for, so that the same letter is never written twice.
"""

import fcntl
import json
import os
import pathlib
import sys
from datetime import date, timedelta

PAGE = 3
PATIENCE = timedelta(days=14)  # between two letters about one invoice
NOT_DONE = 65  # refused: surely nothing was done


def invoices():
    return json.loads(pathlib.Path(os.environ["BOOKS_INVOICES"]).read_text())


class Letters:
    """All letters, while nobody else writes one."""

    def __enter__(self):
        path = pathlib.Path(os.environ["BOOKS_LETTERS"])
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = open(path, "a+", encoding="utf-8")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.file.seek(0)
        self.written = [json.loads(line) for line in self.file]
        return self

    def __exit__(self, *_):
        self.file.close()

    def with_key(self, key):
        return next((letter for letter in self.written if letter["key"] == key), None)

    def add(self, letter):
        self.file.write(json.dumps(letter) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def overdue(asked):
    recently = date.fromisoformat(asked["day"]) - PATIENCE
    with Letters() as letters:
        told = {one["invoice"] for one in letters.written
                if date.fromisoformat(one["day"]) > recently}  # fmt: skip
    late = sorted(
        one["id"] for one in invoices()
        if one["due"] < asked["day"] and one["status"] == "open"
        and one["id"] not in told and one["id"] > asked["after"]
    )  # fmt: skip
    page = late[:PAGE]
    return {"invoices": page, "after": page[-1] if len(late) > PAGE else ""}


def invoice(asked):
    found = next((one for one in invoices() if one["id"] == asked["invoice"]), None)
    if not found:
        print(f"there is no invoice {asked['invoice']}", file=sys.stderr)
        sys.exit(NOT_DONE)
    with Letters() as letters:
        written = sum(letter["invoice"] == found["id"] for letter in letters.written)
    return {**{key: found[key] for key in ("id", "customer", "status", "amount", "currency")},
            "reminders": written}  # fmt: skip


def send(asked):
    key = os.environ["RESOLUTE_IDEMPOTENCY_KEY"]
    with Letters() as letters:
        known = letters.with_key(key)
        if known:
            return {"letter": known["letter"]}
        number = f"L-{len(letters.written) + 1}"
        letters.add({"key": key, "letter": number, **asked})
        return {"letter": number}


def find(asked):
    with Letters() as letters:
        known = letters.with_key(asked["key"])
    return {"status": "sent", "letter": known["letter"]} if known else {"status": "not_found"}


def main():
    verbs = {"overdue": overdue, "invoice": invoice, "send": send, "find": find}
    if sys.argv[1:2] == ["--help"] or len(sys.argv) != 2 or sys.argv[1] not in verbs:
        print(__doc__.strip())
        return 0 if sys.argv[1:2] == ["--help"] else NOT_DONE
    try:
        asked = json.load(sys.stdin)
    except json.JSONDecodeError as problem:
        print(f"the arguments are no JSON: {problem}", file=sys.stderr)
        return NOT_DONE
    print(json.dumps(verbs[sys.argv[1]](asked)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
