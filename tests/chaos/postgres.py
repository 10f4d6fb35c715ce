"""A PostgreSQL primary with a synchronous standby, which can take over from it."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess

import wire
from processes import Program, comes_true, send_signal, wait_until

SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "60",
    "superuser_reserved_connections": "6",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "hot_standby": "on",
    "wal_keep_size": "'128MB'",
    "max_wal_size": "'128MB'",
    "min_wal_size": "'16MB'",
    "synchronous_commit": "on",
    "deadlock_timeout": "'300ms'",
    "shared_buffers": "'32MB'",
    "wal_receiver_status_interval": "'1s'",
    "wal_retrieve_retry_interval": "'200ms'",
    "log_line_prefix": "'%m [%p] %a '",
}
SIZE_MB = 600  # of the file system of each server, when it can have one


class NoPostgres(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programs_folder():
    try:
        found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        folders = [found.stdout.strip()]
    except FileNotFoundError:
        folders = []
    folders += sorted(map(str, pathlib.Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for folder in folders:
        if folder and os.access(os.path.join(folder, "initdb"), os.X_OK):
            return pathlib.Path(folder)
    raise NoPostgres("PostgreSQL is not installed; ./dev setup installs it")


class Server:
    """One data directory and the server on it."""

    def __init__(self, name, folder, programs, user, is_small):
        self.name, self.programs, self.user = name, programs, user
        self.home, self.port = folder / name, free_port()
        self.data, self.log = self.home / "data", folder / f"{name}.log"
        self.home.mkdir()
        self.is_small = is_small
        if is_small:  # a file system of its own, so that its disk can be filled
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(self.home)],
                check=True,
            )
        self.log.touch()
        if user:
            shutil.chown(self.home, user)
            shutil.chown(self.log, user)
        self.program = Program(
            name, [str(programs / "postgres"), "-D", str(self.data)], {}, self.log, user
        )

    def tool(self, name, *arguments):
        done = subprocess.run(
            [str(self.programs / name), *arguments],
            capture_output=True, text=True, user=self.user, timeout=120, cwd=self.home,
        )  # fmt: skip
        if done.returncode != 0:
            raise NoPostgres(f"{name} failed: {done.stderr.strip()[-500:]}")

    def make(self):
        self.tool("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync", "--no-instructions", "--wal-segsize=4")  # fmt: skip
        lines = [f"{name} = {value}\n" for name, value in SETTINGS.items()]
        with open(self.data / "postgresql.conf", "a") as file:
            file.writelines(lines)
        self.set_port()

    def set_port(self):
        path = self.data / "postgresql.auto.conf"
        with open(path, "a") as file:
            file.write(f"port = {self.port}\n")

    def copy_from(self, primary):
        shutil.rmtree(self.data, ignore_errors=True)
        self.tool("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres",
                  "-D", str(self.data), "-R", "-X", "stream", "-c", "fast",
                  "--no-sync")  # fmt: skip
        self.set_port()

    def start(self, patience_s=60):
        """Again and again: after a kill the shared memory of the last one may be busy still."""
        wait_until(self.comes_up, f"{self.name} comes up; see {self.log}", patience_s, 0.2)

    def comes_up(self):
        self.program.start(announces=False)
        comes_true(lambda: self.answers() or not self.program.is_running(), 30)
        if self.program.is_running() and self.answers():
            return True
        self.program.end(signal.SIGQUIT)
        return False

    def stop(self, how):
        self.program.end(how)

    def answers(self):
        try:
            self.ask("select 1", "postgres")
            return True
        except (OSError, wire.SqlError):
            return False

    def ask(self, sql, database="resolute", timeout_s=10):
        with wire.Client(self.port, database=database, timeout_s=timeout_s) as client:
            return client.query(sql)

    def engine_backends(self):
        """Process ids of the sessions of the engines."""
        rows = self.ask(
            "select pid from pg_stat_activity where application_name like 'resolute%'"
            " and backend_type = 'client backend'"
        )
        return [int(row[0]) for row in rows]


class Cluster:
    def __init__(self, folder, is_small):
        self.programs = programs_folder()
        self.user = None
        if os.geteuid() == 0:
            self.user = "postgres"
            pwd.getpwnam(self.user)
        self.primary = Server("postgres-1", folder, self.programs, self.user, is_small)
        self.standby = Server("postgres-2", folder, self.programs, self.user, is_small)
        self.promotions = 0

    def start(self):
        self.primary.make()
        self.primary.start()
        self.primary.ask("create role resolute login", "postgres")
        self.primary.ask("create database resolute owner resolute", "postgres")
        self.join_standby()

    def join_standby(self):
        """A fresh standby; from here on every commit waits for it."""
        self.standby.copy_from(self.primary)
        self.standby.start()
        self.primary.ask("alter system set synchronous_standby_names = '*'", "postgres")
        self.primary.ask("select pg_reload_conf()", "postgres")
        wait_until(self.is_synchronous, "the standby follows its primary", 30, 0.1)

    def is_synchronous(self):
        try:
            rows = self.primary.ask("select sync_state, state from pg_stat_replication")
        except (OSError, wire.SqlError):
            return False
        return ("sync", "streaming") in rows

    def has_caught_up(self):
        """True when whatever anyone could see on the primary is on the standby's disk as well.

        A primary that recovers from a crash shows commits that no standby has yet; a failover then
        would lose them, on every PostgreSQL, so who fails over must look first.
        """
        try:
            now = self.primary.ask("select pg_current_wal_flush_lsn()")[0][0]
            return comes_true(
                lambda: self.is_synchronous()
                and self.primary.ask(
                    f"select bool_or(flush_lsn >= '{now}') from pg_stat_replication"
                )[0][0] == "t",
                10, 0.05,
            )  # fmt: skip
        except (OSError, wire.SqlError):
            return False

    def promote(self):
        """The standby becomes the primary; the old one must have ended."""
        self.primary, self.standby = self.standby, self.primary
        self.primary.ask("alter system reset synchronous_standby_names", "postgres")
        self.primary.ask("select pg_promote(true, 30)", "postgres", timeout_s=40)
        self.primary.ask("select pg_reload_conf()", "postgres")
        self.promotions += 1

    def heal(self):
        """Both servers run and the standby follows; whatever a fault left behind."""
        for server in (self.primary, self.standby):
            if not server.program.is_running():
                server.start()
        if not comes_true(self.is_synchronous, 20, 0.1):
            self.standby.stop(signal.SIGQUIT)
            self.join_standby()

    def stop(self):
        for server in (self.standby, self.primary):
            if server.program.is_running():
                send_signal(server.program.process.pid, signal.SIGCONT)
                server.stop(signal.SIGQUIT)
            if server.is_small:
                subprocess.run(["umount", "-l", str(server.home)], check=False)
