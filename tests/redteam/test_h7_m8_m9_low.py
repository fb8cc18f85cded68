"""H7: a peek that reads and leaves no trace. M8: contents that stay after a recall. M9 and Low: what an export is said
to be, one that is empty, and signs that a terminal obeys."""

from attacks import KID, POL, SOC, Town, message
from command import samband
from lines import line

NEED = "Varför uppgifterna behövs."


def request(need: str = NEED) -> dict[str, object]:
    body = {"purpose": "prevent", "need": need, "subject": KID, "categories": ["housing"], "urgency": "routine"}
    return message("InformationRequest", POL, SOC, body)


def test_a_peek_shows_envelopes_and_what_is_read_counts_as_fetched(town: Town) -> None:
    asked, other = request(), request()
    town.run(asked, other)
    peeked = town.samband("inbox", "kommun-0127", "--peek", "--json")
    assert asked["id"] in peeked.out
    assert NEED not in peeked.out and KID["id"] not in peeked.out
    [unread] = town.run(message("Recall", POL, SOC, {"message": asked["id"], "text": "Fel."}))
    assert unread["fetched"] is False
    assert NEED in str(town.inbox(SOC))
    [read] = town.run(message("Recall", POL, SOC, {"message": other["id"], "text": "Fel."}))
    assert read["fetched"] is True


def test_what_is_recalled_unread_is_kept_nowhere(town: Town) -> None:
    asked = request("Något som ingen ska läsa.")
    town.run(asked)
    town.run(message("Recall", POL, SOC, {"message": asked["id"], "text": "Fel."}))
    with town.database() as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in tables for row in connection.execute(f'SELECT * FROM "{name}"')]
    assert rows
    assert "ingen ska läsa" not in str(rows)


def test_an_export_is_not_called_free_of_personal_data() -> None:
    told = " ".join(samband("--lang", "en", "audit", "export", "--help").out.split())
    assert "no personal data" not in told


def test_an_export_cut_to_its_header_proves_nothing(town: Town) -> None:
    town.run(request())
    export = town.place / "export.jsonl"
    assert town.samband("audit", "export", "--out", export, register=False).status == 0
    cut = town.place / "cut.jsonl"
    cut.write_bytes(export.read_bytes().splitlines(keepends=True)[0])
    assert samband("audit", "verify", "--file", export).status == 0
    assert samband("audit", "verify", "--file", cut).status == 1


def test_json_for_a_terminal_holds_no_sign_that_it_obeys(town: Town) -> None:
    odd = "\x9b31m\u202etxet"
    ended = town.samband("run", "-", "--json", stdin=line(request(f"Behov {odd}")) + b"\n")
    shown = town.samband("inbox", "kommun-0127", "--json")
    for out in (ended.out, ended.err, shown.out):
        assert not any(sign in out for sign in odd[:1] + odd[4:5])
