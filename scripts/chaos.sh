#!/usr/bin/env bash
# hurt real processes on a real PostgreSQL while they work, and look for what went wrong
#
#   ./dev chaos [--minutes M] [--seed S] [--rate R] [--only FAULT]... [--json] [--keep]
#
#   --minutes  how long faults are struck (default 3); one whole round of them is always finished
#   --seed     of everything that is drawn; printed, so that a run can be repeated
#   --rate     runs started a second (default 3)
#   --only     strikes only this fault; may be given again (tests/chaos/README.md lists them)
#   --json     prints one JSON object instead of a table
#   --keep     keeps logs and ledgers also when nothing was found
#
# Three engines, a primary with a synchronous standby, tools with ledgers of their own, reviewers.
# Exits 1 when anything is lost, doubled or stuck, or when a fault never struck. What a machine does
# not allow, as filling a disk without root, is said in its row. Builds first.

first build
exec python3 tests/chaos/chaos.py --bin "$PWD/build/dev/bin" "$@"
