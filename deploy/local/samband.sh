#!/usr/bin/env bash
# Samband's own programs on the servers of servers.sh, in the background; README.md beside this file tells more.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: samband.sh [--run DIR] [--register FILE] [--desk FILE] up|check|down
       samband.sh [--run DIR] [--register FILE] restart PROGRAM …
       samband.sh [--run DIR] metrics
       samband.sh [--run DIR] do COMMAND [ARGUMENT …]
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$here/../.." && pwd)
run=${SAMBAND_RUN:-$ROOT/.local}
register= desk=
# shellcheck disable=SC2034 # common.sh uses `run`
while [[ ${1:-} == --* ]] && [ -n "${2:-}" ]; do
  case $1 in
    --run) run=$2 ;;
    --register) register=$(realpath "$2") ;;
    --desk) desk=$(realpath "$2") ;;
    *) break ;;
  esac
  shift 2
done
command=${1:-}
shift || true
profile=${SAMBAND_PROFILE:-}
unset SAMBAND_PROFILE SAMBAND_REGISTER # those of this run folder are in its settings

# shellcheck source-path=SCRIPTDIR
. "$here/common.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/witness.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/supervisor.sh"

samband=${SAMBAND_PROGRAM:-$ROOT/.venv/bin/samband}
known=(worker-1 worker-2 ledger agents reconcile tokens review desk)
programs=("${known[@]:0:7}") # and the desk, where one is asked for

settings() { # those of the servers, kept with those of these programs
  [ -n "${SAMBAND_KAFKA_BOOTSTRAP-}" ] || fail "no servers in $RUN: run servers.sh up first"
  command -v "$samband" >/dev/null || fail "$samband is missing: run make cluster, or set SAMBAND_PROGRAM"
  case $profile in
    '') ;;
    production | local | conformance) remember SAMBAND_PROFILE "$profile" ;;
    *) fail "there is no profile called $profile: production, local or conformance" ;;
  esac
  if [ -n "$register" ]; then
    refuse_unusable "$register"
    remember SAMBAND_REGISTER "$register"
  fi
  if [ -n "$desk" ]; then
    [ -f "$desk" ] || fail "there is no desk's file of settings at $desk"
    remember SAMBAND_DESK "$desk"
  fi
  if [ -n "${SAMBAND_DESK-}" ]; then programs=("${known[@]}"); fi
  if [ ! -d "$RUN/log-key" ]; then # the ledger's alone; in an older run folder it lies beside the tokens'
    mkdir -p "$RUN/log-key" "$RUN/keys"
    mv "$RUN"/keys/log.* "$RUN/log-key/" 2>/dev/null || true
    cp "$RUN/log-key/log.vkey" "$RUN/keys/" 2>/dev/null || true
  fi
  remember SAMBAND_KEYS "$RUN/keys"
  remember SAMBAND_LOG_KEYS "$RUN/log-key"
  recall
  registered=()
  if [ -n "${SAMBAND_REGISTER-}" ]; then registered=(--register "$SAMBAND_REGISTER"); fi
  version=$("$samband" --version)
}

refuse_unusable() { # REGISTER: before it is kept, or a program that works is stopped for it
  "$samband" register show --register "$1" >/dev/null || exit 2
}

as() { # WHO COMMAND…: with what that one needs, and nothing else of these settings
  local who=$1 name
  shift
  (
    for name in "${!SAMBAND_@}"; do
      if [[ $name != SAMBAND_LANG ]]; then declare "kept_$name=${!name}" && unset "$name"; fi
    done
    case $who in
      worker | ledger | agents | reconcile | rebuild)
        set -a
        # shellcheck source=/dev/null
        . "$RUN/credentials/samband.${who/rebuild/reconcile}.env" # it reads all topics
        set +a
        ;;
    esac
    case $who in
      operator) pass KAFKA_ADMIN KAFKA_ADMIN_PASSWORD KAFKA_BOOTSTRAP KAFKA_SECURITY_PROTOCOL KAFKA_SASL_MECHANISM ;;
      owner) pass POSTGRES_URL KEYS LOG_KEYS ;;
      worker) pass OPA_URL OPA_TOKEN KEYS ;;
      ledger) pass LOG_KEYS ;;
      reconcile | reader | rebuild | tokens) pass KEYS ;;
    esac
    case $who in worker | ledger | agents | reader | review) export "SAMBAND_POSTGRES_URL=$(postgres_url "$who")" ;; esac
    case $who in rebuild) export "SAMBAND_POSTGRES_URL=$(postgres_url worker)" ;; esac
    pass PROFILE # a login's file has the one that it was made under
    "$@"
  )
}

pass() { # SETTING…: to the program, in the subshell of `as`
  local name kept
  for name in "$@"; do
    kept=kept_SAMBAND_$name
    if [ -n "${!kept+there}" ]; then export "SAMBAND_$name=${!kept}"; fi
  done
}

postgres_url() { # WHO: the database as the role of that name, in the subshell of `as`
  local kept=kept_SAMBAND_POSTGRES_${1^^}_PASSWORD
  # shellcheck disable=SC2154
  echo "postgresql://samband_$1:${!kept}@127.0.0.1:$kept_SAMBAND_POSTGRES_PORT/samband"
}

up() {
  local name
  own_run_folder
  settings
  date -u '+%FT%TZ samband provision' >>"$RUN/provision.log"
  as operator "$samband" provision --profile "$SAMBAND_PROFILE" "${registered[@]}" --credentials "$RUN/credentials" \
    >>"$RUN/provision.log" || fail "Kafka could not be provisioned: $RUN/provision.log"
  as owner "$samband" upgrade --data postgres
  as owner "$samband" keys
  witness_up
  await_register
  supervisor_up
  for name in "${programs[@]}"; do
    if alive "$name" && [ -n "$(outdated "$name")" ]; then unsupervise "$name" >&2; fi
    if ! alive "$name"; then start "$name"; fi
  done
  for name in "${programs[@]}"; do await "$name"; done
  check
}

restart() { # PROGRAM…: one after the other, so that the others work meanwhile
  local name
  [ $# -gt 0 ] || fail "which program: ${programs[*]}"
  for name in "$@"; do
    [[ " ${programs[*]} " == *" $name "* ]] || fail "there is no program called $name: ${programs[*]}"
  done
  own_run_folder
  settings
  if [ -n "${SAMBAND_REGISTER-}" ]; then refuse_unusable "$SAMBAND_REGISTER"; fi
  supervisor_up
  for name in "$@"; do
    unsupervise "$name" >&2
    start "$name"
    await "$name"
  done
  check
}

start() { # PROGRAM
  local options
  case $1 in
    tokens) socket tokens ;;
    desk) ;;
    *) port "$(port_of "$1")" ;;
  esac
  if [ "$1" = review ]; then review_settings >"$RUN/review/review.toml"; fi
  settings_of "$1" >"$RUN/$1/settings"
  options_of "$1"
  supervise "$1" "${1%-*}" "$samband" "${1%-*}" "${options[@]}"
}

review_settings() { # of the auditors' room, whose accounts are made with `do review users add`
  local name
  printf '%s = "%s"\n' data postgres name Granskning tokens "$(socket_of tokens)" vkey "$SAMBAND_KEYS/log.vkey" \
    address "http://127.0.0.1:$(address review)"
  if [ -n "${SAMBAND_REGISTER-}" ]; then echo "register = \"$SAMBAND_REGISTER\""; fi
  printf '%s\n' 'accounts = true' '[operations.programs]'
  for name in "${known[@]:0:5}"; do printf '"%s" = "http://127.0.0.1:%s"\n' "$name" "$(address "$name")"; done
}

options_of() { # PROGRAM: in `options`
  options=()
  case $1 in
    worker-*) options=("${registered[@]}") ;;
    agents)
      options=("${registered[@]}")
      if [ "$SAMBAND_PROFILE" = conformance ]; then options+=(--message-time); fi
      ;;
    ledger) options=(--publish-to "$RUN/published" --publish-every 5 --witness "$(witness_address)") ;;
    reconcile) options=("${registered[@]}" --state "$RUN/$1/compared.db") ;;
    tokens) options=("${registered[@]}" --data postgres --socket "$(socket_of tokens)") ;;
    review) options=(--settings "$RUN/review/review.toml") ;;
    desk) options=(--settings "$SAMBAND_DESK") ;;
  esac
  if [[ " ${known[*]:0:5} " == *" $1 "* ]]; then options+=(--metrics "$(address "$1")"); fi
}

settings_of() { # PROGRAM: a digest of all that it starts with, and of its version and law
  local options announced=/dev/null
  options_of "$1"
  case $1 in
    tokens | review | desk) ;;
    *) announced=${SAMBAND_REGISTER:-$announced} ;; # on Kafka: it is taken in without a restart
  esac
  {
    printf '%s\n' "$version" "${options[@]}"
    as "${1%-*}" env | grep '^SAMBAND_' | grep -v '^SAMBAND_LANG=' | sort
  } | grep -vF -- "$announced" | sha256sum | cut -c 1-64
}

port_of() { # PROGRAM: the setting that holds the port of its metrics
  local name=${1^^}
  echo "SAMBAND_${name//-/_}_PORT"
}

address() { # PROGRAM: the port of its metrics
  local name
  name=$(port_of "$1")
  echo "${!name-}"
}

ready() { # PROGRAM: it says that all it depends on answers; one without metrics, that it has started
  case $1 in tokens | review | desk) grep -q 'samband [0-9]' "$RUN/$1/log" && return ;; esac
  [[ $(ask "$(address "$1")" 'GET /ready HTTP/1.0\r\n\r\n' 12) == *' 200' ]]
}

says() { # PROGRAM: what it is not ready without
  local answer
  case $1 in tokens | review | desk) return ;; esac
  answer=$(ask "$(address "$1")" 'GET /ready HTTP/1.0\r\n\r\n' 999 | sed '1,/^\r*$/d' | tr '\n' ' ')
  echo "$1 waits for: ${answer:-nothing that it can tell}"
}

has_another_register() { # PROGRAM: it says which it has, and that is not the one of these settings
  local shown
  case $1 in tokens | review | desk) return 1 ;; esac
  shown=$(ask "$(address "$1")" 'GET /metrics HTTP/1.0\r\n\r\n' 9999999 |
    sed -n 's/^samband_register_info{revision="\([0-9a-f]*\)"}.*/\1/p')
  [ -n "$shown" ] && [ "$shown" != "$(sha256sum <"${SAMBAND_REGISTER:-/dev/null}" | cut -c 1-64)" ]
}

await_register() { # all that run have taken in what was announced, or time is up
  local name left=20
  for name in "${programs[@]}"; do
    while [ "$left" -gt 0 ] && alive "$name" && has_another_register "$name"; do
      sleep 1
      left=$((left - 1))
    done
  done
}

outdated() { # PROGRAM: what it runs with that is so no more: a profile, an address, a password, a law
  if [ "$(cat "$RUN/$1/settings" 2>/dev/null)" != "$(settings_of "$1")" ]; then
    echo "it was started with other settings"
  fi
}

for name in "${known[@]}"; do eval "${name}_answers() { ready $name; }; ${name}_says() { says $name; }"; done

check() { # one line each; false unless all are up
  local name failed=0 told why
  witness_check || failed=1
  for name in "${programs[@]}"; do
    why=
    if alive "$name"; then why=$(outdated "$name"); fi
    case $name in
      tokens) told=$(socket_of tokens) ;;
      review) told="http://127.0.0.1:$(address review)" ;;
      desk) told=$SAMBAND_DESK ;;
      *) told="http://127.0.0.1:$(address "$name")/metrics" ;;
    esac
    told+=", pid $(pid "$name" || true)"
    if ! alive "$name"; then
      printf '%-9s down    %s\n' "$name" "$RUN/$name/log"
      failed=1
    elif [ -n "$why" ]; then
      printf '%-9s stale   %s: %s: samband.sh restart %s\n' "$name" "$told" "$why" "$name"
      failed=1
    elif has_another_register "$name"; then
      printf '%-9s stale   %s: it goes by another register: samband.sh up\n' "$name" "$told"
      failed=1
    elif "${name}_answers"; then
      printf '%-9s up      %s\n' "$name" "$told"
    else
      printf '%-9s silent  %s: %s: %s\n' "$name" "$told" "$(says "$name")" "$RUN/$name/log"
      failed=1
    fi
  done
  return $failed
}

recall
case $command in
  up) up ;;
  restart) restart "$@" ;;
  check)
    settings
    check
    ;;
  down)
    if [ -d "$RUN" ]; then own_run_folder; fi
    if [ -n "${SAMBAND_DESK-}" ]; then programs=("${known[@]}"); fi
    if alive supervisor; then stop supervisor; fi # and all that it keeps going, at once
    for name in "${programs[@]}" witness; do stop "$name"; done
    ;;
  metrics) # what the programs tell Prometheus: what they have counted
    settings
    for name in "${known[@]:0:5}"; do
      ask "$(address "$name")" 'GET /metrics HTTP/1.0\r\n\r\n' 9999999 | grep '^samband_' | grep -v '_bucket{' | sed "s/^/$name /"
    done
    ;;
  do) # as the service of that name; what changes the database as its owner; the rest reads
    settings
    who=reader
    case ${1:-} in
      worker | ledger | agents | reconcile | tokens | review) who=$1 ;;
      quarantine) who=worker ;;
      provision) who=operator ;;
      keys | upgrade) who=owner ;;
    esac
    if [ "${1:-} ${2:-}" = "worker rebuild" ]; then who=rebuild; fi
    as "$who" "$samband" "$@"
    ;;
  *)
    usage
    exit 2
    ;;
esac
