# shellcheck shell=bash
# Open Policy Agent, which takes the law from one signed bundle and from nothing else. Sourced by servers.sh.

opa_prepare() {
  opa=$(SAMBAND_CACHE=$CACHE "${here:?}/install_opa.sh")
  mkdir -p "$RUN/opa"
  remember SAMBAND_OPA_BUNDLE "$RUN/opa/bundle.tar.gz"
  remember SAMBAND_OPA_KEY "$RUN/opa/key.pem"
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
  local bundle=${SAMBAND_BUNDLE:-} key=${SAMBAND_BUNDLE_KEY:-} own=$RUN/opa/own
  if [ -z "$bundle" ]; then
    if [ -f "$SAMBAND_OPA_KEY" ] && ! cmp -s "$own/public.pem" "$SAMBAND_OPA_KEY"; then return; fi
    opa_own_bundle "$own"
    bundle=$own/bundle.tar.gz key=$own/public.pem
  fi
  [ -f "$bundle" ] || fail "there is no bundle at $bundle (SAMBAND_BUNDLE)"
  [ -f "$key" ] || fail "SAMBAND_BUNDLE_KEY must name the file of the public key that belongs to $bundle"
  if ! cmp -s "$bundle" "$SAMBAND_OPA_BUNDLE" || ! cmp -s "$key" "$SAMBAND_OPA_KEY"; then
    if alive opa; then stop opa >&2; fi # it reads them when it starts
    cp "$bundle" "$SAMBAND_OPA_BUNDLE"
    cp "$key" "$SAMBAND_OPA_KEY"
  fi
}

opa_own_bundle() { # FOLDER. The manifest claims what policies/ hold, and so leaves `system` to opa/authz.rego
  local own=$1 sources revision roots claims=$1/claims.json
  mkdir -p "$own"
  if [ ! -f "$own/public.pem" ]; then
    command -v openssl >/dev/null || fail "openssl is missing, which makes the bundle's key: apt-get install openssl"
    openssl ecparam -name prime256v1 -genkey -noout -out "$own/private.pem"
    openssl pkey -in "$own/private.pem" -pubout -out "$own/public.pem"
  fi
  revision=$(cd "$ROOT/deploy" && python3 -B -c 'import build_bundle; print(build_bundle.revision())')
  if [ "$(cat "$own/revision" 2>/dev/null)" = "$revision" ] && [ -f "$claims" ]; then return; fi
  echo '{"keyid": "samband", "scope": "law"}' >"$claims"
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
    export SAMBAND_OPA_TOKEN SAMBAND_OPA_RESOURCE
    SAMBAND_OPA_RESOURCE=$(opa_address_of "$SAMBAND_OPA_BUNDLE")
    spawn opa "$opa" run --server \
      --addr "127.0.0.1:$SAMBAND_OPA_PORT" --diagnostic-addr "127.0.0.1:$SAMBAND_OPA_DIAGNOSTICS_PORT" \
      --authentication token --authorization basic --log-level-request debug \
      --config-file "$here/opa/config.yaml" --set-file "keys.samband.key=$SAMBAND_OPA_KEY" "$here/opa/authz.rego"
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
