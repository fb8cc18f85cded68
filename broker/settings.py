"""What the environment tells: where Kafka is, as whom to log in, and the operator's figures. Nothing else reads it.

`deploy/local/servers.sh env` and the files that `samband provision --credentials` writes have these names.
"""

import os
from dataclasses import dataclass, field

from broker.provision import MECHANISM, Limits, Profile, ProvisionError

TLS = "SASL_SSL"
_PROTOCOLS = (TLS, "SASL_PLAINTEXT")
_DEFAULTS = {Profile.PRODUCTION: (3, 2), Profile.LOCAL: (1, 1)}
"""Copies, and copies in sync."""


class SettingsError(ValueError):
    """A setting is missing or can't be used; one line that names it and says what to do."""


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
        told = {
            "SAMBAND_KAFKA_BOOTSTRAP": self.bootstrap,
            "SAMBAND_KAFKA_SECURITY_PROTOCOL": self.protocol,
            "SAMBAND_KAFKA_SASL_MECHANISM": MECHANISM,
            "SAMBAND_KAFKA_USER": user,
            "SAMBAND_KAFKA_PASSWORD": password,
        }
        return told | ({"SAMBAND_KAFKA_CA": self.authority} if self.authority else {})


def kafka_operator(profile: Profile) -> KafkaLogin:
    """The login of whoever provisions (SAMBAND_KAFKA_ADMIN). Raises SettingsError; in production also without TLS."""
    login = _kafka("SAMBAND_KAFKA_ADMIN", "SAMBAND_KAFKA_ADMIN_PASSWORD")
    if profile is Profile.PRODUCTION and not login.encrypted:
        raise SettingsError(
            f"SAMBAND_KAFKA_SECURITY_PROTOCOL: production needs {TLS}; on a machine of your own: --profile local"
        )
    return login


def kafka_user() -> KafkaLogin:
    """The login of a service or an authority (SAMBAND_KAFKA_USER). Raises SettingsError."""
    return _kafka("SAMBAND_KAFKA_USER", "SAMBAND_KAFKA_PASSWORD")


def limits(profile: Profile) -> Limits:
    """The operator's figures for a cluster. Raises SettingsError, also when the profile would not be safe with them."""
    copies, in_sync = _DEFAULTS[profile]
    figures = {
        "copies": _number("SAMBAND_KAFKA_COPIES", copies),
        "in_sync": _number("SAMBAND_KAFKA_IN_SYNC", in_sync),
        "retention_days": _number("SAMBAND_KAFKA_RETENTION_DAYS", Limits.retention_days),
        "produce_bytes": _number("SAMBAND_KAFKA_PRODUCE_BYTES", Limits.produce_bytes),
        "consume_bytes": _number("SAMBAND_KAFKA_CONSUME_BYTES", Limits.consume_bytes),
        "request_percent": _number("SAMBAND_KAFKA_REQUEST_PERCENT", Limits.request_percent),
    }
    try:
        return Limits(profile, **figures)
    except ProvisionError as error:
        raise SettingsError(f"SAMBAND_KAFKA_COPIES, _IN_SYNC, _RETENTION_DAYS and quotas: {error}") from None


def _kafka(user: str, password: str) -> KafkaLogin:
    protocol = os.environ.get("SAMBAND_KAFKA_SECURITY_PROTOCOL") or TLS
    if protocol not in _PROTOCOLS:
        raise SettingsError(f"SAMBAND_KAFKA_SECURITY_PROTOCOL: must be one of {', '.join(_PROTOCOLS)}")
    if os.environ.get("SAMBAND_KAFKA_SASL_MECHANISM", MECHANISM) != MECHANISM:
        raise SettingsError(f"SAMBAND_KAFKA_SASL_MECHANISM: must be {MECHANISM}")
    return KafkaLogin(
        bootstrap=_needed("SAMBAND_KAFKA_BOOTSTRAP"),
        protocol=protocol,
        user=_needed(user),
        password=_needed(password),
        authority=os.environ.get("SAMBAND_KAFKA_CA") or None,
        certificate=os.environ.get("SAMBAND_KAFKA_CERTIFICATE") or None,
        key=os.environ.get("SAMBAND_KAFKA_KEY") or None,
    )


def _needed(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise SettingsError(f"{name}: is not set: 'deploy/local/servers.sh env' shows the settings of a local cluster")


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()):
        raise SettingsError(f"{name}: must be a whole number")
    return int(text)
