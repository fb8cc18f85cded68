#!/usr/bin/env bash
# Sees to it that what servers.sh and the tests need from the system is there: Java 17, Maven, PostgreSQL 15, openssl, npm
# (the desk's identity provider), Pango (draws the desk's documents), Chromium (looks at its pages). What is missing is
# installed from Debian when this runs as root; else it says what to install. Prints nothing when all is there.
set -euo pipefail

missing=()
java -version >/dev/null 2>&1 || missing+=(openjdk-17-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
[ -x "${SAMBAND_PGBIN:-/usr/lib/postgresql/15/bin}/postgres" ] || missing+=(postgresql-15)
command -v openssl >/dev/null || missing+=(openssl)
/sbin/ldconfig -p | grep libpangoft2-1.0.so.0 >/dev/null || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
command -v npm >/dev/null || missing+=(npm)
command -v chromium >/dev/null || missing+=(chromium)
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "install_servers.sh: missing: install ${missing[*]} (Debian's names), then run this again" >&2
  exit 2
fi
echo "Installing ${missing[*]} …" >&2
mkdir -p /etc/postgresql-common
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then # ours runs in its own folder: no other server is wanted
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >&2
