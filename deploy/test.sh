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

tests() { # MARKS N OF: those of every OFth file from the Nth on
  local files
  mapfile -t files < <(find tests -name 'test_*.py' | sort | awk "NR % $3 == $2 % $3")
  timeout --signal=INT --kill-after=60 2400 $pytest -m "$1" "${files[@]}"  # whatever is left that hangs
}

with_servers() {
  tests "live and not faults" "$1" 2
}

without_servers() {
  tests "not live and not faults" "$1" 4
}

faults() { # to collect all others takes half a minute
  local files
  mapfile -t files < <(grep -rl 'mark\.faults' tests --include='test_*.py' | sort)
  $pytest -m faults "${files[@]}"
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

at_once() { # NAME COMMAND NAME COMMAND…: one more than there are processors, for those with servers wait a good deal
  local most under_way=0 status=0
  most=$(($(nproc) + 1))
  while (($#)); do
    if ((under_way == most)); then
      wait -n || status=1
      under_way=$((under_way - 1))
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
part "set-up: a witness of logs" deploy/local/install_witness.sh
part "set-up: Prometheus' tools" deploy/local/install_prometheus.sh
part "set-up: what servers need" deploy/local/install_servers.sh
part "style and types" $make --no-print-directory check
at_once \
  "tests with servers, first half" "with_servers 1" \
  "tests without servers, first quarter" "without_servers 1" \
  "tests with servers, second half" "with_servers 2" \
  "tests without servers, second quarter" "without_servers 2" \
  "faults: killed, paused and cut off" "faults" \
  "tests without servers, third quarter" "without_servers 3" \
  "tests without servers, fourth quarter" "without_servers 4" \
  "the law's own tests" "$make --no-print-directory law"
