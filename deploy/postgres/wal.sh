#!/usr/bin/env bash
# Copies of a cluster's PostgreSQL that lose nothing: its WAL as it is written, and now and then a base to replay it on.
# The server is named as to every PostgreSQL client: PGHOST, PGPORT, PGUSER (may replicate), PGPASSWORD.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: wal.sh receive FOLDER         keep all WAL in FOLDER/wal, for ever; a service of its own, on another machine
       wal.sh base FOLDER            a new base in FOLDER, verified; FOLDER/backup.json tells of it
       wal.sh restore FOLDER DATA    the newest base in DATA, to be started: it replays all WAL that was received
TEXT
  exit 2
}

bin=${SAMBAND_PGBIN:-/usr/lib/postgresql/15/bin}
slot=samband_backup

receive() { # the slot holds what has not been received; delete it where nobody receives any longer, else the disk fills
  mkdir -p "$1/wal"
  "$bin/pg_receivewal" --directory "$1/wal" --slot "$slot" --create-slot --if-not-exists
  exec "$bin/pg_receivewal" --directory "$1/wal" --slot "$slot" --synchronous
}

base() {
  local at part=$1/.base.part
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  rm -rf "$part"
  "$bin/pg_basebackup" --pgdata "$part" --checkpoint fast --wal-method stream
  "$bin/pg_verifybackup" --quiet "$part"
  mv "$part" "$1/base-$at"
  printf '{"at": "%s", "bytes": %s}\n' "$at" "$(du -sb "$1/base-$at" | cut -f1)" >"$1/.backup.json.part"
  mv "$1/.backup.json.part" "$1/backup.json"
}

restore() {
  local folder newest data=$2
  folder=$(realpath "$1")
  newest=$(find "$folder" -maxdepth 1 -name 'base-*' | sort | tail -n 1)
  [ -n "$newest" ] || { echo "$1: holds no base: run 'wal.sh base' first" >&2 && exit 1; }
  [ ! -e "$data" ] || { echo "$data: is there already: name a folder that is not" >&2 && exit 1; }
  cp -a "$newest" "$data"
  # the newest segment is partial: it is replayed as far as it goes
  cat >>"$data/postgresql.auto.conf" <<CONF
restore_command = 'cp "$folder/wal/%f" "%p" || cp "$folder/wal/%f.partial" "%p"'
recovery_target_action = 'promote'
CONF
  touch "$data/recovery.signal"
}

case "${1-}" in
  receive | base) [ $# = 2 ] || usage; "$@" ;;
  restore) [ $# = 3 ] || usage; "$@" ;;
  *) usage ;;
esac
