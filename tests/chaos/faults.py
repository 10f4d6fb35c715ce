"""What is done to the engines and to the tools; each fault says whether it really struck.

A fault is a function of `Chaos` that returns True when there is proof that it hit: a process that
was running and is gone, an answer that was cut. What cannot be done here raises NotPossible with
the reason, and is reported as such.
"""

import signal
import socket
import threading

from faults_postgres import NotPossible
from processes import comes_true, descendants_of, program_of, send_signal
from proxy import CUTS
from stack import LEASE_S

TOOL_FAULTS = (
    "tool_lost_before", "tool_lost_after", "tool_error_before", "tool_error_after",
    "tool_late_answer", "tool_late_effect", "tool_slow_loris", "tool_unavailable",
    "tool_garbage", "tool_read_error", "tool_read_slow_loris",
)  # fmt: skip


class Chaos:
    def __init__(self, stack, chance):
        self.stack, self.cluster, self.proxy = stack, stack.cluster, stack.proxy
        self.chance = chance
        self.over = threading.Event()

    def engine(self):
        return self.engines(1)[0]

    def engines(self, count):
        """Some of them; one that has ended by itself is a finding, and is started again."""
        chosen = self.chance.sample(self.stack.engines, count)
        for engine in chosen:
            if not engine.program.is_running():
                status = engine.program.end(signal.SIGKILL)
                engine.program.start_again()
                raise RuntimeError(f"{engine.name} had ended by itself with {status}")
        return chosen

    def rest(self, least_s, most_s):
        self.over.wait(self.chance.uniform(least_s, most_s))


# ---- processes


def engine_killed(chaos):
    program = chaos.engine().program
    chaos.rest(0, 0.5)
    status = program.end(signal.SIGKILL)
    chaos.rest(0, 2 * LEASE_S)
    program.start_again()
    return status == -signal.SIGKILL


def engines_killed_together(chaos):
    engines = chaos.engines(2)
    statuses = [engine.program.end(signal.SIGKILL) for engine in engines]
    chaos.rest(0, LEASE_S)
    for engine in engines:
        engine.program.start_again()
    return statuses == [-signal.SIGKILL] * 2


def engine_left(chaos):
    """Asked to stop, as at a roll-out, and started again."""
    program = chaos.engine().program
    status = program.end(signal.SIGTERM, 20)
    program.start_again()
    if status < 0:  # it crashed, or did not stop in time
        raise RuntimeError(f"{program.name} ended with {status} when it was asked to stop")
    return True


def engine_paused(chaos):
    """Stopped for longer than its lease; sometimes for longer than any settle time."""
    program = chaos.engine().program
    program.pause()
    try:
        chaos.rest(1.5 * LEASE_S, 4.5 * LEASE_S)
    finally:
        program.go_on()
    return program.is_running()


def tool_server_killed(chaos):
    status = chaos.stack.tool_server.end(signal.SIGKILL)
    chaos.rest(0, 1)
    chaos.stack.start_tool_server()
    return status == -signal.SIGKILL


def tool_server_paused(chaos):
    return paused_for(chaos, chaos.stack.tool_server, 4)


def payments_killed(chaos):
    status = chaos.stack.payments.end(signal.SIGKILL)
    chaos.rest(0, 1)
    chaos.stack.payments.start()
    return status == -signal.SIGKILL


def payments_paused(chaos):
    return paused_for(chaos, chaos.stack.payments, 4)


def paused_for(chaos, program, most_s):
    program.pause()
    try:
        chaos.rest(1, most_s)
    finally:
        program.go_on()
    return program.is_running()


def orders_killed(chaos):
    """The MCP server that an engine talks to over standard input and output."""
    return strike_orders(chaos, signal.SIGKILL)


def orders_paused(chaos):
    return strike_orders(chaos, signal.SIGSTOP)


def strike_orders(chaos, how):
    found = comes_true(lambda: orders_servers(chaos), 10, 0.1)
    if not found:
        return False
    victim = chaos.chance.choice(found)
    hit = send_signal(victim, how)
    if how == signal.SIGSTOP:
        try:
            chaos.rest(1, 4)
        finally:
            send_signal(victim, signal.SIGCONT)
    return hit


def orders_servers(chaos):
    pids = [e.program.process.pid for e in chaos.stack.engines if e.program.is_running()]
    return [
        child
        for pid in pids
        for child in descendants_of(pid)
        if program_of(child) == "refund_orders"
    ]


# ---- the network


def cut(kind):
    def strike(chaos):
        before = chaos.proxy.cuts[kind]
        chaos.proxy.arm(kind)
        hit = comes_true(lambda: chaos.proxy.cuts[kind] > before, 10)
        chaos.proxy.disarm()
        return bool(hit)

    strike.__doc__ = "A connection broken around a COMMIT."
    return strike


def partition(chaos):
    """One engine cannot reach its database for longer than its lease, and nobody tells it."""
    door = chaos.engine().door
    links = len(door.links)
    door.freeze()
    try:
        chaos.rest(1.5 * LEASE_S, 4 * LEASE_S)
    finally:
        door.thaw()
    return links > 0


def connections_dropped(chaos):
    door = chaos.engine().door
    links = len(door.links)
    door.drop_all()
    return links > 0


def api_storm(chaos):
    """Clients that connect to an engine and then say nothing, or half a request."""
    port = chaos.engine().port
    sockets = []
    try:
        for number in range(300):
            try:
                client = socket.create_connection(("127.0.0.1", port), timeout=2)
            except OSError:  # full, which is what a storm does
                break
            sockets.append(client)
            if number % 2:
                client.sendall(b"POST /api/v1/runs HTTP/1.1\r\nContent-Le")
        chaos.rest(1, 3)
        return len(sockets) >= 100
    except OSError:
        return len(sockets) >= 100
    finally:
        for client in sockets:
            client.close()


# ---- clocks


def clock_forward(chaos):
    return clock_jump(chaos, chaos.chance.choice((5, 60, 3600)))


def clock_backward(chaos):
    return clock_jump(chaos, -chaos.chance.choice((5, 60, 3600)))


def clock_jump(chaos, seconds):
    """The wall clock of one engine jumps, stays wrong for a while, and jumps back."""
    if not chaos.stack.faketime:
        raise NotPossible("libfaketime is not installed")
    engine = chaos.engine()
    start = engine.program.log_size()
    engine.set_clock(seconds)
    try:
        told = lambda: b"the wall clock jumped" in engine.program.log_since(start)  # noqa: E731
        noticed = comes_true(told, 5, 0.1)
        chaos.rest(1, 4)
    finally:
        engine.set_clock(0)
    return bool(noticed)


def all_faults():
    """What is done to engines, tools and the network, by the name under which it is counted."""
    strikes = (
        engine_killed, engines_killed_together, engine_left, engine_paused, tool_server_killed,
        tool_server_paused, payments_killed, payments_paused, orders_killed, orders_paused,
        partition, connections_dropped, api_storm, clock_forward, clock_backward,
    )  # fmt: skip
    return {strike.__name__: strike for strike in strikes} | {kind: cut(kind) for kind in CUTS}
