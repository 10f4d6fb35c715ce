"""Those who use the engines: callers that start runs, people who decide approvals, those who
cancel runs and send signals to them, and the operator who releases what was set aside."""

import collections
import json
import random
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid

from project import random_workflows, refund_case

REVIEWERS = ("bea", "carl", "dora")
# What a run is set aside for that is innocent: its processes were killed by us, by chance while it
# was tried alone. For any other reason no run may be set aside.
KILLED_BY_CHANCE = "brought its process down"
LOOK_AFTER_S = 6  # a person looks for a lost class C booking when nothing can come late any more


class Unreachable(Exception):
    pass


class Refused(Exception):
    pass


def call(method, url, body=None, timeout_s=4):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data=data, method=method, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")[:300]
        if error.code in (408, 429) or error.code >= 500:
            raise Unreachable(f"{method} {url}: {error.code} {text}") from None
        raise Refused(f"{method} {url}: {error.code} {text}") from None
    except (OSError, ValueError, EOFError) as error:
        raise Unreachable(f"{method} {url}: {error}") from None
    except Exception as error:  # http.client has exceptions of its own for torn answers
        raise Unreachable(f"{method} {url}: {type(error).__name__} {error}") from None


class Load:
    """Starts runs at a steady pace. What was acknowledged is kept: nothing of it may be lost."""

    def __init__(self, stack, seed, runs_per_second):
        self.stack, self.pace = stack, 1 / runs_per_second
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.acknowledged = collections.defaultdict(set)  # case -> the runs that were named
        self.taken = set()  # cases whose start was accepted before its run could be shown
        self.asked = set()  # cases of which a start was sent, answered or not
        self.approvals = set()  # decisions that were acknowledged: approval ids
        self.cancelled = set()  # runs whose cancel was acknowledged
        self.signalled = {}  # what a signal that was acknowledged carried -> its run
        self.released = collections.Counter()  # runs that were set aside, and how often
        self.lately = collections.deque(maxlen=5)  # runs that were started
        self.surprises = []
        self.numbers = iter(range(10**9))
        self.stopping = threading.Event()
        self.closing = threading.Event()
        self.threads = [threading.Thread(target=self._start_runs, args=(n,)) for n in range(4)]
        self.threads += [threading.Thread(target=self._review, args=(who,)) for who in REVIEWERS]
        self.threads += [threading.Thread(target=self._meddle)]
        self.threads += [threading.Thread(target=self._operate)]

    def begin(self):
        for thread in self.threads:
            thread.start()

    def stop_starting(self):
        self.stopping.set()

    def end(self):
        self.stopping.set()
        self.closing.set()
        for thread in self.threads:
            thread.join()

    def _next_case(self):
        with self.lock:
            number, chance = next(self.numbers), self.chance
            kinds = ("refund", "bookings", "timers", "approvals", "family", "random")
            kind = chance.choices(kinds, (4, 3, 2, 2, 2, 4))[0]
            case = f"{kind}-{number}"
            body = {"workflow": f"chaos/{kind}", "caseId": case, "input": {"case": case}}
            if kind == "refund":
                body["workflow"] = "refunds/refund"
                body["input"] = refund_case(number, chance.random() < 0.3)
            if kind == "random":
                which = chance.choice(random_workflows(self.stack.seed))
                body["workflow"] = f"generated/seed-{which}"
                body["input"]["n"] = chance.randrange(10)
            if kind == "bookings":
                count = chance.randrange(1, 6)
                body["input"]["amounts"] = [chance.randrange(1, 100) for _ in range(count)]
            if kind == "family":  # some of its parts ask a person, and some are denied
                amounts = [chance.choice((5, 50, 500, 5000)) for _ in range(chance.randrange(1, 4))]
                body["input"] |= {"amounts": amounts, "fails": chance.random() < 0.4}
            return case, body, chance.random() < 0.1

    def _start_runs(self, number):
        try:
            self._start_until_told(number)
        except Exception as error:  # else nobody would notice that fewer runs were started
            self.surprises.append(f"a caller gave up: {type(error).__name__} {error}")
            raise

    def _start_until_told(self, number):
        chance = random.Random(f"{self.stack.seed}/{number}")
        due = time.monotonic() + number * self.pace
        while not self.stopping.is_set():
            if self.stopping.wait(max(0, due - time.monotonic())):
                return
            due = max(due + 4 * self.pace, time.monotonic() - 5)
            case, body, twice = self._next_case()
            self._start(case, body, chance)
            if twice:  # the same case again, perhaps at another engine: the same run
                self._start(case, body, chance)

    def _start(self, case, body, chance):
        self.asked.add(case)
        until = time.monotonic() + 60
        while time.monotonic() < until and not self.closing.is_set():
            engine = chance.choice(self.stack.engines)
            try:
                answer = call("POST", engine.url + "/api/v1/runs", body)
            except Unreachable:
                self.closing.wait(0.2)
                continue
            except Refused as error:
                self.surprises.append(f"start of {case}: {error}")
                return
            if answer.get("accepted"):  # durable, and not to be shown yet: asked for again
                self.taken.add(case)
                self.closing.wait(0.2)
                continue
            with self.lock:
                self.acknowledged[case].add(answer["run"]["id"])
                self.lately.append(answer["run"]["id"])
            return

    # ---- those who cancel and signal

    def _meddle(self):
        chance = random.Random(f"{self.stack.seed}/meddler")
        while not self.stopping.wait(chance.uniform(0.1, 0.7)):
            with self.lock:
                lately = list(self.lately)
            if not lately:
                continue
            run = chance.choice(lately)
            url = f"{chance.choice(self.stack.engines).url}/api/v1/runs/{run}"
            try:
                if chance.random() < 0.25:
                    call("POST", url + "/cancel", {"by": "ann", "reason": "On second thoughts."})
                    self.cancelled.add(run)
                else:
                    mark = str(uuid.UUID(int=chance.getrandbits(128)))
                    call("POST", url + "/signals", {"name": "go", "by": "ann", "payload": mark})
                    self.signalled[mark] = run
            except (Unreachable, Refused):
                pass  # nobody took it, or nobody knows: nothing was promised

    # ---- who looks after the engines

    def _operate(self):
        chance = random.Random(f"{self.stack.seed}/operator")
        while not self.closing.wait(1):
            try:
                self._release_innocent(chance.choice(self.stack.engines).url)
            except Unreachable:
                pass
            except Exception as error:  # else nobody would notice that the operator is gone
                self.surprises.append(f"the operator gave up: {type(error).__name__} {error}")
                raise

    def _release_innocent(self, url):
        for run in call("GET", url + "/api/v1/runs?status=quarantined&limit=100")["items"]:
            why = run["waitsFor"]["sentence"]
            if KILLED_BY_CHANCE not in why:
                continue  # stays aside, and the checker says so
            try:
                self.stack.engine_command("release", run["id"])
            except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                raise Unreachable(f"release of {run['id']}: {error}") from None
            self.released[run["id"]] += 1

    # ---- people

    def _review(self, who):
        chance = random.Random(f"{self.stack.seed}/{who}")
        while not self.closing.is_set():
            try:
                self._review_page(who, chance)
            except Unreachable:
                self.closing.wait(0.2)
            except Exception as error:  # else nobody would notice that a reviewer is gone
                self.surprises.append(f"{who} gave up: {type(error).__name__} {error}")
                raise
            self.closing.wait(0.15)

    def _review_page(self, who, chance):
        url = chance.choice(self.stack.engines).url
        items = call("GET", url + "/api/v1/approvals?status=pending&limit=100")["items"]
        chance.shuffle(items)  # so that reviewers race for some of them
        for item in items[:20]:
            if self.closing.is_set():
                return
            card = call("GET", f"{url}/api/v1/approvals/{item['id']}")
            decision = self._opinion(item, card)
            if decision is None:
                continue
            digest = card["digest"]
            if chance.random() < 0.05:  # looked at something else: must not count
                digest = "0" * len(digest)
            self._decide(url, item["id"], decision, digest, who, card["digest"] == digest)

    def is_left(self, approval):
        """Some questions of the last moments are left for tomorrow."""
        return random.Random(f"{self.stack.seed}/left/{approval}").random() < 0.1

    def _opinion(self, item, card):
        if item["kind"] != "resolution":
            if self.stopping.is_set() and self.is_left(item["id"]):
                return None
            draw = random.Random(f"{self.stack.seed}/decision/{item['id']}")
            return "approve" if draw.random() < 0.8 else "reject"
        seen = self.first_seen.setdefault(item["id"], time.monotonic())
        if time.monotonic() - seen < LOOK_AFTER_S:
            return None
        return self._look_up(card)

    first_seen = {}

    def _look_up(self, card):
        arguments = card["arguments"] or {}
        reference = arguments.get("reference") or arguments.get("arguments", {}).get("reference")
        tool = re.search(r"chaos\.post_([abc])\b", card["sentence"])
        if reference is None or not tool:
            self.surprises.append(f"a resolution names no call: {json.dumps(card)[:300]}")
            return None
        # The same reference is booked again when its step is tried again; only its key tells which.
        name = f"reference={reference}" if tool.group(1) == "c" else f"key={card['key']}"
        found = call("GET", f"{self.stack.tool_url}/ledger?class={tool.group(1)}&{name}")
        return "applied" if found["count"] else "absent"

    def _decide(self, url, approval, decision, digest, who, is_right):
        body = {
            "decision": decision, "digest": digest, "by": who, "comment": "",
            "decisionId": str(uuid.uuid4()),
        }  # fmt: skip
        try:
            call("POST", f"{url}/api/v1/approvals/{approval}/decisions", body)
            if is_right:
                self.approvals.add(approval)
        except Refused:
            pass  # somebody was faster, or the digest was the wrong one: both are part of the run
