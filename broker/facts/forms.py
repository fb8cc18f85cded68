"""The forms about the persons of a message as the rules see them: consents, noes."""

from collections.abc import Mapping, Sequence

from broker.authorities import Address, Authority, Register
from broker.model.decision import ConsentFacts, PolicyInput
from broker.model.vocabulary import Registrant
from broker.ports.store import MOST_FORMS, Form


def add_forms(
    asked: PolicyInput,
    of_person: Mapping[str, Sequence[Form]],
    register: Register,
    parties: tuple[Authority, Authority],
    sent_from: str,
) -> dict[int, Form]:
    """Put the forms about each person (by key) into the input, MOST_FORMS at most; gives them by their order there.

    `parties`: sender and recipient; `sent_from`: the sender's address.
    """
    shown = {key: forms[:MOST_FORMS] for key, forms in of_person.items()}
    known = {(form.time, form.record): form for forms in shown.values() for form in forms}
    places = {moment: n for n, moment in enumerate(sorted(known))}
    for key, forms in of_person.items():
        person = asked["persons"][key]
        person["left_out"] = len(forms) > MOST_FORMS
        person["consents"] = [
            _as_facts(form, places[form.time, form.record], register, parties, sent_from) for form in shown[key]
        ]
    return {place: known[moment] for moment, place in places.items()}


def _as_facts(
    form: Form, order: int, register: Register, parties: tuple[Authority, Authority], sent_from: str
) -> ConsentFacts:
    registrant = register.find(Address.read(form.authority).authority)
    own = form.authority == sent_from
    return {
        **form.facts,
        "order": order,
        "registered_by": Registrant.SENDER if own else _relation(registrant, *parties, form.facts["parties"]),
        "registrant": registrant.in_law if registrant else form.authority,
        "withdrawn": form.withdrawn,
    }


def _relation(
    registrant: Authority | None, sender: Authority, recipient: Authority, parties: Sequence[str]
) -> Registrant:
    """What the one who registered a form, another than the sender, is in the message; a desk is not its authority."""
    if registrant is None:
        return Registrant.OTHER
    if registrant.in_law == recipient.in_law:
        return Registrant.RECIPIENT
    if registrant.in_law == sender.in_law:
        return Registrant.OWN_AUTHORITY
    return Registrant.PARTY if registrant.in_law in parties else Registrant.OTHER
