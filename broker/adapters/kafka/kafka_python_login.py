"""How a login becomes settings of kafka-python's clients: no other default is ours.

Its own defaults are wrong here (trap): uncommitted records, positions stored unasked, beginning at the newest, topics
made by asking for them.
"""

import logging
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from broker.settings import KafkaLogin, SettingsError

CONSUMING: Mapping[str, object] = MappingProxyType(
    {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "allow_auto_create_topics": False,
    }
)
_BOOTSTRAP_MS = 10_000


def client_settings(login: KafkaLogin, client_id: str) -> dict[str, Any]:
    """Settings of any client. Raises SettingsError."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it writes its configuration, passwords too, at DEBUG
    return {
        "bootstrap_servers": login.bootstrap.split(","),
        "client_id": client_id,
        "security_protocol": login.protocol,
        "ssl_context": tls(login),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": login.user,
        "sasl_plain_password": login.password,
        "bootstrap_timeout_ms": _BOOTSTRAP_MS,
    }


def tls(login: KafkaLogin) -> ssl.SSLContext | None:
    """TLS 1.2 or later, the broker's name checked against a certificate that is trusted; None: not encrypted.

    Raises SettingsError.
    """
    if not login.encrypted:
        return None
    try:
        context = ssl.create_default_context(cafile=login.authority)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if login.certificate:
            context.load_cert_chain(login.certificate, login.key)
    except OSError as error:
        raise SettingsError(
            f"SAMBAND_KAFKA_CA, _CERTIFICATE, _KEY: a file of certificates or keys can't be read ({error.strerror})"
        ) from None
    return context
