#!/usr/bin/env bash
# Real servers on 127.0.0.1 without Docker; README.md beside this file tells more.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: servers.sh [--run DIR] up|check|down [kafka|opa|postgres …]
       servers.sh [--run DIR] env
       servers.sh [--run DIR] tool CLASS [ARGUMENT …]
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$here/../.." && pwd)
run=${SAMBAND_RUN:-$ROOT/.local}
if [ "${1:-}" = --run ] && [ -n "${2:-}" ]; then
  run=$2
  shift 2
fi
command=${1:-}
shift || true

# shellcheck source-path=SCRIPTDIR
. "$here/common.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/kafka.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/opa.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/postgres.sh"

up() { # SERVER…: all are made ready before the first starts, so that what is missing is said before anything runs
  local name
  own_run_folder
  for name in "$@"; do "${name}_prepare"; done
  for name in "$@"; do
    if ! alive "$name"; then "${name}_start"; fi
  done
  for name in "$@"; do await "$name"; done
  check "$@"
}

check() { # SERVER…: one line each; false unless all answer
  local name failed=0
  for name in "$@"; do
    if ! alive "$name"; then
      printf '%-9s down\n' "$name"
      failed=1
    elif "${name}_answers"; then
      printf '%-9s up      %s, pid %s\n' "$name" "$("${name}_address")" "$(pid "$name")"
    else
      printf '%-9s silent  pid %s gives no answer: %s\n' "$name" "$(pid "$name")" "$RUN/$name/log"
      failed=1
    fi
  done
  return $failed
}

down() { # SERVER…: data stay
  local name
  if [ -d "$RUN" ]; then own_run_folder; fi
  for name in "$@"; do stop "$name"; done
}

recall
case $command in
  up | check | down)
    servers=("$@")
    if [ $# = 0 ]; then servers=(kafka opa postgres); fi
    for name in "${servers[@]}"; do
      case $name in kafka | opa | postgres) ;; *) fail "there is no server called $name: kafka, opa or postgres" ;; esac
    done
    "$command" "${servers[@]}"
    ;;
  env)
    [ -f "$SETTINGS" ] || fail "nothing was started in $RUN: run servers.sh up first"
    sed 's/^/export /' "$SETTINGS"
    ;;
  tool) kafka_tool "$@" ;;
  *)
    usage
    exit 2
    ;;
esac
