# The web console, built only when something that goes into it changed. Sourced by build.sh, test.sh
# and lint.sh.
# shellcheck shell=bash

web=console/web

# A digest of everything that the given places hold, apart from what is made there.
digest_of() {
    find "$@" \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z |
        xargs -0 sha256sum | sha256sum
}

# npm_packages FOLDER: what its lockfile names, and nothing else; no package's script runs.
npm_packages() {
    local stamp=$1/node_modules/.installed
    if [ -e "$stamp" ] && cmp -s "$1/package-lock.json" "$stamp"; then return; fi
    say "Installing the npm packages of $1"
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    cp "$1/package-lock.json" "$stamp"
}

build_web() {
    if [ ! -e $web/package.json ]; then return; fi
    npm_packages $web
    local digest
    digest=$(digest_of $web console/openapi.json)
    if [ -e $web/dist/index.html ] && [ -e build/web.digest ] &&
        [ "$digest" = "$(cat build/web.digest)" ]; then return; fi
    say "Building the web console"
    (cd $web && npm run --silent build >&2)
    mkdir -p build && printf '%s\n' "$digest" >build/web.digest
}
