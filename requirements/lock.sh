#!/bin/sh
# Locks every set with hashes from pyproject.toml: requirements/lock.sh [--upgrade]
# One resolution of everything comes first, so that all sets agree upon versions.
set -eu
cd "$(dirname -- "$0")/.."
all=$(mktemp)
trap 'rm -f "$all"' EXIT

compile() { # compile OUTPUT EXTRA-ARGUMENTS...
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
        --output-file "$output" "$@" >/dev/null
}
lock() { # lock SET EXTRA-ARGUMENTS...
    set_name=$1
    shift
    compile "requirements/$set_name.txt" --generate-hashes --constraint "$all" "$@"
}

[ "${1:-}" = --upgrade ] || [ ! -f requirements/browser.txt ] || sed -n 's/ *\\$//; /^[a-z0-9]/p' requirements/browser.txt >"$all"
compile "$all" --all-extras --group dev --group browser "$@" pyproject.toml

lock base pyproject.toml
lock modbus --extra modbus pyproject.toml
lock cli --extra cli pyproject.toml
lock server --extra cli --extra server --extra oidc --extra postgres pyproject.toml
lock dashboard --extra cli --extra dashboard pyproject.toml
lock demo --extra demo --extra oidc --extra postgres pyproject.toml
lock dev --extra demo --extra oidc --extra postgres --group dev pyproject.toml
lock browser --extra demo --extra oidc --extra postgres --group dev --group browser pyproject.toml
lock build requirements/build.in
lock uv requirements/uv.in
