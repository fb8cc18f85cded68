#!/usr/bin/env bash
# Installs OPA at the version below into .tools/bin, from its Go module. Does nothing when it is there. Prints its path.
set -euo pipefail
VERSION=1.22.0
root=$(cd "$(dirname "$0")/../.." && pwd)
opa="$root/.tools/bin/opa"

if [ ! -x "$opa" ] || ! "$opa" version | grep -q "^Version: $VERSION$"; then
  if ! command -v go >/dev/null; then
    echo "go is missing: install Go 1.24 or later, then run this again" >&2
    exit 2
  fi
  echo "Installing OPA $VERSION (about 90 seconds the first time) …" >&2
  GOBIN="$root/.tools/bin" go install "github.com/open-policy-agent/opa@v$VERSION"
fi
echo "$opa"
