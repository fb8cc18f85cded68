"""Rows of the two lists, as a store would give them."""

from datetime import datetime, timedelta
from typing import Any

from agents.agency import Address
from agents.desk.store import Row, SentRow
from agents.desk.store.sent import Reached
from tests.desk.web_desk import MORNING

POLICE, SCHOOL = "polismyndigheten", "skola-tallkotten"


def row(number: int = 1, **changes: Any) -> Row:
    """A request for one item, come this morning, due on Wednesday."""
    said: dict[str, Any] = {
        "number": number,
        "message": f"01900000-0000-7000-8000-{number:012}",
        "sort": "delivery",
        "kind": "InformationRequest",
        "sender": POLICE,
        "sender_unit": "police_area",
        "unit": "social_services",
        "about": None,
        "received": MORNING - timedelta(hours=1),
        "due": MORNING + timedelta(days=2),
        "clock": "answer",
        "urgency": "routine",
        "secret": False,
        "birth_date": "2010-03-14",
        "protected": False,
        "categories": ("home_address",),
        "left": ("home_address",),
        "opened": None,
        "registered": None,
        "done": None,
        "listed": True,
        "recalled": False,
        "back": None,
        "case": number,
        "holder": None,
        "drafts": 0,
    }
    return Row(**(said | changes))


def rows(holder: int) -> list[Row]:
    """A morning's list."""
    opened: dict[str, Any] = {"opened": MORNING - timedelta(days=3)}
    return [
        row(
            1,
            kind="ConcernNotification",
            sender=SCHOOL,
            due=MORNING - timedelta(minutes=52),
            clock="opened",
            categories=(),
            left=(),
            birth_date="2013-01-19",
        ),
        row(
            2,
            categories=("home_address", "network", "social_record", "inquiry_opened"),
            secret=True,
            due=MORNING + timedelta(hours=2),
            clock="opened",
        ),
        row(
            3,
            back="01900000-0000-7000-8000-000000000099",
            sender="aklagarmyndigheten",
            due=MORNING + timedelta(hours=7),
            birth_date="2008-05-23",
            holder=holder,
            drafts=1,
            **opened,
        ),
        row(
            4,
            kind="ConcernNotification",
            sender=SCHOOL,
            categories=(),
            left=(),
            due=MORNING + timedelta(hours=6),
            clock="decision",
            holder=holder,
            registered="SN 2026/388",
            **opened,
        ),
        row(5, sender="kriminalvarden", due=MORNING + timedelta(days=3)),
        row(6, protected=True, birth_date=None, drafts=2, **opened),
        row(
            7,
            kind="Disclosure",
            about="01900000-0000-7000-8000-000000000098",
            sender="region-stockholm",
            due=None,
            clock=None,
            left=("school_support",),
            birth_date="2012-09-07",
            **opened,
        ),
        row(
            8, kind="ConsentWithdrawn", due=None, clock=None, categories=(), left=(), registered="SN 2026/301", **opened
        ),
        row(
            9,
            sort="notice",
            kind="not_opened_call",
            sender="",
            due=None,
            clock=None,
            categories=(),
            left=(),
            birth_date=None,
        ),
    ]


def sent(number: int = 1, **changes: Any) -> SentRow:
    """A request for two items, delivered and not opened."""
    said: dict[str, Any] = {
        "message": f"01900000-0000-7000-8000-{number:012}",
        "draft": number,
        "kind": "InformationRequest",
        "to": Address(SCHOOL, "school"),
        "answers": None,
        "case": number,
        "author": 1,
        "queued": MORNING - timedelta(days=4),
        "time": MORNING - timedelta(days=4),
        "outcome": "forward",
        "partial": False,
        "states": {"accepted": Reached(MORNING - timedelta(days=4)), "delivered": Reached(MORNING - timedelta(days=4))},
        "categories": ("school_attendance", "school_support"),
        "given": {},
        "left": ("school_attendance", "school_support"),
        "due": MORNING + timedelta(days=2),
        "clock": "answer",
        "late": False,
        "contacts": (),
        "urgency": "routine",
        "secret": False,
        "birth_date": "2012-09-07",
        "protected": False,
        "done": None,
    }
    return SentRow(**(said | changes))


def sent_rows() -> list[SentRow]:
    """What somebody has sent."""
    day = MORNING - timedelta(days=2)
    reached: dict[str, datetime] = {"accepted": day, "delivered": day, "opened": day, "registered": day}
    states = {name: Reached(when, "SN 2026/412" if name == "registered" else "") for name, when in reached.items()}
    contact = {"function": "Rektorsexpeditionen", "telephone": "0555-12 34 56", "hours": "Mo-Fr 08:00-16:00"}
    return [
        sent(1, contacts=(contact,), late=True),
        sent(
            2,
            to=Address("kommun-0127", "social_services"),
            states=states,
            secret=True,
            categories=("home_address", "network", "social_record"),
            left=("social_record",),
        ),
        sent(3, time=None, states={}, outcome=None, protected=True, birth_date=None),
        sent(4, kind="Disclosure", outcome="refer", categories=(), left=(), due=None, clock=None),
        sent(5, kind="ConcernNotification", categories=(), left=(), due=None, clock=None, states=states),
    ]
