#!/usr/bin/env bash
# Names at once all that `make test` needs, is not here, and can't be installed by it: exit status 2. Installs nothing.
# What is missing and can be had (Go and Python's libraries from PyPI, the rest from Debian as root) is no fault.
set -euo pipefail
root=${0%/*}/../..
cache=${SAMBAND_CACHE:-$root/.tools}
python=$root/.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}

missing=()
need() { missing+=("$1"); }
has() { command -v "$1" >/dev/null; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || need "Python 3.11 or later"
"$python" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv (Debian: apt-get install python3-venv)"
for name in make git tar realpath; do has $name || need "$name"; done

from_debian=false
if [ "$(id -u)" = 0 ] && has apt-get; then from_debian=true; fi
debian() { # NAME PACKAGE: what install_servers.sh installs
  $from_debian || need "$1 (Debian: apt-get install $2)"
}
java -version >/dev/null 2>&1 || debian "Java 17" openjdk-17-jre-headless
has mvn || debian Maven maven
[ -x "${SAMBAND_PGBIN:-/usr/lib/postgresql/15/bin}/postgres" ] || debian "PostgreSQL 15" postgresql-15
has openssl || debian openssl openssl
if ! [ -x "$cache/bin/promtool" ] && ! has promtool && ! { has apt-get && has dpkg-deb; }; then
  need "Prometheus 2.42 or later (Debian: apt-get install prometheus)"
fi

if [ ${#missing[@]} = 0 ]; then exit 0; fi
{
  echo "make test needs what is not here and can't be installed by it:"
  printf '  %s\n' "${missing[@]}"
} >&2
exit 2
