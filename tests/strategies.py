"""Hypothesis strategies for valid messages, in the JSON form of the contract. Every person in them is synthetic.

`message_json(kind)` draws one message of a kind, `any_message_json()` one of any kind; fields that may be left out
sometimes are, and sometimes are null. The parts stand in `strategies_of_parts`, the bodies that are neither requests,
disclosures nor registrations in `strategies_of_exchanges`.
"""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from strategies_of_exchanges import EXCHANGES
from strategies_of_parts import (
    Json,
    areas,
    assessments,
    authorities,
    days,
    fields,
    grounds,
    instants,
    items,
    list_of,
    members,
    message_ids,
    offences,
    organisations,
    person_numbers,
    references,
    short_texts,
    subjects,
    texts,
    views,
    when_told,
)

from broker.kinds import KINDS, Message
from broker.model.vocabulary import (
    Answer,
    Category,
    Circumstance,
    ConsentForm,
    CouncilLevel,
    GuardiansNeeded,
    Programme,
    Purpose,
    RefusalReason,
    Role,
    SignerRole,
    Unit,
    Urgency,
)

__all__ = ["BODIES", "any_message_json", "message_json", "messages", "person_numbers", "without_null"]

officers = st.from_regex(r"[a-z]{2,8}-[0-9]{1,4}", fullmatch=True)
_register_numbers = st.from_regex(r"(SN|Dnr)[ -][0-9]{4}/[0-9]{1,3}", fullmatch=True)
_persons = st.sampled_from([role.value for role in Role if role is not Role.SYSTEM])
_categories = list_of(members(Category), least=1)


@st.composite
def _about_someone(draw: st.DrawFn, rest: SearchStrategy[Json]) -> Json:
    about: Json = draw(
        st.fixed_dictionaries({"subject": subjects()}) | st.fixed_dictionaries({"organisation": organisations})
    )
    return about | draw(rest)


@st.composite
def _valid_between(draw: st.DrawFn, rest: SearchStrategy[Json]) -> Json:
    first, last = sorted([draw(days), draw(days)])
    return {"valid_from": first, "valid_until": draw(st.sampled_from([last, None]))} | draw(rest)


def _disclosed(required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]) -> SearchStrategy[Json]:
    """A body with items: a disclosure's fields and its own."""
    return _about_someone(
        fields(
            {"items": list_of(items(), least=1), **required},
            purpose=members(Purpose),
            offence=offences,
            circumstances=list_of(members(Circumstance)),
            assessments=assessments(),
            basis=list_of(grounds),
            conditions=texts,
            replaces=message_ids(),
            views=views,
            **optional,
        )
    )


BODIES: dict[str, SearchStrategy[Json]] = {
    "InformationRequest": _about_someone(
        fields(
            {"purpose": members(Purpose), "need": short_texts, "categories": _categories},
            period=short_texts,
            urgency=members(Urgency),
            deadline=instants() | instants(later=True),
            basis=list_of(grounds),
            secrecy=list_of(references()),
            may_be_told=fields({}, child=when_told, guardian=when_told, party=when_told),
        )
    ),
    "Acknowledgement": st.one_of(
        fields({"message": message_ids(), "state": st.just("opened")}),
        fields({"message": message_ids(), "state": st.just("registered")}, reference=_register_numbers),
        fields(
            {"message": message_ids(), "state": st.just("not_for_us")},
            go_to=fields({"authority": authorities}, unit=members(Unit)),
        ),
        fields({"message": message_ids(), "state": st.just("handed_over"), "unit": members(Unit)}),
    ),
    "Clarification": fields({"text": texts}),
    "Interim": fields({"text": texts}, expected=instants(later=True)),
    "Disclosure": _disclosed({}),
    "CaseSharing": _disclosed({"programme": members(Programme)}, agreement=short_texts),
    "CouncilReferral": _disclosed({"level": members(CouncilLevel)}, agreement=short_texts),
    "Refusal": fields(
        {"categories": _categories, "reason": members(RefusalReason)},
        ref=references(),
        assessments=assessments(),
        text=texts,
    ),
    "Recall": fields({"message": message_ids()}, text=texts),
    "ConsentGiven": _valid_between(
        fields(
            {
                "consent": short_texts,
                "programme": members(Programme),
                "subject": subjects(),
                "given_by": list_of(fields({"role": members(SignerRole), "answer": members(Answer)}), least=1),
                "guardians": st.integers(0, 10),
                "parties": list_of(authorities, least=2),
                "categories": _categories,
                "purposes": list_of(members(Purpose), least=1),
                "form": members(ConsentForm),
            }
        )
    ),
    "ConsentWithdrawn": fields({"consent": short_texts, "by": members(SignerRole)}),
    "CooperationAgreement": _valid_between(
        fields(
            {
                "agreement": short_texts,
                "programme": members(Programme),
                "parties": list_of(authorities, least=2),
                "purposes": list_of(members(Purpose), least=1),
            },
            area=list_of(areas),
            signers=list_of(
                fields({"from_age": st.integers(0, 120)}, subject=st.booleans(), guardians=members(GuardiansNeeded))
            ),
        )
    ),
    **EXCHANGES,
}
"""A body of each kind."""


def message_json(kind: str) -> SearchStrategy[Json]:
    """A valid message of one kind, as it stands on a line."""
    roles = _persons if kind == "Acknowledgement" else members(Role)
    return fields(
        {
            "id": message_ids(),
            "kind": st.just(kind),
            "sender": fields({"authority": authorities}, unit=members(Unit), role=roles, officer=officers),
            "recipient": fields({"authority": authorities}, unit=members(Unit), area=areas),
            "time": instants(later=True),
            "body": BODIES[kind],
        },
        case=short_texts.filter(lambda text: text == text.strip()),
        in_reply_to=message_ids(),
    )


def any_message_json() -> SearchStrategy[Json]:
    """A valid message of any kind."""
    return st.sampled_from(sorted(KINDS)).flatmap(message_json)


def messages(kind: str) -> SearchStrategy[Message]:
    """A typed message of one kind."""
    return message_json(kind).map(lambda found: KINDS[kind].model_validate_json(json.dumps(without_null(found))))


def without_null(value: Any) -> Any:
    """The same with null fields left out: the contract takes the two as equal."""
    if isinstance(value, dict):
        return {name: without_null(given) for name, given in value.items() if given is not None}
    return [without_null(given) for given in value] if isinstance(value, list) else value
