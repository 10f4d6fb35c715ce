#!/usr/bin/env bash
# check the model of effects and its mutants (docs/models)
#
#   ./dev model [--json] [--three] [--short] [--trace NAME]
#
#   --json   prints one JSON object instead of a table
#   --three  also with three members, which takes some minutes more
#   --short  with fewer faults, as ./dev test does
#   --trace  prints the shortest counterexample of one mutant as sentences
#
# Spin searches every order of events. Exits 1 when the model breaks an invariant, when a mutant is
# not caught by the invariant that it is meant to break, or when a search ended early.

command -v spin >/dev/null || fail "spin is missing." "Run ./dev setup, or: apt-get install spin"
exec python3 docs/models/check.py "$@"
