#!/usr/bin/env bash
# resolve a dozen refund cases and show them in the console
#
#   ./dev demo [--once] [--json] [--crash] [--model-url URL --model NAME]
#
#   --once       a scripted reviewer decides through the public API; exits 0 only if every case
#                ended as expected
#   --json       prints one JSON object with what became of each case
#   --crash      kills the engine at random moments, and stops Postgres once as a power cut would
#   --model-url  asks a real model, at any OpenAI-compatible URL, instead of the scripted one
#
# Installs what is missing, builds, starts a private Postgres, a payments service, an orders MCP
# server and the engine with its console, and stays up until Ctrl-C.

first build
exec python3 examples/refund/demo.py --bin "$PWD/build/dev/bin" "$@"
