# What the project needs from Debian. Sourced by setup.sh.
# shellcheck shell=bash disable=SC2034

. /etc/os-release
release=${VERSION_CODENAME:-unknown}

packages=(
    # compilers and their tools
    clang-19 libclang-rt-19-dev clang-format-19 clang-tidy-19 g++
    cmake ninja-build pkg-config ccache mold python3
    # libraries
    libpqxx-dev libpq-dev nlohmann-json3-dev libspdlog-dev libyaml-cpp-dev libjq-dev libssl-dev
    libcli11-dev libsodium-dev libjemalloc-dev libzstd-dev catch2
    # time zones and their rules
    libcctz-dev tzdata
    # the database that the tests and `resolute dev` start for themselves
    postgresql
    # what the features of the language are written in
    python3-yaml
    # the model checker of docs/models
    spin
    # clocks that jump, for the chaos run
    libfaketime
)
case $release in
bookworm) packages+=(libboost1.81-dev) ;; # the default there, 1.74, is too old
*) packages+=(libboost-dev libjsoncons-dev) ;;
esac

# Only where nothing of that name is there yet: a Node.js from elsewhere conflicts with Debian's.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
command -v chromium >/dev/null || packages+=(chromium)

# The console is built with Vite, which wants Node.js 20.19 or newer; Debian 12 has 18.
node_version=22.23.3
npm_version=10.9.9

# Header-only JSON Schema; Debian 12 does not have it (docs/decisions/0002).
jsoncons_version=1.3.2-1
jsoncons_sha256=17bed7e9a02838a1e64581d893a9089272e5f9e2f941a1ee4f348682a52768ab
