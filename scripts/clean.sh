#!/usr/bin/env bash
# remove what was built; with --all also what setup fetched
#
#   ./dev clean [--all]
#
# Removes the build trees and the built console. --all also removes build/third_party and the npm
# packages. Never removes .resolute, where `resolute dev` and the demo keep their databases.

case ${1:-} in
'') find build -mindepth 1 -maxdepth 1 ! -name third_party -exec rm -rf {} + 2>/dev/null || true ;;
--all) rm -rf build console/web/node_modules tests/browser/node_modules ;;
*) misused "unknown option $1" ;;
esac
rm -rf console/web/dist
say "Removed"
