#!/usr/bin/env python3
"""Runs the features of the language against the real program.

  run.py BIN [NAME or FILE.feature]...     BIN is the folder with the built programs

Prints one line per scenario and ends with `N passed, N failed`; exits with 1 when one failed.
"""

import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile

import gherkin
from sentences import Failed, Telling
from shop import Shop
from world import World

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 4


def features(names):
    files = [pathlib.Path(name) for name in names if name.endswith(".feature")]
    words = [name for name in names if not name.endswith(".feature")]
    if files and not words:
        return files
    own = sorted((HERE / "features").glob("*.feature"))
    return files + [path for path in own if not words or any(w in path.stem for w in words)]


def tell(world, path, number, scenario):
    """What went wrong, or nothing."""
    telling = Telling(world, f"{path.stem}-{number}")
    for step in scenario.steps:
        try:
            telling.tell(step)
        except (Failed, RuntimeError) as error:
            return f"{path.name}:{step.line}: {error}"
    return None


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    told = [(path, number, scenario) for path in features(sys.argv[2:])
            for number, scenario in enumerate(gherkin.read(path.read_text()), 1)]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="resolute-dsl-"))
    os.chmod(folder, 0o755)  # PostgreSQL does not run as root, and must get in
    failed = 0
    shop = Shop()
    world = World(programs, folder, shop)
    try:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            problems = pool.map(lambda one: tell(world, *one), told)
            for (path, _, scenario), problem in zip(told, problems):
                failed += problem is not None
                print(f"FAIL {path.stem}: {scenario.title}\n     {problem}" if problem
                      else f"ok   {path.stem}: {scenario.title}", flush=True)
    finally:
        world.close()
        shop.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(told) - failed} passed, {failed} failed")
    return 1 if failed or not told else 0


if __name__ == "__main__":
    sys.exit(main())
