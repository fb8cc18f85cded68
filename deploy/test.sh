#!/usr/bin/env bash
# Everything that `make test` runs, part by part: says what it does, and at the end how long each part took.
set -euo pipefail
cd "$(dirname "$0")/.."
make=${MAKE:-make}
pytest=.venv/bin/pytest

rows=()
part() { # NAME COMMAND…
  local name=$1 began=$SECONDS status=0
  shift
  printf '\n── %s\n' "$name"
  "$@" || status=$?
  rows+=("$(printf '%-44s %4d s  %s' "$name" $((SECONDS - began)) "$([ $status = 0 ] && echo ok || echo FAILED)")")
  return $status
}

report() {
  printf '\n── What was done, and how long it took (%d s)\n' $SECONDS
  printf '%s\n' "${rows[@]}"
}
trap report EXIT

servers_and_the_rest() { # at once: those with servers wait a good deal; the faults come when the rest is through
  local live rest=0 status=0
  live=$(mktemp)
  { $pytest -m "live and not faults" && $pytest -m faults; } >"$live" 2>&1 &
  $pytest -m "not live and not faults" || rest=$?
  wait $! || status=$?
  cat "$live"
  rm "$live"
  return $((rest + status))
}

part "what this machine lacks" deploy/local/check_machine.sh
part "set-up: Python's libraries" $make --no-print-directory .venv/dev
part "set-up: Open Policy Agent" deploy/local/install_opa.sh
part "set-up: Prometheus' tools" deploy/local/install_prometheus.sh
part "set-up: what servers need" deploy/local/install_servers.sh
part "style and types" $make --no-print-directory check
part "the law's own tests" $make --no-print-directory law
part "tests, with and without servers, and faults" servers_and_the_rest
