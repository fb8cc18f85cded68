"""M11: a password in an argument stands in the shell's history and in every list of processes: it is not taken."""

import pytest
from command import samband

SECRET = "hemligt-losenord"


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "verify", "--data", f"postgresql://samband:{SECRET}@127.0.0.1:5432/samband"),
        ("audit", "verify", f"--data=postgres://samband:{SECRET}@127.0.0.1/samband"),
        ("upgrade", "--data", f"postgresql+psycopg://samband:{SECRET}@/samband"),
        ("report", "--year", "2026", "--data", f"postgresql://127.0.0.1/samband?user=samband&password={SECRET}"),
        ("explain", "1", "--data", f"postgresql://127.0.0.1/samband?sslpassword={SECRET}"),
        ("run", f"https://user:{SECRET}@example.se/messages.jsonl"),
        ("worker", "--metrics", f"http://user:{SECRET}@127.0.0.1:9464"),
        ("audit", "verify", "--data", f"postgresql://samband:a/b#c?{SECRET}@127.0.0.1/samband"),
        ("audit", "verify", "--data", f"postgresql://127.0.0.1/samband?p%61ssword={SECRET}"),
        ("audit", "verify", "--data", f"host=127.0.0.1 user=samband password = {SECRET}"),
        ("worker", f"SAMBAND_KAFKA_PASSWORD={SECRET}"),
    ],
)
def test_a_password_in_an_argument_is_refused_and_not_repeated(arguments: tuple[str, ...]) -> None:
    ended = samband(*arguments)
    assert ended.status == 2
    assert "lösenord" in ended.line and "PGPASSFILE" in ended.line
    assert SECRET not in ended.out + ended.err


def test_no_help_offers_it() -> None:
    for command in (("audit", "verify"), ("report",), ("explain",), ("register", "show"), ("replay",), ("upgrade",)):
        ended = samband(*command, "--help")
        assert "://" not in ended.out and "URL, or" not in ended.out and "or a URL" not in ended.out


def test_an_address_without_a_password_is_taken() -> None:
    ended = samband("audit", "verify", "--data", "postgresql://samband@127.0.0.1:1/samband")
    assert "PGPASSFILE" not in ended.err
