"""What the environment tells: where the servers are, as whom to log in, and the operator's figures.

Only this reads it.

`deploy/local/servers.sh env` and the files that `samband provision --credentials` writes have these names. Under the
production profile, which is the default, whatever leaves the machine is encrypted, and the other end proves who it is.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from broker.model.faults import SetUpError
from broker.ports.quarantine_limits import QuarantineLimits
from broker.provision import MECHANISM, Limits, Profile, ProvisionError

PROFILE = "SAMBAND_PROFILE"
LANGUAGE = "SAMBAND_LANG"
TLS = "SASL_SSL"
_PROTOCOLS = (TLS, "SASL_PLAINTEXT")
_SAFE = (3, 2)
"""Copies, and copies in sync, that production begins with."""
_METRICS = "127.0.0.1:9464"
_POSTGRES = "postgresql+psycopg://"
_HIGHEST_PORT = 65535
_MOST_DAYS = 3650


SETTLED_DAYS = 14
"""Usual days for which outboxes and inboxes keep what is settled."""


class SettingsError(SetUpError, ValueError):
    """A setting is missing or can't be used; one line that names it and says what to do, never a secret."""


@dataclass(frozen=True)
class KafkaLogin:
    """Where a cluster is and how to log in to it. With TLS a broker's name is checked against its certificate."""

    bootstrap: str
    protocol: str
    user: str
    password: str = field(repr=False)
    authority: str | None = None
    """File with the certificates that brokers are trusted by (PEM); None: those of the system."""
    certificate: str | None = None
    """File with the client's own certificate, where the cluster asks for one; likewise its key."""
    key: str | None = None

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read."""
        return self.protocol == TLS

    def variables(self, user: str, password: str) -> dict[str, str]:
        """The environment with which another user logs in to the same cluster."""
        variables = {
            "SAMBAND_KAFKA_BOOTSTRAP": self.bootstrap,
            "SAMBAND_KAFKA_SECURITY_PROTOCOL": self.protocol,
            "SAMBAND_KAFKA_SASL_MECHANISM": MECHANISM,
            "SAMBAND_KAFKA_USER": user,
            "SAMBAND_KAFKA_PASSWORD": password,
        }
        return variables | ({"SAMBAND_KAFKA_CA": self.authority} if self.authority else {})


@dataclass(frozen=True)
class PolicyServer:
    """Where OPA is, what it asks for, and the file (PEM) that its certificate is checked against, if not the public."""

    urls: tuple[str, ...]
    token: str | None = field(repr=False)
    ca: Path | None


def profile() -> Profile:
    """What this installation is for (SAMBAND_PROFILE); production unless said otherwise. Raises SettingsError."""
    try:
        return Profile(os.environ.get(PROFILE) or Profile.PRODUCTION)
    except ValueError:
        raise SettingsError(f"{PROFILE}: must be one of {', '.join(Profile)}") from None


def kafka_operator(chosen: Profile) -> KafkaLogin:
    """The login of whoever provisions (SAMBAND_KAFKA_ADMIN). Raises SettingsError; in production also without TLS."""
    return _kafka(chosen, "SAMBAND_KAFKA_ADMIN", "SAMBAND_KAFKA_ADMIN_PASSWORD")


def kafka_user() -> KafkaLogin:
    """The login of a service or an authority (SAMBAND_KAFKA_USER). Raises SettingsError as `kafka_operator`."""
    return _kafka(profile(), "SAMBAND_KAFKA_USER", "SAMBAND_KAFKA_PASSWORD")


def limits(chosen: Profile) -> Limits:
    """The operator's figures for a cluster. Raises SettingsError, also when the profile would not be safe with them."""
    copies, in_sync = _SAFE if chosen is Profile.PRODUCTION else (1, 1)
    figures = {
        "copies": _number("SAMBAND_KAFKA_COPIES", copies),
        "in_sync": _number("SAMBAND_KAFKA_IN_SYNC", in_sync),
        "retention_days": _number("SAMBAND_KAFKA_RETENTION_DAYS", Limits.retention_days),
        "quarantine_days": quarantine().days,
        "produce_bytes": _number("SAMBAND_KAFKA_PRODUCE_BYTES", Limits.produce_bytes),
        "consume_bytes": _number("SAMBAND_KAFKA_CONSUME_BYTES", Limits.consume_bytes),
        "request_percent": _number("SAMBAND_KAFKA_REQUEST_PERCENT", Limits.request_percent),
    }
    try:
        return Limits(chosen, **figures)
    except ProvisionError as error:
        raise SettingsError(f"SAMBAND_KAFKA_COPIES, _IN_SYNC, _RETENTION_DAYS and quotas: {error}") from None


def quarantine() -> QuarantineLimits:
    """How much is kept of what can't be used (SAMBAND_QUARANTINE_BYTES of each sender, SAMBAND_QUARANTINE_DAYS).

    Raises SettingsError.
    """
    usual = QuarantineLimits()
    days = _number("SAMBAND_QUARANTINE_DAYS", usual.days)
    if days < 1 or days > _MOST_DAYS:
        raise SettingsError(f"SAMBAND_QUARANTINE_DAYS: must be 1-{_MOST_DAYS}")
    return QuarantineLimits(_number("SAMBAND_QUARANTINE_BYTES", usual.bytes), days)


def settled_days() -> int:
    """Days for which outboxes and inboxes keep what is settled (SAMBAND_SETTLED_DAYS). Raises SettingsError."""
    return _number("SAMBAND_SETTLED_DAYS", SETTLED_DAYS)


def policy_server() -> PolicyServer:
    """OPA: SAMBAND_OPA_URL (several are parted by commas), _TOKEN, _CA.

    Raises SettingsError; in production also for http to another machine.
    """
    return _policy_server("SAMBAND_OPA_URL")


def next_policy_server() -> PolicyServer | None:
    """OPA with a law that is announced (SAMBAND_OPA_NEXT_URL), as `policy_server`; None: it is asked in process."""
    name = "SAMBAND_OPA_NEXT_URL"
    return _policy_server(name) if os.environ.get(name) else None


def _policy_server(name: str) -> PolicyServer:
    urls = tuple(_http(name, url.strip()) for url in _require(name).split(","))
    ca = os.environ.get("SAMBAND_OPA_CA")
    return PolicyServer(urls, os.environ.get("SAMBAND_OPA_TOKEN") or None, Path(ca) if ca else None)


def postgres() -> str:
    """PostgreSQL's URL (SAMBAND_POSTGRES_URL), as SQLAlchemy wants it.

    Raises SettingsError; in production also when the server's name is not checked (sslmode=verify-full) on its way to
    another machine.
    """
    name = "SAMBAND_POSTGRES_URL"
    url = _require(name)
    parts = _parts(name, url, ("postgresql", "postgres", "postgresql+psycopg"))
    query = parse_qs(parts.query)
    hosts = [parts.hostname, *query.get("host", []), *query.get("hostaddr", [])]
    local = all(not host or host.startswith("/") or _here(host) for host in hosts)
    if profile() is Profile.PRODUCTION and not local and query.get("sslmode") != ["verify-full"]:
        raise SettingsError(f"{name}: production needs sslmode=verify-full to another machine")
    return _POSTGRES + url.partition("://")[2]


def keys(*, new: bool = False) -> Path:
    """The folder with token.key (SAMBAND_KEYS), which is there unless `new`. Raises SettingsError."""
    return _folder("SAMBAND_KEYS", new=new)


def log_keys(*, new: bool = False) -> Path:
    """The folder with log.key, the ledger's (SAMBAND_LOG_KEYS, else SAMBAND_KEYS), as `keys`. Raises SettingsError."""
    name = "SAMBAND_LOG_KEYS"
    return _folder(name if os.environ.get(name) else "SAMBAND_KEYS", new=new)


def contents_keys(*, new: bool = False) -> Path:
    """The folder with contents.key, which workers can write (SAMBAND_CONTENTS_KEYS, else SAMBAND_KEYS), as `keys`.

    Raises SettingsError.
    """
    name = "SAMBAND_CONTENTS_KEYS"
    return _folder(name if os.environ.get(name) else "SAMBAND_KEYS", new=new)


def _folder(name: str, *, new: bool) -> Path:
    folder = Path(_require(name))
    if not new and not folder.is_dir():
        raise SettingsError(f"{name}: there is no such folder: 'samband keys' makes it")
    return folder


def metrics_address() -> str | None:
    """Where metrics are served (SAMBAND_METRICS_ADDRESS, as `--metrics`); None: nowhere. Raises SettingsError."""
    name = "SAMBAND_METRICS_ADDRESS"
    address = os.environ.get(name) or None
    port = address.rpartition(":")[2] if address else "0"
    if not _decimal(port) or int(port) > _HIGHEST_PORT:
        raise SettingsError(f"{name}: must be a host and a port, such as {_METRICS}")
    return address


def collector() -> str | None:
    """Where spans are handed over (SAMBAND_OTLP_URL); None: nowhere.

    Raises SettingsError; in production also for http to another machine.
    """
    name = "SAMBAND_OTLP_URL"
    return _http(name, _require(name)) if os.environ.get(name) else None


def _http(name: str, url: str) -> str:
    parts = _parts(name, url, ("http", "https"))
    if profile() is Profile.PRODUCTION and parts.scheme != "https" and not _here(parts.hostname):
        raise SettingsError(f"{name}: production needs https to another machine")
    return url


def _kafka(chosen: Profile, user: str, password: str) -> KafkaLogin:
    protocol = os.environ.get("SAMBAND_KAFKA_SECURITY_PROTOCOL") or TLS
    if protocol not in _PROTOCOLS:
        raise SettingsError(f"SAMBAND_KAFKA_SECURITY_PROTOCOL: must be one of {', '.join(_PROTOCOLS)}")
    if chosen is Profile.PRODUCTION and protocol != TLS:
        raise SettingsError(
            f"SAMBAND_KAFKA_SECURITY_PROTOCOL: production needs {TLS}; on a machine of your own: {PROFILE}=local"
        )
    if os.environ.get("SAMBAND_KAFKA_SASL_MECHANISM", MECHANISM) != MECHANISM:
        raise SettingsError(f"SAMBAND_KAFKA_SASL_MECHANISM: must be {MECHANISM}")
    bootstrap = _require("SAMBAND_KAFKA_BOOTSTRAP")
    hosts = [address.strip().rpartition(":")[0].strip("[]") for address in bootstrap.split(",")]
    if chosen is Profile.CONFORMANCE and not all(map(_here, hosts)):
        raise SettingsError(f"SAMBAND_KAFKA_BOOTSTRAP: {PROFILE}=conformance is for a cluster on this machine alone")
    return KafkaLogin(
        bootstrap=bootstrap,
        protocol=protocol,
        user=_require(user),
        password=_require(password),
        authority=os.environ.get("SAMBAND_KAFKA_CA") or None,
        certificate=os.environ.get("SAMBAND_KAFKA_CERTIFICATE") or None,
        key=os.environ.get("SAMBAND_KAFKA_KEY") or None,
    )


def _parts(name: str, url: str, schemes: tuple[str, ...]) -> SplitResult:
    """The parts of a URL, which may hold a password and is therefore not told."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{name}: must be a URL that begins with {' or '.join(schemes)}://")
    return parts


def _here(host: str | None) -> bool:
    """Whether it is this machine."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _require(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise SettingsError(f"{name}: is not set: 'deploy/local/servers.sh env' shows the settings of local servers")


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not _decimal(text):
        raise SettingsError(f"{name}: must be a whole number")
    return int(text)


def _decimal(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a process that this one starts, with some variables of its own."""
    return os.environ | more


def cache_size(usual: int) -> int:
    """How many decisions a worker remembers (SAMBAND_REMEMBERED); 0: none. Raises SettingsError."""
    return _number("SAMBAND_REMEMBERED", usual)


def language() -> str | None:
    """The language of texts for people, where the environment tells one."""
    return os.environ.get(LANGUAGE)


def upkeep() -> tuple[Path | None, dict[str, Path]]:
    """What is looked after: the file that tells of backups (SAMBAND_BACKUP), and certificates by name.

    Those of SAMBAND_CERTIFICATES, which are parted as in PATH, and those that Samband itself goes by.
    """
    told = os.environ.get("SAMBAND_BACKUP")
    own = (os.environ.get(name) for name in ("SAMBAND_KAFKA_CA", "SAMBAND_KAFKA_CERTIFICATE", "SAMBAND_OPA_CA"))
    paths = [Path(path) for path in (*os.environ.get("SAMBAND_CERTIFICATES", "").split(os.pathsep), *own) if path]
    return Path(told) if told else None, {f"{path.parent.name}.{path.stem}": path for path in paths}


def log_form(forms: Sequence[str]) -> str:
    """In which form a program writes its log (SAMBAND_LOG); the first unless said. Raises SettingsError."""
    form = os.environ.get("SAMBAND_LOG") or forms[0]
    if form not in forms:
        raise SettingsError(f"SAMBAND_LOG: must be one of {', '.join(forms)}")
    return form


def addresses(*servers: str) -> dict[str, str]:
    """Where those of `kafka`, `postgres` and `opa` are that the environment tells of: no user, no password."""
    opa = os.environ.get("SAMBAND_OPA_URL", "").split(",")
    urls = {"postgres": [os.environ.get("SAMBAND_POSTGRES_URL", "")], "opa": opa}
    places = {name: ",".join(_place(url.strip()) for url in some) for name, some in urls.items() if any(some)}
    places |= {"kafka": bootstrap} if (bootstrap := os.environ.get("SAMBAND_KAFKA_BOOTSTRAP")) else {}
    return {name: places[name] for name in servers if places.get(name)}


def _place(url: str) -> str:
    """Host, port and path of a URL."""
    try:
        parts = urlsplit(url)
        return f"{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")
    except ValueError:
        return ""


def completes() -> bool:
    """Whether a shell asks what could come next on the command line."""
    return "_SAMBAND_COMPLETE" in os.environ


def kill_switch() -> tuple[str, int, bool] | None:
    """For tests of crashes (SAMBAND_KILL, `point:n` or `point:n:stop`): at which point, and which time, a worker ends
    itself; or only stops, until it is told to go on.

    Raises SettingsError, and always in production.
    """
    name = "SAMBAND_KILL"
    text = os.environ.get(name)
    if not text:
        return None
    if profile() is Profile.PRODUCTION:
        raise SettingsError(f"{name}: is for tests only")
    point, _, more = text.partition(":")
    times, stops, _ = more.partition(":stop")
    if not _decimal(times) or text != f"{point}:{times}{stops}":
        raise SettingsError(f"{name}: must be point:n or point:n:stop")
    return point, int(times), bool(stops)
