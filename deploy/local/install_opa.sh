#!/usr/bin/env bash
# Installs OPA at the version below from its Go module. Does nothing when it is there. Prints its path.
# Goes into SAMBAND_CACHE (default .tools), which clones may share; .tools/bin/opa then leads there.
set -euo pipefail
VERSION=1.22.0
tools=$(realpath -m "$(dirname "$0")/../../.tools") # may be a link to one that is shared
cache=$(realpath -m "${SAMBAND_CACHE:-$tools}")
opa=$cache/bin/opa
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/go.sh"

if [[ $("$opa" version 2>/dev/null) != "Version: $VERSION"$'\n'* ]]; then
  use_go "$cache"
  echo "Installing OPA $VERSION (about 90 seconds the first time) …" >&2
  GOBIN=$cache/bin go install "github.com/open-policy-agent/opa@v$VERSION"
fi
if [ "$cache" != "$tools" ]; then
  mkdir -p "$tools/bin"
  ln -sf "$opa" "$tools/bin/opa"
fi
echo "$opa"
