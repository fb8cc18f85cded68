# shellcheck shell=bash
# A witness of the log, written by somebody else (github.com/transparency-dev/witness): it cosigns what only grew.
# On one machine it shows how; a witness that is worth something runs with somebody who does not run the broker.
# Sourced by samband.sh, once the log has its key.

witness_up() { # its memory is in witness/db: it refuses a log that is shorter than what it has cosigned
  local bin folder=$RUN/witness vkey
  bin=$(SAMBAND_CACHE=$CACHE "${here:?}/install_witness.sh")
  vkey=$(cat "$SAMBAND_KEYS/log.vkey")
  mkdir -p "$folder"
  if [ ! -f "$folder/vkey" ]; then
    "$bin/generate_keys" --origin vittne.local/w1 --out_priv "$folder/key" --out_pub "$folder/vkey"
  fi
  if ! grep -qsF "PublicKey: $vkey" "$folder/logs.yaml"; then # another log of that name is one that it has not seen
    if alive witness; then stop witness >&2; fi
    rm -f "$folder"/db*
    printf 'Logs:\n  - Origin: %s\n    PublicKey: %s\n' "${vkey%%+*}" "$vkey" >"$folder/logs.yaml"
  fi
  if alive witness; then return; fi
  port SAMBAND_WITNESS_PORT
  as witness spawn witness "$bin/omniwitness" --listen "127.0.0.1:$SAMBAND_WITNESS_PORT" --metrics_listen '' \
    --private_key_path "$folder/key" --additional_logs "$folder/logs.yaml" --db_file "$folder/db" --logtostderr
  await witness
}

witness_answers() {
  [[ $(ask "$SAMBAND_WITNESS_PORT" 'GET / HTTP/1.0\r\n\r\n' 5) == HTTP/ ]]
}

witness_address() {
  echo "http://127.0.0.1:$SAMBAND_WITNESS_PORT"
}

witness_check() { # a line; false unless it answers
  if alive witness && witness_answers; then
    printf '%-9s up      %s, pid %s\n' witness "$(witness_address)" "$(pid witness)"
  else
    printf '%-9s down    %s\n' witness "$RUN/witness/log"
    return 1
  fi
}
