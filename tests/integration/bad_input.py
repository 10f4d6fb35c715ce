#!/usr/bin/env python3
"""What a person is told when something is wrong: place, remedy and exit code.

  bad_input.py BIN      BIN is the folder with the built programs

Starts a PostgreSQL of its own. Prints one line per case and ends with `N passed, N failed`.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

from cases import case, says, verdict

BIN = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="resolute-bad-"))
FOLDER.chmod(0o755)

GOOD = """document: { dsl: 1.0.3, namespace: test, name: %s, version: 1.0.0 }
do:
  - first:
      set: { answer: 42 }
"""


def resolute(*arguments, database=None, timeout=60, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RESOLUTE_")}
    if database:
        environment["RESOLUTE_DATABASE_URL"] = database
    environment.update(variables)
    return subprocess.run(
        [BIN / "resolute", *map(str, arguments)],
        env=environment,
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )


def workflow(name, text):
    path = FOLDER / f"{name}.yaml"
    path.write_text(text)
    return path


def lint_cases():
    head = "document: { dsl: 1.0.3, namespace: t, name: w, version: 1.0.0 }\n"
    broken = workflow("malformed", head + "do:\n  - a:\n      set: { x: [1, 2 }\n")
    says("malformed YAML", resolute("lint", broken), 2, "malformed.yaml:")
    unknown = workflow("unknown", head + "do:\n  - a:\n      swich: []\n")
    says("an unknown kind of step", resolute("lint", unknown), 2, "unknown.yaml:4:7", "switch")
    jq = workflow("jq", head + "do:\n  - a:\n      set: { x: '${ .a | }' }\n")
    says("a broken expression", resolute("lint", jq), 2, "jq.yaml:4:")
    typed = workflow("typed", head + "do:\n  - a:\n      set: 7\n      then: [1]\n")
    says("wrong types", resolute("lint", typed), 2, "typed.yaml:")
    twice = workflow("twice", head + "do:\n  - a:\n      set: { x: 1 }\n      set: { x: 2 }\n")
    says("a key that is there twice", resolute("lint", twice), 2, "twice.yaml:5:7")
    refused = workflow("grpc", head + "do:\n  - a:\n      call: grpc\n      with: {}\n")
    says("a construct that is not supported", resolute("lint", refused), 2, "grpc.yaml:", "grpc")
    says("no such folder", resolute("lint", FOLDER / "nowhere"), 2, "nowhere")
    says("a good file", resolute("lint", workflow("good", GOOD % "good")), 0, "no errors")


def machine_cases():
    absent = "postgresql:///postgres?host=/nonexistent"
    says("PostgreSQL is absent", resolute("runs", database=absent), 5, "/nonexistent")
    says("no database is configured", resolute("runs"), 5, "RESOLUTE_DATABASE_URL")
    says("an unknown flag", resolute("runs", "--colour"), 2, "--colour")
    says("an unknown setting", unknown_setting(), 2, "resolute.yaml:1:1", "databse")


def unknown_setting():
    project = FOLDER / "typo"
    project.mkdir()
    (project / "resolute.yaml").write_text("databse: postgresql:///x\n")
    return resolute("config", "--project", project)


def database_cases(database):
    behind = resolute("runs", database=database)
    says("a schema that was never made", behind, 5, "resolute migrate")
    says("migrate", resolute("migrate", database=database), 0, "version")
    says("migrate again", resolute("migrate", database=database), 0, "up to date")
    file = workflow("run", GOOD % "run")
    done = resolute("start", file, "--wait", "--json", database=database)
    says("a file runs from nothing", done, 0, '"status":"completed"', '"answer":42')
    again = resolute("start", file, "--case", "C-1", "--wait", "--json", database=database)
    first = json.loads(again.stdout)["run"]
    same = resolute("start", file, "--case", "C-1", "--wait", "--json", database=database)
    says("the same case is the same run", same, 0, first)
    says("input that is no JSON", resolute("start", file, "--input", "{", database=database), 2)
    nothing = resolute("start", "test/none", database=database)
    says("a workflow that is not deployed", nothing, 2, "test/none", "test/run")
    raising = workflow("raising", RAISES)
    says("a run that faults", resolute("start", raising, "--wait", database=database), 1, "faulted")
    waiting = workflow("waiting", WAITS)
    slow = resolute("start", waiting, "--wait", "--timeout", "PT1S", database=database)
    says("a run that still waits", slow, 4, "waits until")
    bad_id = resolute("show", "0199-no", database=database)
    says("what is no run id", bad_id, 2, "not the id of a run")
    wrong_password(database)
    port_in_use(database)
    corrupted_history(database, file)


RAISES = """document: { dsl: 1.0.3, namespace: test, name: raising, version: 1.0.0 }
do:
  - stop:
      raise:
        error:
          type: https://serverlessworkflow.io/spec/1.0.0/errors/runtime
          status: 500
          title: No
"""
WAITS = """document: { dsl: 1.0.3, namespace: test, name: waiting, version: 1.0.0 }
do:
  - pause:
      wait: PT1H
"""


def wrong_password(database):
    rules = FOLDER / "pg" / "data" / "pg_hba.conf"
    rules.write_text("local all locked scram-sha-256\n" + rules.read_text())
    commands = "create role locked login password 'right'; select pg_reload_conf()"
    subprocess.run(["psql", "-q", "-o", "/dev/null", database, "-c", commands], check=True)
    locked = database.replace("postgres@", "locked:mistaken@")
    done = resolute("runs", database=locked)
    says("a wrong password", done, 5, "password")
    said = done.stdout + done.stderr
    case("a wrong password is not repeated", "mistaken" not in said, said)


def port_in_use(database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = resolute("serve", "--listen", address, database=database)
        says("a port that is in use", done, 5, "already in use", "--listen")
    outside = resolute("serve", "--listen", "0.0.0.0:0", database=database)
    says("an address that others reach", outside, 2, "this machine only")


def corrupted_history(database, file):
    second = workflow("w2", WAITS.replace("name: waiting", "name: w2"))
    started = resolute("start", second, "--json", database=database)
    run = json.loads(started.stdout)["run"]
    change = (
        "update resolute.history set at = at + interval '1 second' "
        f"where run_id = '{run}' and sequence = 1"
    )
    subprocess.run(["psql", "-q", database, "-c", change], check=True)
    resolute("cancel", run, database=database)
    resolute("start", file, "--wait", database=database)  # somebody serves for a moment
    shown = resolute("runs", "--status", "quarantined", "--json", database=database)
    says("a history that was changed is set aside", shown, 0, run)


def main():
    lint_cases()
    machine_cases()
    server = subprocess.Popen(
        [BIN / "resolute", "postgres", FOLDER / "pg", "--json"], stdout=subprocess.PIPE, text=True
    )
    try:
        database_cases(json.loads(server.stdout.readline())["database"])
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(FOLDER, ignore_errors=True)
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
