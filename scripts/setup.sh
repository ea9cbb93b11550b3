#!/bin/sh
# Set-up on a fresh Debian, Ubuntu or macOS machine: `setup.sh run` or `setup.sh tests`.
# Does nothing, quickly, when everything is there already.
set -eu
cd "$(dirname "$0")/.."
purpose=$1
lock=requirements.lock
[ "$purpose" = run ] || lock=requirements-test.lock

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 2; }

# install_packages "Debian packages" "brew packages": with root or sudo, or brew; else says the line.
install_packages() {
    if command -v apt-get >/dev/null 2>&1; then
        line="apt-get update && apt-get install -y $1"
        if [ "$(id -u)" = 0 ]; then
            say "Installing $1 …"
            sh -c "export DEBIAN_FRONTEND=noninteractive; $line" >/dev/null || stop "That did not work. Type: $line"
        elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            say "Installing $1 …"
            sudo sh -c "export DEBIAN_FRONTEND=noninteractive; $line" >/dev/null || stop "That did not work. Type: sudo sh -c '$line'"
        else
            stop "These packages are missing: $1. Type: sudo sh -c '$line'"
        fi
    elif command -v brew >/dev/null 2>&1; then
        say "Installing $2 …"
        # shellcheck disable=SC2086
        brew install $2 || stop "That did not work. Type: brew install $2"
    else
        stop "These packages are missing: $1. Install them, then try again."
    fi
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v $name >/dev/null 2>&1 && is_new_enough $name; then
            command -v $name
            return
        fi
    done
}

make_environment() {
    python=$(find_python)
    if [ -z "$python" ]; then
        install_packages "python3 python3-venv" python@3.13
        python=$(find_python)
        [ -n "$python" ] || stop "Python 3.11 or newer is needed, and this system's packages have an older one."
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv python@3.13
    say "Making the environment in .venv …"
    "$python" -m venv --clear .venv
}

# The stamp says which lock the environment was filled from; the tests' lock holds all of the other.
wanted=$(cat $lock pyproject.toml | cksum)
stamp=.venv/filled-from-$lock
[ "$purpose" = run ] && [ -f .venv/filled-from-requirements-test.lock ] &&
    [ "$(cat .venv/filled-from-requirements-test.lock)" = "$(cat requirements-test.lock pyproject.toml | cksum)" ] &&
    stamp=.venv/filled-from-requirements-test.lock && wanted=$(cat $stamp)

[ -x .venv/bin/python ] && is_new_enough .venv/bin/python || make_environment
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Installing the libraries that $lock names …"
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r $lock ||
        stop "The libraries could not be installed. Check that this machine reaches its package index, then try again."
    .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index --editable . ||
        stop "The command programme could not be installed."
    printf '%s\n' "$wanted" >"$stamp"
fi

# WeasyPrint draws with Pango and makes small files with HarfBuzz's subsetter.
.venv/bin/python scripts/system_libraries.py ||
    install_packages "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig" pango

if [ "$purpose" = tests ]; then
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        [ -d "/Applications/Chromium.app" ] || [ -n "${PROGRAMME_CHROMIUM:-}" ] ||
        install_packages chromium "--cask chromium"
fi
