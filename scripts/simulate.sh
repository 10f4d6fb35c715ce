#!/usr/bin/env bash
# simulate worlds in which everything goes wrong, and check the invariants
#
#   ./dev simulate [--seeds N] [--from S] [--threads T] [--json]
#   ./dev simulate --print-workflow SEED [--for-chaos]
#
#   --seeds    how many worlds (default 1000); with 1 the whole story of a failing world is told
#   --from     the first seed (default 1)
#   --threads  how many worlds at a time (default: one for each core)
#   --json     one JSON object: what was tried, how often each check looked, what failed
#
# Several processes with clocks of their own, one database that loses answers, tools of every class,
# people who race. A seed decides all; one that fails names the command that repeats it. Exits 1
# when an invariant broke, or when, of 1,000 worlds or more, some fault never struck.
# --print-workflow prints the random workflow of a seed as YAML; with --for-chaos one that calls the
# tools of the chaos run. More: tests/simulation/README.md

first build resolute_simulate
exec build/dev/bin/resolute_simulate "$@"
