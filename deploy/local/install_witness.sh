#!/usr/bin/env bash
# Installs a witness of transparency logs that somebody else has written, at the version below, from its Go module, with
# the program that makes its key. Does nothing when both are there. Prints the folder that they lie in.
# Goes into SAMBAND_CACHE (default .tools), which clones may share; .tools/bin then leads there.
set -euo pipefail
VERSION=v0.0.0-20260720115447-2e1c6971d19e # the module has no tags
here=$(dirname "$0")
tools=$(realpath -m "$here/../../.tools") # may be a link to one that is shared
cache=$(realpath -m "${SAMBAND_CACHE:-$tools}")
# shellcheck source-path=SCRIPTDIR
. "$here/go.sh"

if [ "$(cat "$cache/witness.version" 2>/dev/null)" != "$VERSION" ] || ! [ -x "$cache/bin/omniwitness" ]; then
  use_go "$cache"
  echo "Installing the witness $VERSION (about 100 seconds the first time) …" >&2
  for program in omniwitness generate_keys; do
    GOBIN=$cache/bin go install "github.com/transparency-dev/witness/cmd/$program@$VERSION"
  done
  echo "$VERSION" >"$cache/witness.version"
fi
if [ "$cache" != "$tools" ]; then
  mkdir -p "$tools/bin"
  ln -sf "$cache/bin/omniwitness" "$cache/bin/generate_keys" "$tools/bin/"
fi
echo "$cache/bin"
