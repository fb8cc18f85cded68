"""What a record holds of what it made: keyed digests of inbox lines and of what is kept, what it wrote in registers.

So that boxes and registers can be compared with the log, and the registers be made again from it. A line of a message
cannot be guessed from its digest without the key. Nothing in a register's row is an identity: persons, consents and
agreements are tokens there.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from broker.model.canonical import canonical
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.ports.tokens import Tokens
from broker.ports.writes import (
    DELIVERY,
    REDELIVERY,
    AgreementRow,
    Amendment,
    Answerable,
    ConsentRow,
    Effects,
    Informed,
    Origin,
    Withdrawal,
    emptied,
)

NOTES = ("recalled", "replaced", "registered")
"""What a later message writes on a delivery."""


_ROWS: Mapping[str, type[Any]] = {"consent": ConsentRow, "withdrawn": Withdrawal, "agreement": AgreementRow}


def seal(effect: Effects, tokens: Tokens, address: Callable[[str, str], str]) -> Effects:
    """The same effects, with what they make told in the record; what is told to units lies at their addresses."""
    inbox = tuple(line if line.unit is None else line.at(address(line.authority, line.unit)) for line in effect.inbox)
    lines = []
    for line in inbox:
        content, _ = without_notes(line.content)
        entry = {"authority": line.authority, "type": line.type, "digest": digest(tokens, line.authority, content)}
        if line.type in (DELIVERY, REDELIVERY):
            entry["emptied"] = digest(tokens, line.authority, emptied(content))
        lines.append(entry)
    registers: Json = {}
    if effect.answerable is not None:
        message, answerable = effect.answerable
        registers["answerable"] = {"message": message, **vars(answerable)}
    for name in ("answered", "recalled", *_ROWS):
        if (row := getattr(effect, name)) is not None:
            registers[name] = list(row) if isinstance(row, tuple) else vars(row)
    if effect.informed:
        registers["told"] = [vars(entry) for entry in effect.informed]
    told: Json = {"lines": lines} | ({"registers": registers} if registers else {})
    if effect.quarantined is not None:
        told["kept"] = digest_of_kept(tokens, effect.quarantined, effect.origin) if effect.quarantined else None
    return effect._replace(leaf=effect.leaf | told, inbox=inbox)


def effects_in(leaf: Json) -> Effects:
    """What a record wrote in the registers, as effects without anything else."""
    written: Json = leaf.get("registers", {})
    rows: dict[str, Any] = {}
    if row := written.get("answerable"):
        rest = {name: value for name, value in row.items() if name != "message"}
        lists = {name: tuple(rest.get(name, leaf["input"]["basis"])) for name in ("categories", "basis")}
        rows["answerable"] = (row["message"], Answerable(**rest | lists))
    for name, row_of in _ROWS.items():
        if row := written.get(name):
            rows[name] = row_of(**{key: tuple(was) if isinstance(was, list) else was for key, was in row.items()})
    for name in ("answered", "recalled"):
        if name in written:
            rows[name] = tuple(written[name])
    rows["informed"] = tuple(Informed(**row) for row in written.get("told", ()))
    rows["moved"] = tuple((token, now) for token, now in leaf.get("moved", ()))
    return Effects(leaf=leaf, digest="", **rows)


def amendment_in(leaf: Json) -> Amendment | None:
    """What a record's message wrote on an earlier delivery; `empties` where nobody had read what it recalls."""
    if leaf["record"] != "decision" or leaf["receipt"]["outcome"] != "forward":
        return None
    sender, message = leaf["sender"]["authority"], leaf["message"]
    if leaf["kind"] == "Acknowledgement":
        is_registered = leaf["input"]["stated"]["state"] == "registered"
        of = leaf["recipient"]["authority"], leaf["acknowledges"]
        return Amendment(*of, {"registered": message}) if is_registered else None
    if "recalls" in leaf:
        return Amendment(sender, leaf["recalls"], {"recalled": message}, leaf["receipt"].get("fetched") is False)
    return Amendment(sender, leaf["replaces"], {"replaced": message}) if "replaces" in leaf else None


def deliveries_in(leaf: Json) -> Iterator[tuple[Json, str, str]]:
    """The lines of a record by which a delivery lies in an inbox, each with the delivery's sender and id."""
    again = iter(leaf.get("redelivered", {}).get("messages", ()))
    for line in leaf.get("lines", ()):
        if line["type"] == REDELIVERY and leaf["record"] != "decision":
            yield line, *next(again)
        elif line["type"] == REDELIVERY and "acknowledges" in leaf:
            yield line, leaf["recipient"]["authority"], leaf["acknowledges"]
        elif line["type"] in (DELIVERY, REDELIVERY):
            yield line, leaf["sender"]["authority"], leaf["message"]


def redeliveries_in(leaf: Json) -> set[tuple[str, str]]:
    """The earlier deliveries that a record's `redelivery` lines may be of, by sender and message."""
    named = {(sender, message) for sender, message in leaf.get("redelivered", {}).get("messages", ())}
    if leaf["record"] == "decision":
        named.add((leaf["sender"]["authority"], leaf["message"]))
    if "acknowledges" in leaf:
        named.add((leaf["recipient"]["authority"], leaf["acknowledges"]))
    return named


def digest(tokens: Tokens, authority: str, content: Json) -> str:
    """The keyed digest of an inbox line: whose inbox, and what it says but where its receipt stands in the log.

    That place holds the hash of the very record that has this digest.
    """
    return tokens.digest(_line_bytes(authority, content))


def digests(tokens: Tokens, authority: str, content: Json) -> tuple[str, ...]:
    """The same under each key, that which makes them first."""
    return tokens.digests(_line_bytes(authority, content))


def _line_bytes(authority: str, content: Json) -> bytes:
    if isinstance(receipt := content.get("receipt"), dict):
        content = {**content, "receipt": {name: value for name, value in receipt.items() if name != "audit"}}
    return canonical({"authority": authority, "content": content})


def digest_of_kept(tokens: Tokens, content: bytes, origin: Origin | None) -> str:
    """The keyed digest of what is kept of a line in quarantine, and of how it came: another try rests on both."""
    return tokens.digest(_kept_bytes(content, origin))


def is_what_was_kept(tokens: Tokens, wanted: str, content: bytes, origin: Origin | None) -> bool:
    """Whether a record's digest is that of this line, under any key."""
    return wanted in tokens.digests(_kept_bytes(content, origin))


def _kept_bytes(content: bytes, origin: Origin | None) -> bytes:
    came: Json = {}
    if origin is not None:
        came = {**vars(origin), "arrived": origin.arrived and rfc3339(origin.arrived)}
    return canonical(came) + b"\n" + content


def is_as_kept(tokens: Tokens, leaf: Json, content: bytes, origin: Origin) -> bool:
    """Whether a line is what its record says was kept; of one from before that was told only the bytes are asked."""
    if "kept" in leaf:
        return is_what_was_kept(tokens, leaf["kept"], content, origin)
    return leaf["digest"] in tokens.digests(content)


def without_notes(content: Json) -> tuple[Json, Mapping[str, str]]:
    """A line as it was delivered, or emptied, and the notes that later messages wrote on it."""
    notes = {name: content[name] for name in NOTES if name in content}
    return {name: value for name, value in content.items() if name not in notes}, notes


def envelope(content: Json) -> Json:
    """What may be looked at of an inbox line without its being given out: of a delivery nothing of what it says."""
    if content["type"] != "delivery":
        return content
    kept = {name: content[name] for name in ("terms", "replaces", "erased", *NOTES) if name in content}
    return emptied(content) | kept
