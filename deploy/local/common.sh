# shellcheck shell=bash
# What the servers have in common: one run folder, one file of settings, ports, processes.
# Sourced by servers.sh, which sets `run` and `ROOT`.

umask 077
unset "${!SAMBAND_KAFKA_@}" "${!SAMBAND_OPA_@}" "${!SAMBAND_POSTGRES_@}" # those of another run folder
# shellcheck disable=SC2034 # the servers' files use it
CACHE=$(realpath -m "${SAMBAND_CACHE:-${ROOT:?}/.tools}")
RUN=$(realpath -m "${run:?}")
SETTINGS=$RUN/env

fail() { # MESSAGE
  echo "${0##*/}: $1" >&2
  exit 2
}

recall() { # the file of settings
  # shellcheck source=/dev/null
  if [ -f "$SETTINGS" ]; then . "$SETTINGS"; fi
}

own_run_folder() { # makes it, and holds it until this script ends
  mkdir -p "$RUN"
  chmod 711 "$RUN" # PostgreSQL, run by another user, passes through; each folder and file in it stays closed
  touch "$SETTINGS"
  exec 9>"$RUN/lock"
  flock -w 300 9 || fail "another servers.sh has held $RUN for five minutes"
  recall
}

remember() { # KEY VALUE: in the file of settings
  if [ "${!1-}" != "$2" ] || ! grep -q "^$1=" "$SETTINGS"; then
    printf -v "$1" %s "$2"
    { grep -v "^$1=" "$SETTINGS" || true; printf '%s=%q\n' "$1" "$2"; } >"$SETTINGS.new"
    mv "$SETTINGS.new" "$SETTINGS"
  fi
}

secret() { # KEY: kept if it is there, else made
  if [ -z "${!1-}" ]; then remember "$1" "$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')"; fi
}

port() { # KEY: the one used before if it is free, else another; below those that the system lends to clients
  local found=${!1-}
  while [ -z "$found" ] || taken "$found" || grep -v "^$1=" "$SETTINGS" | grep -q "_PORT=$found\$"; do
    found=$((20000 + RANDOM % 12000))
  done
  remember "$1" "$found"
}

taken() { # PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

ask() { # PORT BYTES COUNT: sends the bytes, written as for printf; prints the first of the answer, within five seconds
  # shellcheck disable=SC2016
  timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "$2" >&3 && head -c "$3" <&3' - "$@" 2>/dev/null || true
}

pid() { # SERVER
  cat "$RUN/$1/pid" 2>/dev/null
}

started() { # PID: when the process started, in the system's ticks; nothing if all its threads have ended: the last one
  # holds its port and its files, and the first may be gone (Z) before it
  { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null || true; } | awk '$1 != "Z" || $18 > 1 {print $20}'
}

alive() { # SERVER: the process that we started, not one that has got its number since
  local number
  number=$(pid "$1") && [ -n "$(started "$number")" ] && [ "$(started "$number")" = "$(cat "$RUN/$1/started")" ]
}

spawn() { # SERVER COMMAND…: in a session of its own, so that it outlives this script and the terminal's Ctrl-C
  local name=$1
  shift
  if [ -f "$RUN/$name/log" ]; then mv "$RUN/$name/log" "$RUN/$name/log.before"; fi
  setsid "$@" </dev/null >"$RUN/$name/log" 2>&1 9>&- &
  started $! >"$RUN/$name/started"
  echo $! >"$RUN/$name/pid"
}

await() { # SERVER: until it answers, SAMBAND_WAIT seconds at most
  local until=$((SECONDS + ${SAMBAND_WAIT:-120})) trouble=
  until "$1_answers"; do
    if ! alive "$1"; then trouble="ended at once"; fi
    if [ $SECONDS -ge $until ]; then trouble="does not answer"; fi
    if [ -n "$trouble" ]; then
      tail -n 20 "$RUN/$1/log" >&2
      if declare -F "$1_says" >/dev/null; then "$1_says" >&2; fi
      fail "$1 $trouble; above is the end of $RUN/$1/log"
    fi
    sleep 0.1
  done
  if declare -F "$1_ready" >/dev/null; then "$1_ready"; fi
}

stop() { # SERVER: asks first; what has not gone after a minute is killed
  local number signal=TERM round
  if alive "$1"; then
    number=$(pid "$1")
    if [ "$1" = postgres ]; then signal=INT; fi # TERM would wait for its clients
    kill -s "$signal" "$number"
    kill -s CONT "$number" # one that was paused must hear it
    for ((round = 0; round < 600; round++)); do
      if ! alive "$1"; then break; fi
      sleep 0.1
    done
    if alive "$1"; then
      echo "servers.sh: $1 does not stop, so it is killed" >&2
      kill -s KILL "$number"
    fi
  fi
  rm -f "$RUN/$1/pid" "$RUN/$1/started"
  printf '%-9s down\n' "$1"
}
