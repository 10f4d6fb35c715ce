"""What is done to PostgreSQL: crashes, failover, locks, a full disk, too many connections."""

import signal

import wire
from processes import children_of, comes_true, has_ended, send_signal, wait_until


class NotPossible(Exception):
    """Said of a fault that this machine does not allow; the reason goes into the report."""


def backend_killed(chaos):
    """kill -9 of one session: PostgreSQL ends all of them and recovers."""
    chaos.cluster.heal()
    primary = chaos.cluster.primary
    start = primary.program.log_size()
    if not strike_backend(chaos, signal.SIGKILL):
        return False
    hit = comes_true(lambda: b"was terminated by signal 9" in primary.program.log_since(start), 10)
    wait_until(primary.answers, f"{primary.name} answers", 30, 0.1)
    chaos.cluster.heal()
    return bool(hit)


def backend_paused(chaos):
    chaos.cluster.heal()
    pid = strike_backend(chaos, signal.SIGSTOP)
    try:
        chaos.rest(2, 5)
    finally:
        if pid:
            send_signal(pid, signal.SIGCONT)
    return bool(pid)


def strike_backend(chaos, how):
    try:
        backends = chaos.cluster.primary.engine_backends()
    except (OSError, wire.SqlError):
        return None
    if not backends:
        return None
    pid = chaos.chance.choice(backends)
    return pid if send_signal(pid, how) else None


def postmaster_killed(chaos):
    """kill -9 of the server's first process; the others notice and end."""
    return restarted(chaos, signal.SIGKILL)


def postgres_stopped_immediately(chaos):
    """As a power cut would: nothing is written back, the next start recovers."""
    return restarted(chaos, signal.SIGQUIT)


def restarted(chaos, how):
    chaos.cluster.heal()
    primary = chaos.cluster.primary
    sessions = children_of(primary.program.process.pid)
    primary.stop(how)
    wait_until(lambda: all(map(has_ended, sessions)), "every session ended with its server", 10)
    chaos.rest(0, 2)
    primary.start()
    chaos.cluster.heal()
    return len(sessions) > 0


def failover(chaos):
    """The primary dies and the standby takes over; a new standby is made from it."""
    cluster = chaos.cluster
    cluster.heal()
    if not cluster.has_caught_up():
        return False
    cluster.primary.stop(signal.SIGQUIT)
    chaos.proxy.target = None
    for door in chaos.proxy.doors:
        door.drop_all()
    cluster.promote()
    chaos.proxy.target = cluster.primary.port
    chaos.rest(0.5, 2)
    cluster.join_standby()
    rows = cluster.primary.ask("select pg_is_in_recovery()")
    return rows == [("f",)]


def standby_killed(chaos):
    """Every commit waits until the standby is back."""
    chaos.cluster.heal()
    chaos.cluster.standby.stop(signal.SIGKILL)
    chaos.rest(1, 3)
    chaos.cluster.heal()
    return True


def standby_paused(chaos):
    chaos.cluster.heal()
    pid = chaos.cluster.standby.program.process.pid
    stopped = [one for one in [pid, *children_of(pid)] if send_signal(one, signal.SIGSTOP)]
    try:
        chaos.rest(2, 4)
    finally:
        for one in stopped:
            send_signal(one, signal.SIGCONT)
    return len(stopped) > 1


def engine_is_blocked_by(chaos, session):
    rows = chaos.cluster.primary.ask(
        "select count(*) from pg_stat_activity where application_name like 'resolute%'"
        f" and {session} = any (pg_blocking_pids(pid))"
    )
    return rows[0][0] != "0"


def told(chaos, code):
    """How often an engine was told this SQLSTATE."""
    return chaos.proxy.errors[code]


def deadlock(chaos):
    """Another session locks runs and then writers; a batch locks its writer and then runs."""
    chaos.cluster.heal()
    before = told(chaos, "40P01")
    with wire.Client(chaos.cluster.primary.port, timeout_s=20) as other:
        other.query("set deadlock_timeout = '3s'")  # the engine looks first, and gives way
        other.query("set search_path = resolute")
        pid = other.query("select pg_backend_pid()")[0][0]
        other.query("begin")
        other.query(
            "select from run where status in ('running', 'waiting')"
            " order by random() limit 60 for update skip locked"
        )
        if comes_true(lambda: engine_is_blocked_by(chaos, pid), 6, 0.01):
            try:
                other.query("select from writer for update")
            except wire.SqlError:  # the engine had looked already: this connection gave way
                pass
        other.query("rollback")
    return bool(comes_true(lambda: told(chaos, "40P01") > before, 2))


def serialization(chaos):
    """Under REPEATABLE READ a batch meets rows that somebody else changed meanwhile."""
    chaos.cluster.heal()
    before = told(chaos, "40001")
    primary = chaos.cluster.primary
    primary.ask("alter role resolute set default_transaction_isolation = 'repeatable read'")
    try:
        primary.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'resolute'"
        )
        for _ in range(3):
            if conflict(chaos) and comes_true(lambda: told(chaos, "40001") > before, 2):
                break
    finally:
        primary.ask("alter role resolute reset default_transaction_isolation")
        primary.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'resolute'"
        )
    return told(chaos, "40001") > before


def conflict(chaos):
    with wire.Client(chaos.cluster.primary.port, timeout_s=20) as other:
        other.query("set search_path = resolute")
        pid = other.query("select pg_backend_pid()")[0][0]
        other.query("begin")
        other.query(
            "update run set updated_at = updated_at where run_id in (select run_id from run"
            " where status in ('running', 'waiting') order by random() limit 60"
            " for update skip locked)"
        )
        blocked = comes_true(lambda: engine_is_blocked_by(chaos, pid), 4, 0.01)
        other.query("commit")
        return blocked


def connection_storm(chaos):
    """Somebody takes every connection that the server has, while an engine must reconnect."""
    chaos.cluster.heal()
    before = told(chaos, "53300")
    taken = []
    try:
        for door in chaos.proxy.doors:
            door.drop_all()
        storm_s = chaos.chance.uniform(2, 4)
        comes_true(lambda: take_connections(chaos, taken), storm_s, 0.05)
    finally:
        for client in taken:
            client.close()
    return told(chaos, "53300") > before


def take_connections(chaos, taken):
    """Until none is left; returns None, to be repeated: an engine may lose one."""
    try:
        while True:
            taken.append(wire.Client(chaos.cluster.primary.port, user="resolute"))
    except (OSError, wire.SqlError):  # none is left, as wanted
        pass


def disk_full(chaos):
    """Not a byte is left on the primary's file system, for as long as it takes to notice."""
    primary = chaos.cluster.primary
    if not primary.is_small:
        raise NotPossible("a file system of its own needs root and the right to mount")
    chaos.cluster.heal()
    before, start = told(chaos, "53100"), primary.program.log_size()
    ballast = primary.home / "ballast"
    try:
        fill(ballast)
        hit = comes_true(
            lambda: fill(ballast)
            or told(chaos, "53100") > before
            or b"No space left on device" in primary.program.log_since(start),
            12, 0.1,
        )  # fmt: skip
        chaos.rest(0.5, 2)
    finally:
        ballast.unlink()
    chaos.cluster.heal()
    return bool(hit)


def fill(path):
    """Takes what is left; returns None, so that it can be repeated while waiting."""
    with open(path, "ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:  # full, as wanted
                pass


def all_faults():
    """What is done to PostgreSQL, by the name under which it is counted."""
    strikes = (
        backend_killed, backend_paused, postmaster_killed, postgres_stopped_immediately, failover,
        standby_killed, standby_paused, deadlock, serialization, connection_storm, disk_full,
    )  # fmt: skip
    return {strike.__name__: strike for strike in strikes}
