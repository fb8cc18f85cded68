# shellcheck shell=bash
# supervisord keeps Samband's programs going where there is no systemd: one that is killed, or ends because it stands
# still (70), comes back by itself; one whose set-up is wrong (2), or whose store is older than its log (1), does not.
# Sourced by samband.sh.

supervisor_up() {
  local folder=$RUN/supervisor name
  supervisord=$(dirname "${samband:?}")/supervisord
  command -v "$supervisord" >/dev/null || fail "$supervisord is missing: run make cluster"
  mkdir -p "$folder"
  socket supervisor
  supervisor_settings >"$folder/conf"
  if alive supervisor; then return; fi
  for name in "${known[@]}"; do # nobody would see that one of them ends
    mkdir -p "$RUN/$name"
    if alive "$name"; then stop "$name" >&2; fi
  done
  as supervisor spawn supervisor "$supervisord" --nodaemon --configuration "$folder/conf"
  await supervisor
}

supervisor_settings() {
  local name
  printf '%s\n' '[supervisord]' "user=$(id -un)" logfile=/dev/null logfile_maxbytes=0 "pidfile=$RUN/supervisor/own.pid" \
    '[unix_http_server]' "file=$(socket_of supervisor)" chmod=0600 '[supervisorctl]' "serverurl=unix://$(socket_of supervisor)" \
    '[rpcinterface:supervisor]' supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
  for name in "${known[@]}"; do
    printf '%s\n' "[program:$name]" "command=$RUN/$name/run" autostart=false autorestart=unexpected startsecs=0 \
      exitcodes=1,2,126,127 stopwaitsecs=60 stopasgroup=false killasgroup=true redirect_stderr=true \
      "stdout_logfile=$RUN/$name/log" stdout_logfile_maxbytes=50MB stdout_logfile_backups=3
  done
}

supervisor_answers() {
  supervisor_ask pid >/dev/null
}

supervisor_ask() { # COMMAND…
  "$(dirname "$samband")/supervisorctl" --configuration "$RUN/supervisor/conf" "$@" 2>&1
}

supervise() { # PROGRAM WHO COMMAND…: with what that one needs in its environment
  local name=$1 who=$2 round
  shift 2
  rm -f "$RUN/$name/pid" "$RUN/$name/started"
  if [ -f "$RUN/$name/log" ]; then mv "$RUN/$name/log" "$RUN/$name/log.before"; fi
  {
    printf '#!/usr/bin/env bash\n'
    as "$who" print_environment
    printf 'cd %q && umask 077\n' "$RUN/$name"
    # shellcheck disable=SC2016
    printf '%s\n' "sed 's/.*) //' /proc/\$\$/stat | awk '{print \$20}' >started" 'echo $$ >pid'
    printf 'exec'
    printf ' %q' "$@"
    echo
  } >"$RUN/$name/run"
  chmod 700 "$RUN/$name/run"
  supervisor_ask start "$name" >/dev/null || true # one that ends at once is seen by `await`
  for ((round = 0; round < 100; round++)); do
    if [ -s "$RUN/$name/pid" ]; then break; fi
    sleep 0.1
  done
}

print_environment() { # in the subshell of `as`
  local name
  for name in "${!SAMBAND_@}"; do printf 'export %s=%q\n' "$name" "${!name}"; done
}

unsupervise() { # PROGRAM: it is told to stop, and stays so
  if alive supervisor; then supervisor_ask stop "$1" >/dev/null || true; fi
  stop "$1"
}

socket() { # PROGRAM: a place for its socket, whose path may have 107 signs; remembered
  local name=SAMBAND_${1^^}_SOCKET place=$RUN/$1/socket
  if [ ${#place} -gt 90 ]; then
    place=${!name-}
    if [ -z "$place" ] || [ ! -d "${place%/*}" ]; then place=$(mktemp -d /var/tmp/samband-XXXXXX)/socket; fi
  fi
  remember "$name" "$place"
}

socket_of() { # PROGRAM
  local name=SAMBAND_${1^^}_SOCKET
  echo "${!name-}"
}
