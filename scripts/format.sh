#!/usr/bin/env bash
# format the C++ lines that you changed, or the files that you name
#
#   ./dev format [--wide | FILE...]
#
#   --wide   only lines over 100 columns, in every file
#
# Without files, only lines that differ from the last commit are touched: tables that were aligned
# by hand on purpose stay as they are.

# Breaks the lines of one file that are too wide, and leaves all others alone. A comment at the end
# of such a line goes above it first, unless the next line carries it on.
break_wide_lines() {
    local lines
    awk 'function put(next_line) {
             if (length(line) > 100 && match(line, /[^ \/] +\/\/ /) && next_line !~ /^ *\/\//) {
                 match(line, /^ */); indent = substr(line, 1, RLENGTH)
                 match(line, / +\/\/ .*/); comment = substr(line, RSTART); sub(/^ +/, "", comment)
                 print indent comment
                 line = substr(line, 1, RSTART - 1)
             }
             print line
         }
         NR > 1 { put($0) } { line = $0 } END { put("") }' "$1" >"$1.new"
    cmp -s "$1" "$1.new" && rm "$1.new" || mv "$1.new" "$1"
    mapfile -t lines < <(awk 'length($0) > 100 { print "--lines=" NR ":" NR }' "$1")
    [ ${#lines[@]} = 0 ] || clang-format-19 -i "${lines[@]}" "$1"
}

if [ "${1:-}" = --wide ]; then
    git ls-files '*.h' '*.cpp' | while read -r file; do break_wide_lines "$file"; done
    say "What is still too wide: python3 tests/tidy.py"
elif [ $# -gt 0 ]; then
    clang-format-19 -i "$@"
    say "Formatted $# files"
else
    git-clang-format-19 --binary clang-format-19 --extensions h,cpp --force HEAD >&2 || true
fi
