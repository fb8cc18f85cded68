"""Fifteenth story: what nobody opens, what is opened and not registered, what was not theirs (the last mile)."""

from scenery.town.people import LEO
from scenery.town.places import TALLKOTTEN, education, police, social
from scenery.town.writing import Town

POLICE = police("0127")
BOARD = social("0127")
OFFICE = education("0127")


def unseen(town: Town) -> None:
    """Four requests that go astray, each in its own way; the clocks tell both sides of them."""
    with town.unseen():
        _ask(town, "2026-11-09T08:00:00Z", "The board never opens it: unit, sender, registry and contact point hear.")
        opened = _ask(town, "2026-11-09T08:05:00Z", "It is opened, and then nobody registers it.")
        astray = _ask(town, "2026-11-09T08:10:00Z", "It is another unit's.")
        handed = _ask(town, "2026-11-09T08:15:00Z", "It stays within the municipality, at another unit.")
    town.acknowledgement("A person opens it.", "2026-11-09T08:20:00Z", BOARD, opened, "opened")
    town.acknowledgement(
        "The board says whose it is; the request stands unanswered, and is no longer waited for.",
        "2026-11-09T08:25:00Z",
        BOARD,
        astray,
        "not_for_us",
        go_to={"authority": TALLKOTTEN.authority, "unit": "school"},
    )
    why = "The board hands it over to the education office."
    town.acknowledgement(why, "2026-11-09T08:30:00Z", BOARD, handed, "handed_over", unit="education_office")
    why = "The office registers what it was handed."
    town.acknowledgement(why, "2026-11-09T08:40:00Z", OFFICE, handed, "registered", reference="UBN 2026/88")
    why = "A school says that it has opened what lies with the board."
    town.acknowledgement(
        why, "2026-11-09T08:45:00Z", TALLKOTTEN, opened, "opened", outcome="withhold", bars=["not_own"]
    )


def _ask(town: Town, at: str, why: str) -> str:
    need = "Vi planerar en insats tillsammans och behöver veta vad som är på gång."
    asked = ["school_attendance"]
    return town.request(why, at, POLICE.to(BOARD), LEO, purpose="prevent", need=need, categories=asked, case="K-1")
