"""Unusable lines beside one that comes twice: each has its own code, and the run goes on."""

import json

from scenery.town.people import ELLIOT, SAGA, Json
from scenery.town.places import ASSOCIATION, SJOGLIMT, TALLKOTTEN, Desk, police, social, state
from scenery.town.writing import Town

POLICE = police("0127")
AT = "2026-09-18T12:00:00Z"


def damaged(town: Town) -> None:
    """Not even messages."""
    town.unusable("Not JSON: cut off on its way.", b'{"id": "019952f0-5', "not_json")
    town.unusable(
        "Not UTF-8: written as Latin-1.", json.dumps(_asks(town), ensure_ascii=False).encode("latin-1"), "invalid_utf8"
    )
    town.unusable("A kind that the contract does not have.", {**_asks(town), "kind": "Announcement"}, "unknown_kind")
    lacking = _asks(town)
    del lacking["body"]["need"]
    town.unusable("A request must say why it is needed.", lacking, "missing_field")
    town.unusable("A time without a zone is no moment.", {**_asks(town), "time": AT.rstrip("Z")}, "time_without_zone")
    wrong = {**ELLIOT, "id": ELLIOT["id"][:-1] + str((int(ELLIOT["id"][-1]) + 1) % 10)}
    town.unusable("The check digit is wrong.", _asks(town, about=wrong), "invalid_value")


def not_allowed(town: Town, asked: str) -> None:
    """Messages, but not from this sender, to this recipient or in reply to that."""
    unknown = Desk("skola-finns-inte", "school")
    town.unusable("The recipient is in no register.", _asks(town, to=unknown), "unknown_authority")
    for sender, why in (
        (Desk("allmanheten", "registry", "individual"), "The public's intake may not ask for information."),
        (Desk("plattform-exempel"), "Nor may a digital platform."),
    ):
        town.unusable(why, _asks(town, sender=sender), "kind_not_allowed")
    answer = {"categories": ["school_attendance"], "reason": "not_held"}
    town.unusable(
        "The request was asked of another school.",
        town.envelope("Refusal", AT, SJOGLIMT.to(POLICE), answer, in_reply_to=asked),
        "not_your_request",
    )
    withdrawal = {"consent": "SIG-2026-014", "by": "guardian"}
    town.unusable(
        "A registration goes to the own authority.",
        town.envelope("ConsentWithdrawn", AT, social("0126").to(ASSOCIATION), withdrawal),
        "wrong_recipient",
    )


def repeated(town: Town) -> None:
    """The same once more, and another under the same id."""
    asked = town.request(
        "An ordinary request, sent again below.",
        AT,
        POLICE.to(state("transportstyrelsen")),
        SAGA,
        purpose="detect",
        need="Polisen behöver veta om en moped är registrerad på familjen.",
        categories=["vehicle"],
        basis=["s170_5"],
        case="SYD-2026-0414",
    )
    town.repeat("The same line again: the recorded receipt, no second record, no second delivery.", asked)
    town.unusable("The same id with other content.", {**_asks(town), "id": asked}, "id_reused")


def _asks(town: Town, *, sender: Desk = POLICE, to: Desk = TALLKOTTEN, about: Json = ELLIOT) -> Json:
    """A request that is right until something in it is changed."""
    need = "Uppföljning av frånvaron på skolan i området söder om ån."
    body = {"subject": about, "purpose": "prevent", "need": need, "categories": ["school_attendance"]}
    return town.envelope("InformationRequest", AT, sender.to(to), body)
