#!/usr/bin/env bash
# kill, pause or cut off an engine at every named line, and check what came of it
#
#   ./dev crashpoints [--only NAME]... [--short] [--jobs N] [--json]
#
#   --only   only this line of base/failpoint_names.h; may be given again
#   --short  the eight crashes that ./dev test plays, in about fifteen seconds
#   --jobs   crashes played at a time (default 4)
#   --json   prints one JSON object instead of a line
#
# Real processes, a real PostgreSQL, a payments service with a ledger. Exits 1 when a run is lost,
# an effect is doubled or missing, a history does not verify, or a line was never reached. Builds
# first.

first build resolute refund_payments
exec python3 tests/crashpoints/crashpoints.py --bin "$PWD/build/dev/bin" "$@"
