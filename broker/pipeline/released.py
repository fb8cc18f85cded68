"""The message as its recipient gets it: as sent, without what was not released and what speaks of it.

An assessment's reason stays with its sender; so does the sender's case number, but in an answer, whose reference it is.
Where only some items go out, of the rest of the body only what their grounds rest on goes with them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from broker.authorities import ANONYMOUS
from broker.kinds import Message, WithItems
from broker.model.decision import Carried, Decision, Json
from broker.model.parts import Assessment, Item
from broker.model.vocabulary import WeighingTest
from broker.pipeline.gather import Gathered

_NEVER = ("harm", "no_provision_applies")
"""Tests whose answer is the holder's alone: each says what sort of person or secrecy is there."""

_WHOLE = frozenset({"subject", "organisation", "items", "conditions", "replaces", "programme", "agreement", "level"})
"""Fields of a body with items that say nothing of one item only. A field that is not named here stays behind: it is
there as where it is left out, so that a delivery does not tell by its form that there was more.
"""


def delivered_message(gathered: Gathered, decision: Decision) -> Json:
    """The message for the recipient's inbox."""
    message = gathered.message
    sent: Json = message.model_dump(mode="json")
    sent["sender"] = {name: sent["sender"][name] for name in ("authority", "unit", "role")}
    if message.in_reply_to is None:
        sent["case"] = None
    body = sent["body"]
    if isinstance(message, WithItems):
        if message.is_in_part(decision):
            sent["body"] = body = _in_part(message, decision, gathered)
        body["items"] = [_in_one_way(item) for index, item in enumerate(body["items"]) if index in decision.released]
    for holder in (body, *body.get("items", ())):
        if "assessments" in holder:
            holder["assessments"] = [_bare(given) for given in holder["assessments"] if given["test"] not in _NEVER]
    if message.KEEPS_ASSESSMENTS or gathered.sender.id == ANONYMOUS:
        body["assessments"] = []  # whether it was suitable is nobody else's to know; nor a nameless one's function
    for path in decision.cuts:
        _leave_out(body, path.split("/"))
    return sent


def assessments(message: Message) -> Iterator[tuple[str, Assessment]]:
    """Every assessment in a message, each with its place there (`items/1/assessments/0`)."""
    body: Any = message.body
    for n, given in enumerate(getattr(body, "assessments", ())):
        yield f"assessments/{n}", given
    for index, item in enumerate(getattr(body, "items", ())):
        for n, given in enumerate(item.assessments):
            yield f"items/{index}/assessments/{n}", given


def may_tell_answer(test: WeighingTest) -> bool:
    """Whether the answer to a test may be told to anybody but the authority that gave it."""
    return test.value not in _NEVER


def _in_part(message: WithItems, decision: Decision, gathered: Gathered) -> Json:
    """The body with the fields that tell of the released items."""
    body, sent = message.body, message.body.model_dump(mode="json")
    carried = decision.carried
    used = frozenset().union(*(basis.uses for basis in carried.values()))
    own = [i for i, basis in carried.items() if "purpose" in basis.uses and not _on_request(gathered, i)]
    answered = {n for i, basis in carried.items() for n in _answering(body.assessments, body.items[i], basis)}
    grounds = {basis.ground for basis in carried.values()}
    left_out = {name: field.get_default() for name, field in type(body).model_fields.items() if name not in _WHOLE}
    return (
        sent
        | left_out
        | {
            "purpose": sent["purpose"] if own else None,
            "offence": sent["offence"] if "offence" in used else None,
            "circumstances": [name for name in sent["circumstances"] if name in used],
            "assessments": [given for n, given in enumerate(sent["assessments"]) if n in answered],
            "basis": [ground for ground in sent["basis"] if ground in grounds],
            "lul_notice": sent["lul_notice"] if "lul_notice" in used else None,
        }
    )


def _on_request(gathered: Gathered, index: int) -> bool:
    """Whether an item's purpose is the request's and not the message's own."""
    return gathered.asked["items"][str(index)]["on_request"]


def _answering(of_body: Sequence[Assessment], item: Item, carried: Carried) -> Iterator[int]:
    """Which of the body's answers a released item rests on: the item's own win, one for a ground over one for any."""
    asked = carried.uses - {given.test for given in item.assessments if given.ground in (None, carried.ground)}
    for_ground = {given.test for given in of_body if given.ground == carried.ground}
    for n, given in enumerate(of_body):
        answers = given.ground == carried.ground or (given.ground is None and given.test not in for_ground)
        if answers and given.test in asked:
            yield n


def _in_one_way(item: Json) -> Json:
    """An item with its content, or with what it is sealed as: the other is left out."""
    other = "sealed" if item["sealed"] is None else "content"
    return {name: value for name, value in item.items() if name != other}


def _bare(given: Json) -> Json:
    return {name: value for name, value in given.items() if name != "reason"}


def _leave_out(body: Any, path: Sequence[str]) -> None:
    """Put null where the path leads, for example counts/0/n."""
    *way, last = path
    for step in way:
        body = body[int(step)] if isinstance(body, list) else body[step]
    body[last] = None
