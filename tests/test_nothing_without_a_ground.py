"""For random registers, messages and orders of consent and withdrawal: nothing is released without a ground in force.

What is in force at each moment is told by a model of the statutes' own, far simpler than the rules: it knows what a
released item must at least have. All persons are synthetic.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from house import PARTIES, Json, numbered, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import BOY, GIRL, OTHER_TOWN, POLICE, TOWN, agreement, consent, disclosure, secret_item, withdrawal

BORN = {"201103042386": date(2011, 3, 4), "200905062386": date(2009, 5, 6)}
DAYS = ["2026-03-04", "2025-03-30", "2026-02-28", "2026-03-03", "2027-05-05", "2027-05-06", "2029-03-04"]
CATEGORIES = ["social_record", "housing"]
WINDOWS = [("2026-01-01", "2026-12-31"), ("2026-03-04", None), ("2025-01-01", "2026-02-28")]


@dataclass
class Model:
    """What has been given, withdrawn and agreed: of each the newest by its own time, whenever it arrived."""

    forms: dict[tuple[str, str], tuple[str, Json | None]] = field(default_factory=dict)
    agreements: dict[str, Json] = field(default_factory=dict)
    _agreed_at: dict[str, str] = field(default_factory=dict)

    def take(self, message: Json, receipt: Json) -> None:
        """Keep what a forwarded registration says."""
        if receipt["outcome"] != "forward":
            return
        by, body, time = message["sender"]["authority"], message["body"], message["time"]
        if message["kind"] in ("ConsentGiven", "ConsentWithdrawn"):
            before, _ = self.forms.get((by, body["consent"]), ("", None))
            if time >= before:
                self.forms[by, body["consent"]] = (time, body if message["kind"] == "ConsentGiven" else None)
        elif message["kind"] == "CooperationAgreement" and time >= self._agreed_at.get(by, ""):
            self.agreements[by], self._agreed_at[by] = body, time

    def consented(self, message: Json, item: Json) -> bool:
        """Whether some consent in force reaches this item: OSL 12:2-3, at the floor of the ages."""
        return any(self._reaches(body, message, item) for _, body in self.forms.values() if body is not None)

    def agreed(self, message: Json) -> bool:
        """Whether both parties have sent the same agreement of this programme, in force on the day."""
        one, other = (self.agreements.get(message[side]["authority"]) for side in ("sender", "recipient"))
        return (
            one is not None and one == other and one["programme"] == message["body"]["programme"] and _on(one, message)
        )

    def _reaches(self, body: Json, message: Json, item: Json) -> bool:
        person = message["body"]["subject"]
        parties = {message["sender"]["authority"], message["recipient"]["authority"]}
        inside = parties <= set(body["parties"]) and item["category"] in body["categories"]
        purpose = message["body"]["purpose"] in body["purposes"]
        same = body["subject"]["id"] == person["id"] and body["form"] == "written"
        return inside and purpose and same and _on(body, message) and _signed(body, message)


def _day(message: Json) -> date:
    return date.fromisoformat(message["time"][:10])


def _on(body: Json, message: Json) -> bool:
    until = body.get("valid_until")
    return body["valid_from"] <= message["time"][:10] and (until is None or message["time"][:10] <= until)


def _signed(body: Json, message: Json) -> bool:
    born, day = BORN[message["body"]["subject"]["id"]], _day(message)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    yes = [signed["role"] for signed in body["given_by"] if signed["answer"] == "yes"]
    no = [signed["role"] for signed in body["given_by"] if signed["answer"] == "no"]
    own = "subject" in yes and "subject" not in no
    guardians = body["guardians"] > 0 and yes.count("guardian") >= body["guardians"] and "guardian" not in no
    if age >= 18:
        return own
    return guardians and (own or age < 15)


def _at(message: Json, day: str) -> Json:
    return message | {"time": f"{day}T11:00:00Z"}


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value three times out of four, so that what must fit together often does."""
    return st.sampled_from([usual] * (3 * len(others)) + list(others))


def _signed_by(*signers: str) -> list[Json]:
    return [{"role": signer.removeprefix("-"), "answer": "no" if signer[0] == "-" else "yes"} for signer in signers]


SIGNATURES = [
    _signed_by("guardian", "guardian"),
    _signed_by("subject"),
    _signed_by("subject", "guardian"),
    _signed_by("subject", "guardian", "-guardian"),
    _signed_by("-subject", "guardian", "guardian"),
]


@st.composite
def registrations(draw: st.DrawFn, n: int) -> Json:
    """A consent, a withdrawal or an agreement: one that fits, or one with something else in some places."""
    first, last = draw(mostly(*WINDOWS))
    window = {"valid_from": first, "valid_until": last}
    purposes, programme = draw(mostly(["prevent"], ["support"])), draw(mostly("sspf", "sig"))
    which = draw(st.sampled_from(["given", "given", "withdrawn", "agreed", "agreed"]))
    if which == "withdrawn":
        return withdrawal(n, by=draw(mostly(TOWN, POLICE)), consent=draw(st.sampled_from(["S-1", "S-2"])))
    if which == "agreed":
        by = draw(st.sampled_from([TOWN, POLICE]))
        return agreement(n, by=by, purposes=purposes, programme=programme, area=[], signers=[], **window)
    return consent(
        n,
        by=draw(mostly(TOWN, POLICE, OTHER_TOWN)),
        consent=draw(st.sampled_from(["S-1", "S-2"])),
        subject=draw(mostly(GIRL, BOY)),
        given_by=draw(mostly(_signed_by("subject", "guardian", "guardian"), *SIGNATURES)),
        guardians=draw(mostly(2, 0, 1)),
        parties=draw(mostly([TOWN, POLICE], [TOWN, OTHER_TOWN])),
        categories=draw(mostly(CATEGORIES, ["social_record"])),
        form=draw(mostly("written", "oral")),
        purposes=purposes,
        **window,
    )


@st.composite
def sharings(draw: st.DrawFn, n: int) -> Json:
    """A disclosure or a case sharing of what the social services keep secret, under one or two claims."""
    tests = {test: draw(st.booleans()) for test in draw(st.sets(st.sampled_from(["concrete_risk", "not_unsuitable"])))}
    found = disclosure(
        n,
        *(secret_item(category) for category in draw(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3))),
        recipient=draw(mostly(POLICE, OTHER_TOWN)),
        subject=draw(mostly(GIRL, BOY)),
        purpose=draw(mostly("prevent", "support")),
        basis=draw(st.sampled_from([["consent"], ["consent"], ["osl_18a"], ["osl_18a", "consent"]])),
        assessments=[{"test": test, "holds": holds, "assessed_by": "chef"} for test, holds in tests.items()],
    )
    if draw(st.booleans()):
        found["kind"] = "CaseSharing"
        found["body"]["programme"] = draw(mostly("sspf", "sig"))
    return found


@st.composite
def streams(draw: st.DrawFn) -> list[Json]:
    """Registrations and sharings in any order, on any days; often after a consent and an agreement that fit."""
    agreed = [agreement(n, by=by, area=[], signers=[]) for n, by in ((91, TOWN), (92, POLICE))]
    start = [consent(90, categories=CATEGORIES), *agreed] if draw(mostly(True, False)) else []
    steps = [draw(registrations(n) | sharings(n)) for n in range(draw(st.integers(5, 40)))]
    return [_at(step, draw(mostly(*DAYS))) for step in start + steps]


def _carried_by_18a(message: Json) -> bool:
    """OSL 10:18 a: to the police, from 2025-04-01, under 21, both tests answered for release."""
    held = {given["test"] for given in message["body"]["assessments"] if given["holds"]}
    right = message["recipient"]["authority"] == POLICE and message["time"] >= "2025-04-01"
    return right and held == {"concrete_risk", "not_unsuitable"} and "osl_18a" in message["body"]["basis"]


def _in_force(model: Model, message: Json, item: Json, ref: str) -> bool:
    if ref == "OSL 10:18 a":
        return _carried_by_18a(message)
    whole = message["kind"] == "Disclosure" or model.agreed(message)
    return ref == "OSL 12:2" and "consent" in message["body"]["basis"] and whole and model.consented(message, item)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stream=streams(), batch=st.integers(1, 50))
def test_nothing_is_released_without_a_ground_in_force_at_that_moment(stream: list[Json], batch: int) -> None:
    """Whatever came before, in whatever batches; and what is delivered is what was released."""
    model, released = Model(), 0
    with TemporaryDirectory() as folder, opened(Path(folder), parties=PARTIES) as house:
        for message, receipt in zip(stream, house.run(*numbered(stream), batch=batch), strict=True):
            for verdict in receipt["items"]:
                if verdict["outcome"] == "release":
                    released += 1
                    item: Any = message["body"]["items"][verdict["item"]]
                    assert _in_force(model, message, item, verdict["ref"]), (message, verdict)
            model.take(message, receipt)
        delivered = house.inbox(POLICE) + house.inbox(OTHER_TOWN)
        given_out = [row["message"]["body"].get("items", ()) for row in delivered]
        assert sum(map(len, given_out)) == released


def test_the_model_lets_something_through() -> None:
    """A model that says no to everything would show nothing: the plain case is released and the model agrees."""
    stream = [consent(0), disclosure(1, secret_item(), basis=["consent"]), withdrawal(2)]
    again = disclosure(3, secret_item(), basis=["consent"])
    model = Model()
    with TemporaryDirectory() as folder, opened(Path(folder)) as house:
        receipts = house.run(*stream, again)
        assert [receipt["outcome"] for receipt in receipts] == ["forward", "forward", "forward", "withhold"]
        model.take(stream[0], receipts[0])
        assert model.consented(stream[1], stream[1]["body"]["items"][0])
        model.take(stream[2], receipts[2])
        assert not model.consented(again, again["body"]["items"][0])
