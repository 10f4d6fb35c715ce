#!/usr/bin/env bash
# find mistakes that compilers miss: tidy rules, clang-tidy, shell and web checks
#
#   ./dev lint [--all | FILE...]
#
# clang-tidy reads the .cpp files that differ from the last commit, the files that you name, or with
# --all every file, which takes many minutes; with --all, calls of a function that another file of
# the same group keeps to itself are looked for, too.

files=()
groups=no
case ${1:-} in
--all) groups=yes && mapfile -t files < <(git ls-files '*.cpp') ;;
-*) misused "unknown option $1" ;;
'') mapfile -t files < <(git diff --name-only --diff-filter=d HEAD -- '*.cpp') ;;
*) files=("$@") ;;
esac

first build
. scripts/web.sh
failed=0

say "Tidy rules"
python3 tests/tidy.py || failed=1

say "Shell scripts"
for script in dev .ci/run scripts/*.sh; do bash -n "$script" || failed=1; done
if command -v shellcheck >/dev/null; then
    shellcheck -x -S warning dev .ci/run scripts/*.sh || failed=1
fi

if [ -e $web/package.json ]; then
    say "Types of the web console"
    (cd $web && npm run --silent check) || failed=1
fi

if [ $groups = yes ]; then
    say "Calls across files that are compiled as one"
    python3 tests/tidy/groups.py build/dev || failed=1
fi

say "clang-tidy on ${#files[@]} files"
if [ ${#files[@]} -gt 0 ]; then
    # The build compiles several files as one; here each stands alone. What is generated is there.
    cmake --preset dev -B build/lint -D CMAKE_UNITY_BUILD=OFF -D RESOLUTE_PRECOMPILE=OFF >/dev/null
    sed -i "s|$PWD/build/lint/|$PWD/build/dev/|g" build/lint/compile_commands.json
    printf '%s\0' "${files[@]}" |
        xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 -p build/lint --quiet || failed=1
fi

[ "$failed" = 0 ] || fail "there are findings; they are above"
say "Nothing found"
