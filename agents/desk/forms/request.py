"""The steps in which a request for information is written, one page each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agents.agency.broker import Json
from agents.desk.forms.fields import Field, fields_of
from agents.desk.forms.reading import Faults, Find, Form, as_typed, check, filled_fields, read_fields

KIND = "InformationRequest"
BETWEEN = "/"
"""Between the first and the last day that the information is about."""


@dataclass(frozen=True)
class Step:
    """A page of the request: its name, and the fields of the body that it asks for."""

    name: str
    asks: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields."""
        return tuple(field for field in fields_of(KIND) if field.name in self.asks)


STEPS = (
    Step("whom"),
    Step("about", ("subject", "organisation", "purpose")),
    Step("what", ("categories", "need", "period")),
    Step("ground", ("basis",)),
    Step("secrecy", ("secrecy", "may_be_told")),
    Step("urgency", ("urgency", "deadline")),
    Step("check"),
)
"""In this order: what may be asked for depends on whom, about whom and for what."""


def read_step(step: Step, body: Json, form: Form, *, find: Find = as_typed) -> Json:
    """The body with what a page says in place of what its fields said before."""
    kept = {name: value for name, value in body.items() if name not in step.asks}
    said = read_fields(step.fields, _with_period(form), find=find)
    return kept | said


def fill_step(step: Step, body: Json) -> dict[str, list[str]]:
    """What fills a page."""
    form = dict(filled_fields(step.fields, body))
    first, _, last = (form.get("period") or [""])[0].partition(BETWEEN)
    return form | {"period.from": [first], "period.to": [last]}


def faults_of(step: Step, body: Json, *, today: date | None = None) -> Faults:
    """What is to be mended on a page, whatever lacks on the others."""
    found = {place: key for place, key in check(KIND, body, today=today).items() if _belongs(step, place)}
    if step.name == "urgency" and "urgency" not in body:
        found["urgency"] = "missing"  # the contract has one where nothing is said; here it is asked
    return found


def next_step(body: Json, *, has_recipient: bool, today: date | None = None) -> int:
    """Where whoever goes on with a draft is to begin: the first page that lacks something, else the check."""
    for n, step in enumerate(STEPS):
        if (step.name == "whom" and not has_recipient) or faults_of(step, body, today=today):
            return n
    return len(STEPS) - 1


def _belongs(step: Step, place: str) -> bool:
    return place.partition(".")[0] in step.asks


def _with_period(form: Form) -> Mapping[str, list[str]]:
    """The first and the last day as one text: one alone is open at the other end."""
    first, last = ((form.get(f"period.{end}") or [""])[0].strip() for end in ("from", "to"))
    said = {name: list(values) for name, values in form.items()}
    if not (first or last):
        return said
    return said | {"period": [first + BETWEEN + last if last else first]}
