# shellcheck shell=bash
# Open Policy Agent, which takes the law from one signed bundle and from nothing else. Sourced by servers.sh.

opa_prepare() {
  opa=$(SAMBAND_CACHE=$CACHE "${here:?}/install_opa.sh")
  mkdir -p "$RUN/opa"
  remember SAMBAND_OPA_BUNDLE "$RUN/opa/bundle.tar.gz"
  remember SAMBAND_OPA_KEYS_FILE "$RUN/opa/keys.json"
  secret SAMBAND_OPA_TOKEN
  opa_bundle
  if ! alive opa; then
    port SAMBAND_OPA_PORT
    port SAMBAND_OPA_DIAGNOSTICS_PORT
  fi
  remember SAMBAND_OPA_URL "http://127.0.0.1:$SAMBAND_OPA_PORT"
  remember SAMBAND_OPA_DIAGNOSTICS_URL "http://127.0.0.1:$SAMBAND_OPA_DIAGNOSTICS_PORT"
}

opa_bundle() { # what SAMBAND_BUNDLE and SAMBAND_BUNDLE_KEY name, now or last; else policies/ under a key of our own
  local bundle=${SAMBAND_BUNDLE:-} keys=${SAMBAND_BUNDLE_KEY:-} own=$RUN/opa/own
  if [ -z "$bundle" ]; then
    if [ -f "$SAMBAND_OPA_KEYS_FILE" ] && ! opa_keys settings "$own/public.pem" | cmp -s - "$SAMBAND_OPA_KEYS_FILE"; then
      return
    fi
    opa_own_bundle "$own"
    bundle=$own/bundle.tar.gz keys=$own/public.pem
  fi
  [ -f "$bundle" ] || fail "there is no bundle at $bundle (SAMBAND_BUNDLE)"
  [ -n "$keys" ] || fail "SAMBAND_BUNDLE_KEY must name the file of the public key that belongs to $bundle"
  opa_keys settings "$keys" >"$RUN/opa/keys.new" || fail "SAMBAND_BUNDLE_KEY: no public key in PEM: $keys"
  if ! cmp -s "$bundle" "$SAMBAND_OPA_BUNDLE" || ! cmp -s "$RUN/opa/keys.new" "$SAMBAND_OPA_KEYS_FILE"; then
    if alive opa; then stop opa >&2; fi # it reads them when it starts
    cp "$bundle" "$SAMBAND_OPA_BUNDLE"
    mv "$RUN/opa/keys.new" "$SAMBAND_OPA_KEYS_FILE"
  fi
}

opa_keys() { # settings|key_id FILES: what the keys in these files (parted by colons) are to OPA; or the name of one
  PYTHONPATH=$ROOT python3 -B - "$@" <<'PYTHON' 2>/dev/null
import pathlib, sys
from broker.adapters.opa import bundle_keys
keys = [pathlib.Path(file).read_text("utf-8") for file in sys.argv[2].split(":")]
print(bundle_keys.settings(keys) if sys.argv[1] == "settings" else bundle_keys.key_id(keys[0]))
PYTHON
}

opa_own_bundle() { # FOLDER. The manifest claims what policies/ hold, and so leaves `system` to opa/authz.rego
  local own=$1 sources revision roots claims=$1/claims.json said
  mkdir -p "$own"
  if [ ! -f "$own/public.pem" ]; then
    command -v openssl >/dev/null || fail "openssl is missing, which makes the bundle's key: apt-get install openssl"
    openssl ecparam -name prime256v1 -genkey -noout -out "$own/private.pem"
    openssl pkey -in "$own/private.pem" -pubout -out "$own/public.pem"
  fi
  revision=$(cd "$ROOT/deploy" && python3 -B -c 'import build_bundle; print(build_bundle.revision())')
  said="{\"keyid\": \"$(opa_keys key_id "$own/public.pem")\", \"scope\": \"law\"}"
  if [ "$(cat "$own/revision" 2>/dev/null)" = "$revision" ] && [ "$(cat "$claims" 2>/dev/null)" = "$said" ]; then return; fi
  rm -f "$own/revision"
  echo "$said" >"$claims"
  sources=$(mktemp -d)
  cp -r "$ROOT/policies/." "$sources"
  roots=$(cd "$sources" && printf '"%s", ' */ | tr -d /)
  printf '{"revision": "%s", "roots": [%s]}\n' "$revision" "${roots%, }" >"$sources/.manifest"
  if ! (cd "$sources" && "$opa" build --bundle --ignore '*_test.rego' --signing-key "$own/private.pem" \
    --signing-alg ES256 --claims-file "$claims" --output "$own/bundle.tar.gz" .); then
    rm -rf "$sources"
    fail "policies/ do not make a bundle"
  fi
  rm -rf "$sources"
  echo "$revision" >"$own/revision"
}

opa_start() {
  (
    export SAMBAND_OPA_TOKEN SAMBAND_OPA_RESOURCE SAMBAND_OPA_KEYS
    SAMBAND_OPA_RESOURCE=$(opa_address_of "$SAMBAND_OPA_BUNDLE")
    SAMBAND_OPA_KEYS=$(cat "$SAMBAND_OPA_KEYS_FILE")
    spawn opa "$opa" run --server \
      --addr "127.0.0.1:$SAMBAND_OPA_PORT" --diagnostic-addr "127.0.0.1:$SAMBAND_OPA_DIAGNOSTICS_PORT" \
      --authentication token --authorization basic --log-level-request debug \
      --config-file "$here/opa/config.yaml" "$here/opa/authz.rego"
  )
}

opa_address_of() { # FILE: as an address, odd characters escaped
  python3 -c 'import pathlib, sys; print(pathlib.Path(sys.argv[1]).as_uri())' "$1"
}

opa_answers() { # as healthy only when its bundle is loaded
  [[ $(ask "$SAMBAND_OPA_DIAGNOSTICS_PORT" 'GET /health?bundles HTTP/1.0\r\n\r\n' 12) == *' 200' ]]
}

opa_address() {
  echo "$SAMBAND_OPA_URL"
}
