#!/usr/bin/env bash
# Finds prometheus and promtool, or gets them from Debian's package `prometheus`, unpacked and not installed: no root is
# needed and no service is started. Does nothing when they are there. Prints the folder that holds them.
# Goes into SAMBAND_CACHE (default .tools), which clones may share; .tools/bin/promtool then leads there.
set -euo pipefail
tools=$(cd "$(dirname "$0")/../.." && pwd)/.tools
cache=$(realpath -m "${SAMBAND_CACHE:-$tools}")

fail() {
  echo "install_prometheus.sh: $1: install Prometheus 2.42 or later (Debian: apt-get install prometheus), then run this again" >&2
  exit 2
}

works() { # FOLDER
  "$1/prometheus" --version >/dev/null 2>&1 && "$1/promtool" --version >/dev/null 2>&1
}

fetch() { # from Debian into the cache
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then fail "neither Prometheus nor apt-get is here"; fi
  if [ "$(apt-cache show prometheus 2>/dev/null | head -c 1)" = "" ]; then
    [ "$(id -u)" = 0 ] || fail "apt-get does not know the package: its lists are empty"
    apt-get update -qq >&2 || fail "apt-get update failed"
  fi
  local part
  part=$(mktemp -d)
  # shellcheck disable=SC2064 # that folder, whatever the name means later
  trap "rm -rf '$part'" EXIT
  (cd "$part" && apt-get -o APT::Sandbox::User=root download -qq prometheus >&2) || fail "apt-get download prometheus failed"
  dpkg-deb -x "$part"/prometheus_*.deb "$part/found"
  mkdir -p "$cache/bin"
  mv -f "$part/found/usr/bin/prometheus" "$part/found/usr/bin/promtool" "$cache/bin/"
  works "$cache/bin" || fail "what Debian's package holds does not run here"
}

if works "$cache/bin"; then
  bin=$cache/bin
elif on_path=$(command -v promtool) && works "$(dirname "$on_path")"; then
  bin=$(dirname "$on_path")
else
  fetch
  bin=$cache/bin
fi
mkdir -p "$tools/bin"
for name in prometheus promtool; do
  if [ "$bin" != "$tools/bin" ]; then ln -sf "$bin/$name" "$tools/bin/$name"; fi
done
echo "$bin"
