#!/usr/bin/env bash
# install what the project needs and this machine lacks
#
#   ./dev setup
#
# Installs Debian packages (as root, or through sudo) and, on Debian 12, two things that are too old
# or absent there: a newer Node.js from the npm registry and the jsoncons headers from the next
# Debian release. Both go into build/third_party and nowhere else. What is there already is left
# alone, so that a second run does nothing. ./dev build runs this first.

. scripts/packages.sh
third_party=$PWD/build/third_party
log=$PWD/build/setup.log
mkdir -p "$third_party"

missing_packages() {
    local installed
    # dpkg-query exits 1 when it does not know one of the names, and still lists the others.
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" \
        2>/dev/null) || true
    printf '%s\n' "${packages[@]}" |
        awk -v installed="$installed" 'index("\n" installed "\n", "\n" $1 " installed\n") == 0'
}

# Runs a command, keeping its words for the case that it fails.
quietly() {
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 30 "$log" >&2
    fail "this failed: $*" "The whole output is in build/setup.log."
}

as_root() {
    if [ "$EUID" = 0 ]; then
        quietly env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo -v || fail "sudo said no." "As root, run: $*"
        quietly sudo DEBIAN_FRONTEND=noninteractive "$@"
    else
        fail "installing packages needs root, and there is no sudo." "As root, run: $*" \
            "Then run ./dev setup again."
    fi
}

install_packages() {
    local missing
    read -r -d '' -a missing <<<"$(missing_packages)" || true
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    as_root apt-get update
    as_root apt-get install -y --no-install-recommends "${missing[@]}"
}

node_is_recent() {
    local version major minor
    version=$(node --version 2>/dev/null) || return 1
    IFS=. read -r major minor _ <<<"${version#v}"
    [ "$major" -gt 22 ] || { [ "$major" = 22 ] && [ "$minor" -ge 12 ]; } ||
        { [ "$major" = 20 ] && [ "$minor" -ge 19 ]; }
}

install_node() {
    if node_is_recent; then return 0; fi
    local machine
    case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) fail "Node.js $(node --version) is older than 20.19, and there is no build of a newer one" \
        "for $(uname -m) in the npm registry: install one by hand." ;;
    esac
    say "Node.js $(node --version) is too old for the console: fetching $node_version by npm"
    rm -rf "$third_party/node"
    mkdir -p "$third_party/node"
    # `--ignore-scripts`: the package named after the platform holds the program itself.
    quietly npm install --prefix "$third_party/node" --ignore-scripts --no-audit --no-fund \
        "node-linux-$machine@$node_version" "npm@$npm_version"
    hash -r
    node_is_recent || fail "the fetched Node.js does not run: $third_party/node"
}

# The mirror, suite and component that this machine's own packages come from.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$release" '$2 == suite && $3 == "main" { print $1; exit }'
}

jsoncons_is_there() {
    local header=usr/include/jsoncons/json.hpp
    [ -e "/$header" ] || [ -e "$third_party/jsoncons/$header" ]
}

# apt itself fetches the package, with lists and caches of its own: it verifies the archive's
# signature, and nothing of the machine's configuration is touched.
install_jsoncons() {
    if jsoncons_is_there; then return 0; fi
    local mirror apart=$third_party/apt
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || fail "apt knows no mirror of Debian $release (run: apt-get update)." \
        "The jsoncons headers come from there; or unpack libjsoncons-dev yourself, to" \
        "build/third_party/jsoncons."
    say "Fetching the jsoncons headers from the next Debian release"
    rm -rf "$apart"
    mkdir -p "$apart/lists/partial" "$apart/cache/archives/partial" "$apart/deb"
    printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: trixie' 'Components: main' \
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$apart/trixie.sources"
    local options=(
        -o "Dir::Etc::sourcelist=$apart/trixie.sources" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$apart/lists" -o "Dir::Cache=$apart/cache" -o APT::Sandbox::User=
        -o Acquire::Languages=none -o Acquire::AllowInsecureRepositories=false
        -o APT::Get::AllowUnauthenticated=false
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    )
    quietly apt-get "${options[@]}" update
    (cd "$apart/deb" && quietly apt-get "${options[@]}" download libjsoncons-dev)
    local package
    package=$(find "$apart/deb" -name 'libjsoncons-dev_*.deb')
    [ -n "$package" ] || fail "apt fetched no libjsoncons-dev; see build/setup.log"
    check_jsoncons "$package"
    rm -rf "$third_party/jsoncons"
    dpkg-deb -x "$package" "$third_party/jsoncons"
    rm -rf "$apart"
}

# The version that we know must have the bytes that we know. A later one, as a point release may
# bring, rests on the archive's signature alone, and we say so.
check_jsoncons() {
    local version digest
    version=$(dpkg-deb -f "$1" Version)
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    if [ "$version" != "$jsoncons_version" ]; then
        say "libjsoncons-dev is $version here, not $jsoncons_version: trusted by Debian's signature"
    elif [ "$digest" != "$jsoncons_sha256" ]; then
        fail "libjsoncons-dev $version has the digest $digest, not $jsoncons_sha256: not used."
    fi
}

if command -v apt-get >/dev/null; then
    install_packages
    install_node
    install_jsoncons
    say "Everything that the project needs is installed"
else
    say "This is no Debian: nothing is installed. The project needs the likes of: ${packages[*]}"
fi
