#!/usr/bin/env bash
# Everything that `make test` runs, part by part: says what it does, and at the end how long each part took.
set -euo pipefail
cd "$(dirname "$0")/.."
make=${MAKE:-make}
pytest=.venv/bin/pytest

rows=$(mktemp)
part() { # NAME COMMAND…
  local name=$1 began=$SECONDS status=0
  shift
  printf '\n── %s\n' "$name"
  "$@" || status=$?
  printf '%-44s %4d s  %s\n' "$name" $((SECONDS - began)) "$([ $status = 0 ] && echo ok || echo FAILED)" >>"$rows"
  return $status
}

report() {
  printf '\n── What was done, and how long it took (%d s)\n' $SECONDS
  cat "$rows"
  rm "$rows"
}
trap report EXIT

without_servers() { # what breaks servers of its own comes when the rest is through
  local status=0
  part "tests without servers" $pytest -m "not live and not faults" || status=1
  part "faults: killed, paused and cut off" $pytest -m faults || status=1
  return $status
}

with_servers() { # these wait a good deal
  local status=0
  part "the law's own tests" $make --no-print-directory law || status=1
  part "tests with servers" $pytest -m "live and not faults" || status=1
  return $status
}

side_by_side() { # two commands at once; what the second says comes when both are through
  local said status=0
  said=$(mktemp)
  "$2" >"$said" 2>&1 &
  "$1" || status=1
  wait $! || status=1
  cat "$said"
  rm "$said"
  return $status
}

part "what this machine lacks" deploy/local/check_machine.sh
part "set-up: Python's libraries" $make --no-print-directory .venv/dev
part "set-up: Open Policy Agent" deploy/local/install_opa.sh
part "set-up: Prometheus' tools" deploy/local/install_prometheus.sh
part "set-up: what servers need" deploy/local/install_servers.sh
part "style and types" $make --no-print-directory check
side_by_side without_servers with_servers
