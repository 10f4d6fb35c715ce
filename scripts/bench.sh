#!/usr/bin/env bash
# measure the engine against what its PostgreSQL can do at best
#
#   ./dev bench [--json] [--only WORKLOAD] [--repeat N] [OPTION...]
#
# Builds the release preset and measures on a private PostgreSQL with every commit on disk. --json
# prints one JSON object instead of a table; bench/README.md says what is measured, and
# `build/release/bin/resolute_bench --help` lists all options. Needs a quiet machine.

first build --preset release resolute_bench
exec build/release/bin/resolute_bench "$@"
