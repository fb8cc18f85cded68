"""The kvittens: what the recipient's message service says of a message (UBL ApplicationResponse, Digg's profile)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.sdk import xml
from agents.sdk.message import PARTICIPANT
from agents.sdk.xml import Element, Fault

SCHEMA = "Response-2.1.xsd"
NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PROFILE = ("urn:fdc:digg.se:edelivery:messagetype:response:1", "bdx:noprocess")
ACCEPTED, REJECTED = "ACCEPTED", "REJECTED"
_NOWHERE = "NA"


class NotKvittens(ValueError):
    """It is no kvittens."""


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
        raise NotKvittens(str(error)) from None
    if faults := list(xml.breaches(root, SCHEMA)):
        raise NotKvittens("; ".join(map(str, faults[:5])))
    code = _text(root, "cac:DocumentResponse/cac:Response/cbc:ResponseCode")
    if code not in (ACCEPTED, REJECTED):
        raise NotKvittens(str(Fault("neither accepted nor rejected", "DocumentResponse/Response/ResponseCode")))
    issued = f"{_text(root, 'cbc:IssueDate')}T{_text(root, 'cbc:IssueTime')}"
    return Kvittens(
        id=_text(root, "cbc:ID"),
        issued=datetime.fromisoformat(issued).astimezone(UTC),
        sender=_text(root, "cac:SenderParty/cbc:EndpointID"),
        recipient=_text(root, "cac:ReceiverParty/cbc:EndpointID"),
        message=_text(root, "cac:DocumentResponse/cac:DocumentReference/cbc:ID"),
        accepted=code == ACCEPTED,
        reasons=tuple(map(_reason, _all(root, "cac:DocumentResponse/cac:LineResponse"))),
    )


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


def _all(element: Element, path: str) -> list[Element]:
    return list(element.findall(path, {"cac": _CAC, "cbc": _CBC}))


def _text(element: Element, path: str) -> str:
    found = _all(element, path)
    return "".join(found[0].itertext()) if found else ""
