"""What the environment tells: safe unless told otherwise, and an error names the setting and never its value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from broker import settings
from broker.provision import Limits, Profile
from broker.settings import SettingsError

SECRET = "do-not-tell"
KAFKA = {
    "SAMBAND_KAFKA_BOOTSTRAP": "kafka.example:9093",
    "SAMBAND_KAFKA_USER": "kommun-0127",
    "SAMBAND_KAFKA_PASSWORD": SECRET,
}
PLAIN = {"SAMBAND_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}
AWAY = f"postgresql://samband:{SECRET}@db.example/samband"
HERE = f"postgresql://samband:{SECRET}@127.0.0.1:5432/samband"

Tell = Callable[..., None]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Sets the environment to exactly this."""

    def exactly(**told: str) -> None:
        for name in list(settings.os.environ):
            if name.startswith("SAMBAND_"):
                monkeypatch.delenv(name)
        for name, value in told.items():
            monkeypatch.setenv(name, value)

    return exactly


def test_it_is_production_unless_said_otherwise(tell: Tell) -> None:
    tell()
    assert settings.profile() is Profile.PRODUCTION
    assert settings.limits(settings.profile()) == Limits(Profile.PRODUCTION, copies=3, in_sync=2)
    tell(SAMBAND_PROFILE="local")
    assert settings.limits(settings.profile()) == Limits(Profile.LOCAL, copies=1, in_sync=1)


def test_kafka_is_reached_over_tls_unless_said_otherwise(tell: Tell) -> None:
    tell(**KAFKA, SAMBAND_KAFKA_CA="/etc/ca.pem")
    login = settings.kafka_user()
    assert (login.user, login.encrypted, login.authority) == ("kommun-0127", True, "/etc/ca.pem")
    assert SECRET not in repr(login)
    tell(**login.variables("kommun-0180", "another"))
    again = settings.kafka_user()
    assert (again.user, again.password, again.authority) == ("kommun-0180", "another", "/etc/ca.pem")


def test_a_login_without_tls_is_for_a_machine_of_ones_own(tell: Tell) -> None:
    tell(**KAFKA, **PLAIN, SAMBAND_PROFILE="local")
    assert not settings.kafka_user().encrypted
    with pytest.raises(SettingsError, match="SASL_SSL"):
        settings.kafka_operator(Profile.PRODUCTION)


def test_another_clock_is_for_a_cluster_on_this_machine(tell: Tell) -> None:
    tell(**KAFKA, SAMBAND_PROFILE="conformance")
    with pytest.raises(SettingsError, match="this machine"):
        settings.kafka_user()
    for here in ("127.0.0.1:9092", "localhost:9092, [::1]:9092"):
        tell(**KAFKA | {"SAMBAND_KAFKA_BOOTSTRAP": here}, **PLAIN, SAMBAND_PROFILE="conformance")
        assert settings.kafka_user().bootstrap == here
    tell(**KAFKA | {"SAMBAND_KAFKA_BOOTSTRAP": "localhost:9092,kafka.example:9092"}, SAMBAND_PROFILE="conformance")
    with pytest.raises(SettingsError, match="this machine"):
        settings.kafka_user()


def test_the_other_servers(tell: Tell, tmp_path: Path) -> None:
    tell(
        SAMBAND_OPA_URL="https://opa.example",
        SAMBAND_OPA_TOKEN=SECRET,
        SAMBAND_OPA_CA="/etc/ca.pem",
        SAMBAND_POSTGRES_URL=AWAY + "?sslmode=verify-full",
        SAMBAND_KEYS=str(tmp_path),
    )
    server = settings.policy_server()
    assert (server.urls, server.token, server.ca) == (("https://opa.example",), SECRET, Path("/etc/ca.pem"))
    assert SECRET not in repr(server)
    assert settings.postgres() == f"postgresql+psycopg://samband:{SECRET}@db.example/samband?sslmode=verify-full"
    assert settings.keys() == tmp_path
    assert settings.metrics_address() is settings.collector() is None


def test_servers_on_this_machine_need_no_tls(tell: Tell) -> None:
    tell(SAMBAND_OPA_URL="http://[::1]:8181", SAMBAND_POSTGRES_URL=HERE, SAMBAND_METRICS_ADDRESS="[::]:0")
    assert settings.policy_server().urls == ("http://[::1]:8181",)
    tell(SAMBAND_OPA_URL="http://[::1]:8181, http://localhost:8183", SAMBAND_POSTGRES_URL=HERE)
    assert settings.policy_server().urls == ("http://[::1]:8181", "http://localhost:8183")
    assert settings.addresses("opa") == {"opa": "[::1]:8181,localhost:8183"}
    tell(SAMBAND_OTLP_URL="http://127.0.0.1:4318", SAMBAND_POSTGRES_URL=HERE)
    assert settings.collector() == "http://127.0.0.1:4318"
    assert settings.postgres() == HERE.replace("postgresql:", "postgresql+psycopg:")
    tell(SAMBAND_POSTGRES_URL="postgresql+psycopg:///samband?host=/run/postgresql", SAMBAND_METRICS_ADDRESS="[::]:0")
    assert settings.postgres() == "postgresql+psycopg:///samband?host=/run/postgresql"
    assert settings.metrics_address() == "[::]:0"


UNUSABLE = {
    "unknown profile": (settings.profile, {"SAMBAND_PROFILE": SECRET}),
    "no bootstrap": (settings.kafka_user, {"SAMBAND_KAFKA_USER": "u", "SAMBAND_KAFKA_PASSWORD": SECRET}),
    "no password": (settings.kafka_user, {"SAMBAND_KAFKA_BOOTSTRAP": "h:1", "SAMBAND_KAFKA_USER": SECRET}),
    "protocol": (settings.kafka_user, KAFKA | {"SAMBAND_KAFKA_SECURITY_PROTOCOL": SECRET}),
    "no login": (settings.kafka_user, KAFKA | {"SAMBAND_KAFKA_SECURITY_PROTOCOL": "SSL"}),
    "mechanism": (settings.kafka_user, KAFKA | {"SAMBAND_KAFKA_SASL_MECHANISM": "PLAIN"}),
    "plain http": (settings.policy_server, {"SAMBAND_OPA_URL": "http://opa.example"}),
    "plain http of the second": (settings.policy_server, {"SAMBAND_OPA_URL": "https://opa.example,http://opa.example"}),
    "no second": (settings.policy_server, {"SAMBAND_OPA_URL": "https://opa.example,"}),
    "no http": (settings.policy_server, {"SAMBAND_OPA_URL": f"file:///{SECRET}"}),
    "broken address": (settings.policy_server, {"SAMBAND_OPA_URL": f"http://[{SECRET}"}),
    "spans in clear": (settings.collector, {"SAMBAND_OTLP_URL": "http://collector.example:4318"}),
    "spans nowhere": (settings.collector, {"SAMBAND_OTLP_URL": f"grpc://{SECRET}"}),
    "unchecked database": (settings.postgres, {"SAMBAND_POSTGRES_URL": AWAY}),
    "unproven database": (settings.postgres, {"SAMBAND_POSTGRES_URL": AWAY + "?sslmode=require"}),
    "database elsewhere": (settings.postgres, {"SAMBAND_POSTGRES_URL": HERE + "?host=db.example"}),
    "another database": (settings.postgres, {"SAMBAND_POSTGRES_URL": f"sqlite:///{SECRET}"}),
    "odd port": (settings.postgres, {"SAMBAND_POSTGRES_URL": f"postgresql://u:{SECRET}@h:port/d"}),
    "no keys": (settings.keys, {}),
    "keys nowhere": (settings.keys, {"SAMBAND_KEYS": f"/nowhere/{SECRET}"}),
    "metrics without port": (settings.metrics_address, {"SAMBAND_METRICS_ADDRESS": SECRET}),
    "metrics port": (settings.metrics_address, {"SAMBAND_METRICS_ADDRESS": "localhost:65536"}),
    "an end nowhere": (settings.kill_switch, {"SAMBAND_PROFILE": "local", "SAMBAND_KILL": f"{SECRET}:1:go"}),
    "an end in production": (settings.kill_switch, {"SAMBAND_PROFILE": "production", "SAMBAND_KILL": "after_poll:1"}),
    "digits that are none": (settings.metrics_address, {"SAMBAND_METRICS_ADDRESS": "localhost:²"}),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_can_not_be_used_is_named_and_not_told(tell: Tell, case: str) -> None:
    ask, told = UNUSABLE[case]
    tell(**told)
    with pytest.raises(SettingsError, match=r"^SAMBAND_[A-Z_]+: ") as error:
        ask()
    assert SECRET not in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SAMBAND_KAFKA_COPIES", "2", "at least 3 copies with 2 in sync"),
        ("SAMBAND_KAFKA_IN_SYNC", "1", "at least 3 copies with 2 in sync"),
        ("SAMBAND_KAFKA_IN_SYNC", "4", "nothing could be written"),
        ("SAMBAND_KAFKA_RETENTION_DAYS", "0", "at least 1"),
        ("SAMBAND_KAFKA_COPIES", "-3", "whole number"),
        ("SAMBAND_KAFKA_PRODUCE_BYTES", "1e6", "whole number"),
        ("SAMBAND_KAFKA_CONSUME_BYTES", "9" * 5000, "whole number"),
    ],
)
def test_figures_that_are_not_safe_are_refused(tell: Tell, name: str, value: str, told: str) -> None:
    tell(**{name: value})
    with pytest.raises(SettingsError, match=told) as error:
        settings.limits(Profile.PRODUCTION)
    assert name[:14] in str(error.value)


def test_a_quota_of_nought_is_no_quota(tell: Tell) -> None:
    tell(SAMBAND_KAFKA_PRODUCE_BYTES="0", SAMBAND_KAFKA_REQUEST_PERCENT="25")
    quotas = settings.limits(Profile.LOCAL).quotas
    assert "producer_byte_rate" not in quotas
    assert quotas["request_percentage"] == 25.0
