#!/usr/bin/env bash
# run the checks: C++ and web tests, tidy rules, the model, the example, the browser
#
#   ./dev test [--quick | --full] [--preset NAME] [NAME...]
#
#   --quick   leaves out the slow C++ tests, the refund example, the chaos run and the browser
#   --full    also builds and tests everything with GCC, and runs the tests under the address and
#             undefined-behaviour sanitizers
#   --preset  which build to test (default dev; see ./dev build --help)
#   NAME      only the C++ test programs whose name contains it
#
# Builds first. Ends with one line, `N passed, N failed`, counting test cases. Exits 1 on a failure.

preset=dev
depth=usual
names=()
while [ $# -gt 0 ]; do
    case $1 in
    --quick) depth=quick && shift ;;
    --full) depth=full && shift ;;
    --preset) preset=${2:-} && shift 2 || misused "--preset needs a name" ;;
    -*) misused "unknown option $1" ;;
    *) names+=("$1") && shift ;;
    esac
done

. scripts/web.sh
passed=0 failed=0
failures=()

said=$(mktemp) # what the running check says
why=$(mktemp)  # the part of it that matters, of every check that failed
trap 'rm -f "$said" "$why"' EXIT

count() {
    passed=$((passed + $1)) failed=$((failed + $2))
    [ "$2" = 0 ] || failures+=("$3")
}

# check TITLE COMMAND...: a check that counts as one.
check() {
    local title=$1
    shift
    say "$title"
    if "$@" 2>&1 | tee "$said"; then
        count 1 0 "$title"
    else
        count 0 1 "$title"
        { say "$title" && tail -n 25 "$said"; } >>"$why" 2>&1
    fi
}

# The cases that passed and failed, by the last lines of every test program. A program that ends
# without them, as one that crashes does, counts as one.
count_cases() {
    awk '
        function number(before) { return match($0, before) ? substr($0, RSTART) + 0 : 0 }
        / Testing: /                    { told = 0 }
        /^All tests passed \(/          { ok += number("[0-9]+ test case"); told = 1 }
        /^test cases:.*\|/              { ok += number("[0-9]+ passed")
                                          bad += number("[0-9]+ failed"); told = 1 }
        /^Test Passed\.$/ && !told      { ok += 1 }
        /^Test (Failed|Timeout)/ && !told { bad += 1 }
        END                             { print ok + 0, bad + 0 }' "$1"
}

# cpp_tests PRESET [CTEST OPTION...]
cpp_tests() {
    local build=build/$1 result=0
    shift
    say "C++ tests of $build"
    ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)" "$@" 2>&1 |
        tee "$said" || result=1
    if [ "$result" != 0 ]; then
        { say "C++ tests of $build" && grep -B 4 -A 12 -m 10 'FAILED:$' "$said" ||
            tail -n 25 "$said"; } >>"$why" 2>&1
    fi
    local ok bad
    read -r ok bad < <(count_cases "$build/Testing/Temporary/LastTest.log")
    if [ "$result" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    count "$ok" "$bad" "C++ tests of $build"
}

web_unit_tests() { (cd $web && npm run --silent test); }

refund_example() { python3 examples/refund/demo.py --bin "build/$preset/bin" --once "$@"; }

# Worlds of the simulation; the sanitizers make each of them take long.
simulated_worlds() {
    local worlds=10000
    case $preset in asan | tsan | gcc) worlds=1000 ;; esac
    "build/$preset/bin/resolute_simulate" --seeds "$worlds" --quiet >&2
}

bad_input() { python3 tests/integration/bad_input.py "build/$preset/bin"; }

chaos() { python3 tests/chaos/chaos.py --bin "build/$preset/bin" --minutes 3 "$@"; }

language() { python3 tests/conformance/dsl/run.py "build/$preset/bin"; }

command_line() { python3 tests/integration/command_line.py "build/$preset/bin"; }

ownership() { python3 tests/integration/ownership.py "build/$preset/bin"; }

schedules() { python3 tests/integration/schedules.py "build/$preset/bin"; }

versions() { python3 tests/integration/versions.py "build/$preset/bin"; }

places() { python3 tests/integration/places.py "build/$preset/bin"; }

webhooks() { python3 tests/integration/webhooks.py "build/$preset/bin"; }

crash_points() { python3 tests/crashpoints/crashpoints.py --bin "build/$preset/bin" --short; }

editor_tests() {
    npm_packages tests/editor &&
        node tests/editor/complete.mjs "build/$preset/bin" examples/refund
}

browser_tests() {
    npm_packages tests/browser && python3 tests/browser/run.py "build/$preset/bin"
}

first build --preset "$preset"
started=$SECONDS
options=()
[ "$depth" != quick ] || options+=(--label-exclude slow)
if [ ${#names[@]} -gt 0 ]; then
    pattern=$(IFS='|' && printf '%s' "${names[*]}")
    cpp_tests "$preset" "${options[@]}" --tests-regex "$pattern"
else
    check "Tidy rules" python3 tests/tidy.py
    check "Tidy rules find what they should" python3 tests/tidy/self_test.py
    check "The checker of the chaos run finds what it should" python3 tests/chaos/self_test.py
    cpp_tests "$preset" "${options[@]}"
    [ ! -e $web/package.json ] || check "Unit tests of the web console" web_unit_tests
    if [ "$depth" != quick ]; then
        check "Simulated worlds" simulated_worlds
        check "The refund example" refund_example
        check "The refund example while its processes are killed" refund_example --crash
        check "What is said when something is wrong" bad_input
        check "The language, feature by feature" language
        check "Tab completion and tests of policies" command_line
        check "A workflow in an editor" editor_tests
        check "The console in a browser" browser_tests
        check "Processes that join, leave, die and are paused" ownership
        check "Schedules, while processes are killed and paused" schedules
        check "Runs and other versions of their workflow" versions
        check "Limits per key, while a process is killed" places
        check "Webhooks, while receivers fail and processes are killed" webhooks
        # The release preset has no such lines.
        [ "$preset" = release ] || check "Crash points, in short" crash_points
        check "Chaos: every fault at least once" chaos
        check "The model of effects, in short" "$PWD/dev" model --short
        check "The benchmark, in short" "build/$preset/bin/resolute_bench" --short
    fi
    if [ "$depth" = full ]; then
        for other in gcc asan; do
            [ "$other" != "$preset" ] || continue
            first build --preset "$other"
            cpp_tests "$other"
        done
    fi
fi

cat "$why" >&2
say "Tested in $((SECONDS - started)) s"
for title in ${failures[0]+"${failures[@]}"}; do say "Failed: $title"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
