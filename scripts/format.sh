#!/usr/bin/env bash
# format the C++ lines that you changed, or the files that you name
#
#   ./dev format [FILE...]
#
# Without files, only lines that differ from the last commit are touched: tables that were aligned
# by hand on purpose stay as they are.

if [ $# -gt 0 ]; then
    clang-format-19 -i "$@"
    say "Formatted $# files"
else
    git-clang-format-19 --binary clang-format-19 --extensions h,cpp --force HEAD >&2 || true
fi
