#!/usr/bin/env bash
# compile everything: engine, programs, tests, web console
#
#   ./dev build [--preset NAME] [TARGET...]
#
#   --preset   dev      clang-19, only the core optimised, with assertions: tests and demo (default)
#              gcc      GCC: must stay green
#              asan     clang-19 with the address and undefined-behaviour sanitizers
#              tsan     clang-19 with the thread sanitizer
#              release  clang-19, fully optimised: for measurements and for use
#
# Puts the programs into build/PRESET/bin. With targets, builds only those, and not the web console.

preset=dev
targets=()
while [ $# -gt 0 ]; do
    case $1 in
    --preset) preset=${2:-} && shift 2 || misused "--preset needs a name" ;;
    -*) misused "unknown option $1" ;;
    *) targets+=("$1") && shift ;;
    esac
done
case $preset in
dev | gcc | asan | tsan | release) ;;
*) misused "there is no preset '$preset'" ;;
esac

first setup
. scripts/web.sh

configure() {
    local log=build/$preset.configure.log
    local made=build/$preset/build.ninja
    if [ -e "$made" ] && ! [ CMakePresets.json -nt "$made" ]; then return; fi
    say "Configuring build/$preset"
    cmake --preset "$preset" >"$log" 2>&1 && return
    cat "$log" >&2
    fail "CMake could not configure build/$preset"
}

started=$SECONDS
configure
say "Compiling build/$preset"
quiet=()
[ -t 2 ] || quiet=(-- --quiet)
cmake --build --preset "$preset" ${targets[0]+--target "${targets[@]}"} "${quiet[@]}" >&2 ||
    fail "the build failed; the first error is above"
[ ${#targets[@]} -gt 0 ] || build_web
say "Built in $((SECONDS - started)) s"
