# shellcheck shell=bash
# PostgreSQL 15, as a user without rights when we are root. Sourced by servers.sh.

postgres_bin=${SAMBAND_PGBIN:-/usr/lib/postgresql/15/bin}
postgres_place=$RUN/postgres/server # data and socket
postgres_as=()
if [ "$(id -u)" = 0 ]; then postgres_as=(setpriv --reuid postgres --regid postgres --init-groups --); fi

postgres_roles=(WORKER LEDGER AGENTS READER REVIEW)

postgres_prepare() {
  local role
  [ -x "$postgres_bin/initdb" ] ||
    fail "PostgreSQL 15 is missing: apt-get install postgresql-15, or set SAMBAND_PGBIN to its bin folder"
  if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
    fail "PostgreSQL does not run as root and the user postgres is missing: apt-get install postgresql-15"
  fi
  mkdir -p "$RUN/postgres"
  chmod 711 "$RUN/postgres"
  secret SAMBAND_POSTGRES_ADMIN_PASSWORD
  secret SAMBAND_POSTGRES_PASSWORD
  for role in "${postgres_roles[@]}"; do secret "SAMBAND_POSTGRES_${role}_PASSWORD"; done
  if ! alive postgres; then port SAMBAND_POSTGRES_PORT; fi
  remember SAMBAND_POSTGRES_URL \
    "postgresql://samband:$SAMBAND_POSTGRES_PASSWORD@127.0.0.1:$SAMBAND_POSTGRES_PORT/samband"
  if [ ! -d "$postgres_place" ]; then postgres_settle; fi
  remember SAMBAND_POSTGRES_SOCKET "$(realpath "$postgres_place")"
  if [ ! -d "$postgres_place/data" ]; then postgres_initialise; fi
}

postgres_settle() { # a folder that its user can enter, with a path short enough for a socket; else a link to one
  rm -f "$postgres_place"
  mkdir "$postgres_place"
  postgres_own "$postgres_place"
  if [ ${#postgres_place} -gt 85 ] || ! (cd / && "${postgres_as[@]}" test -w "$postgres_place"); then
    rmdir "$postgres_place"
    ln -s "$(mktemp -d /var/tmp/samband-XXXXXX)" "$postgres_place"
    postgres_own "$(realpath "$postgres_place")"
  fi
}

postgres_own() { # PATH
  if [ "$(id -u)" = 0 ]; then chown -R postgres:postgres "$1"; fi
}

postgres_initialise() { # under another name until it is whole
  local place log=$RUN/postgres/initdb.log
  place=$(realpath "$postgres_place")
  rm -rf "$place/data.new"
  printf '%s\n' "$SAMBAND_POSTGRES_ADMIN_PASSWORD" >"$place/password"
  postgres_own "$place/password"
  if ! (cd / && "${postgres_as[@]}" "$postgres_bin/initdb" --pgdata "$place/data.new" --username postgres \
    --pwfile "$place/password" --auth scram-sha-256 --encoding UTF8 --no-locale --data-checksums) >"$log" 2>&1; then
    rm -f "$place/password"
    fail "PostgreSQL's data folder could not be made: $log"
  fi
  rm -f "$place/password" "$log"
  mv "$place/data.new" "$place/data"
}

postgres_start() { # it refuses while the system still holds the number of one that was killed
  local before round
  before=$(head -n 1 "$SAMBAND_POSTGRES_SOCKET/data/postmaster.pid" 2>/dev/null) || true
  for ((round = 0; round < 300; round++)); do
    if [ ! -e "/proc/${before:-none}" ] || [ -n "$(started "$before")" ]; then break; fi
    sleep 0.1
  done
  (
    cd /
    spawn postgres "${postgres_as[@]}" "$postgres_bin/postgres" -D "$SAMBAND_POSTGRES_SOCKET/data" \
      -c listen_addresses=127.0.0.1 -c "port=$SAMBAND_POSTGRES_PORT" \
      -c "unix_socket_directories=$SAMBAND_POSTGRES_SOCKET" -c default_toast_compression=lz4
  )
}

postgres_answers() {
  "$postgres_bin/pg_isready" --quiet --timeout 5 --host 127.0.0.1 --port "$SAMBAND_POSTGRES_PORT"
}

postgres_ready() { # the role and the database are there
  (
    export PGPASSWORD=$SAMBAND_POSTGRES_ADMIN_PASSWORD "${!SAMBAND_POSTGRES_@}"
    exec "$postgres_bin/psql" --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host 127.0.0.1 \
      --port "$SAMBAND_POSTGRES_PORT" --username postgres --dbname postgres --file "${here:?}/postgres/samband.sql"
  )
}

postgres_address() {
  echo "127.0.0.1:$SAMBAND_POSTGRES_PORT and $SAMBAND_POSTGRES_SOCKET"
}
