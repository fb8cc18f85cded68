"""The kvittens: what the recipient's message service says of a message (UBL ApplicationResponse, Digg's profile)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agents.sdk import xml
from agents.sdk.message import PARTICIPANT
from agents.sdk.xml import Element, Fault

SCHEMA = "Response-2.1.xsd"
NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PROFILE = ("urn:fdc:digg.se:edelivery:messagetype:response:1", "bdx:noprocess")
ACCEPTED, REJECTED = "ACCEPTED", "REJECTED"
_REASONS = ("SV", "BV", "SIG")
_NOWHERE = "NA"
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-].*)?")
_CLOCK = re.compile(r"([0-9:]{8}(?:\.[0-9]+)?)(Z|[+-].*)?")
_IDENTIFIERS = ("CustomizationID", "ProfileID", "ID", "LineID")
"""Those that say no scheme; a party's address must."""


class NotKvittens(ValueError):
    """It is no kvittens; `faults` say where, and no value."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults[:5])))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Reason:
    """Why a message was refused: a code (SV: schema, BV: rule, SIG: signature), and where."""

    code: str
    place: str = _NOWHERE
    text: str = ""


@dataclass(frozen=True)
class Kvittens:
    """Of one message, by its recipient."""

    id: str
    issued: datetime
    sender: str
    recipient: str
    message: str
    accepted: bool
    reasons: tuple[Reason, ...] = ()


def read(content: bytes) -> Kvittens:
    """A kvittens. Raises NotKvittens, which repeats nothing of it."""
    try:
        root = xml.parse(content)
    except xml.Unreadable as error:
        raise NotKvittens([Fault(str(error), "ApplicationResponse")]) from None
    if faults := list(breaches(root)):
        raise NotKvittens(faults)
    return Kvittens(
        id=_text(root, "cbc:ID"),
        issued=_issued(_text(root, "cbc:IssueDate"), _text(root, "cbc:IssueTime")),
        sender=_text(root, "cac:SenderParty/cbc:EndpointID"),
        recipient=_text(root, "cac:ReceiverParty/cbc:EndpointID"),
        message=_text(root, "cac:DocumentResponse/cac:DocumentReference/cbc:ID"),
        accepted=_code(root) == ACCEPTED,
        reasons=tuple(map(_reason, _all(root, "cac:DocumentResponse/cac:LineResponse"))),
    )


def breaches(root: Element) -> Iterator[Fault]:
    """Where a document breaks the published schema, else one of the published rules, by its name there."""
    if faults := list(xml.breaches(root, SCHEMA)):
        yield from faults
        return
    for element in root.iter():
        name, path = xml.local(element), xml.place(element)
        if not len(element) and not _plain(element):
            yield Fault("R2-APP", path)
        if name in _IDENTIFIERS and element.get("schemeID") is not None:
            yield Fault("R1-APP", path)
        if name == "EndpointID" and element.get("schemeID") is None:
            yield Fault("R9-APP", path)
    for name, said, rule in zip(("CustomizationID", "ProfileID"), _PROFILE, ("R3-APP", "R4-APP"), strict=True):
        if _plain(root.find(f"{{{_CBC}}}{name}")) != said:
            yield Fault(rule, f"{xml.local(root)}/{name}")
    yield from _of_response(root)


def _of_response(root: Element) -> Iterator[Fault]:
    place = "ApplicationResponse/DocumentResponse"
    lines = _all(root, "cac:DocumentResponse/cac:LineResponse")
    if _code(root) not in (ACCEPTED, REJECTED):
        yield Fault("R5-APP", f"{place}/Response/ResponseCode")
    if _all(root, "cac:DocumentResponse/cac:Response/cac:Status"):
        yield Fault("R1-APP", f"{place}/Response/Status")
    for line in lines:
        if _plain(_all(line, "cac:Response/cbc:ResponseCode")[0]) not in _REASONS:
            yield Fault("R6-APP", f"{place}/LineResponse/Response/ResponseCode")
        if not _all(line, "cac:Response/cac:Status"):
            yield Fault("R9-APP", f"{place}/LineResponse/Response")
    code = _text(root, "cac:DocumentResponse/cac:Response/cbc:ResponseCode")  # with its blanks, as the rules do
    if lines and code == ACCEPTED:
        yield Fault("R7-APP", f"{place}/LineResponse")
    if not lines and code == REJECTED:
        yield Fault("R8-APP", place)


def write(kvittens: Kvittens) -> bytes:
    """As XML."""
    root = xml.write("ApplicationResponse", NAMESPACE, {"cac": _CAC, "cbc": _CBC})
    said = (*zip(("CustomizationID", "ProfileID"), _PROFILE, strict=True), ("ID", kvittens.id))
    issued = kvittens.issued.astimezone(UTC)
    for name, text in (*said, ("IssueDate", f"{issued:%Y-%m-%d}"), ("IssueTime", f"{issued:%H:%M:%S}Z")):
        xml.add(root, name, text, namespace=_CBC)
    for name, participant in (("SenderParty", kvittens.sender), ("ReceiverParty", kvittens.recipient)):
        party = xml.add(root, name, namespace=_CAC)
        xml.add(party, "EndpointID", participant, namespace=_CBC, schemeID=PARTICIPANT)
    document = xml.add(root, "DocumentResponse", namespace=_CAC)
    response = xml.add(document, "Response", namespace=_CAC)
    xml.add(response, "ResponseCode", ACCEPTED if kvittens.accepted else REJECTED, namespace=_CBC)
    xml.add(xml.add(document, "DocumentReference", namespace=_CAC), "ID", kvittens.message, namespace=_CBC)
    _write_reasons(document, kvittens.reasons)
    return xml.encode(root)


def _write_reasons(document: Element, reasons: Sequence[Reason]) -> None:
    for reason in reasons:
        line = xml.add(document, "LineResponse", namespace=_CAC)
        xml.add(xml.add(line, "LineReference", namespace=_CAC), "LineID", reason.place, namespace=_CBC)
        response = xml.add(line, "Response", namespace=_CAC)
        xml.add(response, "ResponseCode", reason.code, namespace=_CBC)
        xml.add(xml.add(response, "Status", namespace=_CAC), "StatusReason", reason.text, namespace=_CBC)


def _reason(line: Element) -> Reason:
    status = "cac:Response/cac:Status/cbc:StatusReason"
    return Reason(
        _text(line, "cac:Response/cbc:ResponseCode"), _text(line, "cac:LineReference/cbc:LineID"), _text(line, status)
    )


def _code(root: Element) -> str:
    return _plain(_all(root, "cac:DocumentResponse/cac:Response/cbc:ResponseCode")[0])


def _plain(element: Element) -> str:
    """What an element says, its blanks as one."""
    return " ".join("".join(element.itertext()).split())


def _issued(day: str, clock: str) -> datetime:
    """In UTC; where neither says its zone, it is UTC. Raises NotKvittens: a time that no calendar here has."""
    of_day, of_clock = _DAY.fullmatch(day.strip()), _CLOCK.fullmatch(clock.strip())
    try:
        if of_day is None or of_clock is None:
            raise ValueError
        midnight = of_clock[1].startswith("24:")
        said = f"{of_day[1]}T{'00:00:00' if midnight else of_clock[1]}{of_clock[2] or of_day[2] or 'Z'}"
        return (datetime.fromisoformat(said) + timedelta(days=midnight)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotKvittens([Fault("no such time", "ApplicationResponse/IssueDate")]) from None


def _all(element: Element, path: str) -> list[Element]:
    return list(element.findall(path, {"cac": _CAC, "cbc": _CBC}))


def _text(element: Element, path: str) -> str:
    found = _all(element, path)
    return "".join(found[0].itertext()) if found else ""
