"""How to reach a Kafka cluster: the settings, without the client itself."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .broker import AgencyError

if TYPE_CHECKING:
    from .kafka_connection import KafkaConnection

_NEEDED = ("SAMBAND_KAFKA_BOOTSTRAP", "SAMBAND_KAFKA_PASSWORD")


@dataclass(frozen=True)
class Kafka:
    """In: the cluster's addresses and the password that the broker's operator handed over.

    The user is the authority itself, unless it is named. With TLS, which only a machine of one's own can do without,
    the servers' names are checked against their certificates.
    """

    servers: str
    password: str = field(repr=False)
    user: str | None = None
    protocol: str = "SASL_SSL"
    ca: Path | None = None
    """Certificates that the cluster is trusted by (PEM); None: those of the system."""
    certificate: Path | None = None
    """The agency's own certificate, where the cluster asks for one; likewise its key."""
    key: Path | None = None
    patience: float = 30.0
    """Seconds to wait for an answer."""

    def connect(self, authority: str) -> "KafkaConnection":
        """A connection as this authority. Raises AgencyError."""
        from .kafka_connection import KafkaConnection  # noqa: PLC0415 - the embedded broker needs no Kafka client

        return KafkaConnection(self, authority)

    @classmethod
    def from_file(cls, path: Path) -> "Kafka":
        """The login in a file of settings, as the broker's operator makes it. Raises AgencyError."""
        try:
            lines = [line.partition("=") for line in path.read_text("utf-8").splitlines() if "=" in line]
            variables = {name.strip().removeprefix("export "): "".join(shlex.split(value)) for name, _, value in lines}
        except (OSError, ValueError) as error:
            raise AgencyError(f"{path}: can't be read as a file of settings: {type(error).__name__}") from None
        if missing := [name for name in _NEEDED if not variables.get(name)]:
            raise AgencyError(f"{path}: does not set {' and '.join(missing)}")
        files = (variables.get(f"SAMBAND_KAFKA_{name}") for name in ("CA", "CERTIFICATE", "KEY"))
        ca, certificate, key = (Path(file) if file else None for file in files)
        return cls(
            servers=variables["SAMBAND_KAFKA_BOOTSTRAP"],
            password=variables["SAMBAND_KAFKA_PASSWORD"],
            user=variables.get("SAMBAND_KAFKA_USER"),
            protocol=variables.get("SAMBAND_KAFKA_SECURITY_PROTOCOL") or cls.protocol,
            ca=ca,
            certificate=certificate,
            key=key,
        )
