"""What an operator keeps in trim is measured: certificates to their last moment, the age of the newest backup."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from monitoring import samples, value

from broker import settings
from broker.adapters.files import upkeep
from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.ports.health import Health

END = datetime(2027, 3, 1, tzinfo=UTC)


def certificate(end: datetime) -> bytes:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(end - timedelta(days=90)).not_valid_after(end).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


def measured(monkeypatch: pytest.MonkeyPatch, **environment: Path | str) -> dict[tuple[str, object], float]:
    for name in ("SAMBAND_KAFKA_CA", "SAMBAND_KAFKA_CERTIFICATE", "SAMBAND_OPA_CA", "SAMBAND_CERTIFICATES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("SAMBAND_BACKUP", raising=False)
    for name, set_to in environment.items():
        monkeypatch.setenv(name, str(set_to))
    metrics = PrometheusMetrics(Health((), lambda: 0.0))
    metrics.watch_upkeep(lambda: upkeep.upkeep(*settings.upkeep()))
    return samples(metrics.expose("")[1].decode())  # type: ignore[return-value]


def test_each_certificate_and_the_backup_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = tmp_path / "tls"
    tls.mkdir()
    chain, own, backup = tls / "ca.pem", tls / "worker.pem", tmp_path / "backup.json"
    chain.write_bytes(certificate(END + timedelta(days=1)) + certificate(END))
    own.write_bytes(certificate(END + timedelta(days=2)))
    backup.write_text(json.dumps({"at": "2026-11-30T01:10:00Z", "agrees": False}))
    files = {"SAMBAND_KAFKA_CA": chain, "SAMBAND_CERTIFICATES": f"{own}:{tls / 'none.pem'}", "SAMBAND_BACKUP": backup}
    found = measured(monkeypatch, **files)
    name = "samband_certificate_expiry_timestamp_seconds"
    assert value(found, name, certificate="tls.ca") == END.timestamp()  # type: ignore[arg-type]
    assert value(found, name, certificate="tls.worker") == (END + timedelta(days=2)).timestamp()  # type: ignore[arg-type]
    assert value(found, name, certificate="tls.none") == 0  # type: ignore[arg-type]
    made = datetime(2026, 11, 30, 1, 10, tzinfo=UTC).timestamp()
    assert value(found, "samband_backup_timestamp_seconds") == made  # type: ignore[arg-type]
    assert value(found, "samband_backup_agrees") == 0  # type: ignore[arg-type]


def test_what_is_not_looked_after_is_not_there_and_what_cant_be_read_is_long_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [name for name, _ in measured(monkeypatch) if "backup" in name or "certificate" in name]
    found = measured(monkeypatch, SAMBAND_BACKUP=tmp_path / "none.json")
    assert value(found, "samband_backup_timestamp_seconds") == 0  # type: ignore[arg-type]
    assert value(found, "samband_backup_agrees") is None  # type: ignore[arg-type]
