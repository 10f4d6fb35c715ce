#!/usr/bin/env bash
# measure the engine against what its Postgres can do at best
#
#   ./dev bench [OPTION...]
#
# Builds the release preset and runs `resolute bench` on a private Postgres. Options are passed on;
# --json prints one JSON object instead of a table.

first build --preset release
exec build/release/bin/resolute bench "$@"
