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

with_servers() {
  $pytest -m "live and not faults"
}

without_servers() { # N: the Nth quarter of the files
  local files
  mapfile -t files < <(find tests -name 'test_*.py' | sort | awk "NR % 4 == $1 % 4")
  $pytest -m "not live and not faults" "${files[@]}"
}

apart() { # a part whose words all come when it is through
  local said status=0
  printf '\n── %s: begins\n' "$1"
  said=$(mktemp)
  part "$@" >"$said" 2>&1 </dev/null || status=$?
  cat "$said"
  rm "$said"
  return $status
}

two_at_once() { # NAME COMMAND NAME COMMAND…: as soon as one is through the next begins
  local under_way=0 status=0
  while (($#)); do
    if ((under_way == 2)); then
      wait -n || status=1
      under_way=1
    fi
    # shellcheck disable=SC2086 # a command of several words
    apart "$1" $2 &
    under_way=$((under_way + 1))
    shift 2
  done
  while ((under_way)); do
    wait -n || status=1
    under_way=$((under_way - 1))
  done
  return $status
}

part "what this machine lacks" deploy/local/check_machine.sh
part "set-up: Python's libraries" $make --no-print-directory .venv/dev
part "set-up: Open Policy Agent" deploy/local/install_opa.sh
part "set-up: Prometheus' tools" deploy/local/install_prometheus.sh
part "set-up: what servers need" deploy/local/install_servers.sh
part "style and types" $make --no-print-directory check
two_at_once \
  "tests with servers" with_servers \
  "tests without servers, first quarter" "without_servers 1" \
  "tests without servers, second quarter" "without_servers 2" \
  "faults: killed, paused and cut off" "$pytest -m faults" \
  "tests without servers, third quarter" "without_servers 3" \
  "tests without servers, fourth quarter" "without_servers 4" \
  "the law's own tests" "$make --no-print-directory law"
