#!/usr/bin/env bash
# measure the engine against what its Postgres can do at best
#
#   ./dev bench [--json] [--short] [--only NAME]... [--repeat N] [--seconds N]
#               [--in-flight N] [--committers N]
#
#   --json     one JSON object instead of a table
#   --short    one round of one second each: does it work at all?
#   --only     ceiling, chain10-read, chain10-write, latency or start-to-result
#
# Builds the release preset and measures on a private Postgres of its own, which waits for the disk
# at every commit. Medians of five rounds; ratios hold on a busy machine too, plain numbers do not.

first build --preset release resolute_bench
exec build/release/bin/resolute_bench "$@"
