"""PostgreSQL, one engine that serves it, and workflows that are started there."""

import json
import os
import pathlib
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "chaos"), str(ROOT / "examples" / "refund")]
from processes import Program  # noqa: E402

PATIENCE = "PT20S"
REFUSED, WAITING = 2, 4  # exit codes of `resolute start`


class World:
    def __init__(self, programs, folder, shop):
        self.resolute, self.folder, self.shop = str(programs / "resolute"), folder, shop
        self.postgres = Program(
            "postgres", [self.resolute, "postgres", str(folder / "pg"), "--json"], {},
            folder / "postgres.log",
        )  # fmt: skip
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("RESOLUTE_")}
        self.environment["RESOLUTE_DATABASE_URL"] = self.postgres.start()["database"]
        self.environment["RESOLUTE_PROJECT"] = str(HERE / "project")
        self.environment["SHOP_PASSWORD"] = shop.password
        self.engine = None
        self.run("migrate")
        self.run("deploy", str(HERE / "project"))
        self.engine = Program(
            "engine", [self.resolute, "serve", "--json", "--listen", "127.0.0.1:0"],
            self.environment, folder / "engine.log",
        )  # fmt: skip
        self.engine.start()

    def run(self, *arguments, expects=(0,)):
        done = subprocess.run(
            [self.resolute, *arguments], env=self.environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        if done.returncode not in expects:
            raise RuntimeError(f"resolute {arguments[0]}: {done.stdout}{done.stderr}")
        return done

    def file(self, name, text):
        path = self.folder / f"{name}.yaml"
        path.write_text(text.replace("http://petshop.test", self.shop.url))
        return str(path)

    def deploy(self, name, text):
        """So that other workflows can run it: a start of its own that nobody looks at."""
        self.run("start", self.file(name, text), "--json", expects=(0, 1, WAITING))

    def execute(self, name, text, value):
        """What became of it: {run, status, output or error}, or {refused: what was said}."""
        done = self.run(
            "start", self.file(name, text), "--input", json.dumps(value), "--wait", "--json",
            "--timeout", PATIENCE, expects=(0, 1, REFUSED, 3, WAITING),
        )  # fmt: skip
        if done.returncode == REFUSED:
            return {"refused": done.stdout + done.stderr}
        return json.loads(done.stdout.splitlines()[-1])

    def history(self, run):
        said = self.run("history", run, "--json").stdout
        return [json.loads(line) for line in said.splitlines()]

    def close(self):
        if self.engine:
            self.engine.end(signal.SIGTERM)
        self.postgres.end(signal.SIGTERM)
