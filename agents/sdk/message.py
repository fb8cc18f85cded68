"""A message of SDK (MessageWithAttachments 3), as XML by the published schema or as JSON of API MT/MK."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.sdk import xml
from agents.sdk.xml import Element, Fault

Json = dict[str, Any]

NAMESPACE = "urn:riv:infrastructure:messaging:MessageWithAttachments:3"
SCHEMA = "infrastructure_messaging_MessageWithAttachments_3.0.xsd"
PARTICIPANT = "iso6523-actorid-upis"
FUNCTION = "urn:riv:infrastructure:messaging:functionalAddress"
LARGEST = 30 * 1000 * 1000
"""Bytes of a message with its attachments, at most."""
TAKEN = 30 << 20
"""Bytes of a message that is taken: whether a megabyte is 1,000 or 1,024 kilobytes is not said."""
LABEL = 256
"""Characters of a label, at most."""
SYSTEM = ("urn:samband", "Samband")
"""What has made the message."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}.[0-9]{1,3}Z")
_IDS = {"messageId": "MessageId", "conversationId": "conversationId", "refToMessageId": "refToMessageId"}
"""Elements that hold an id, and the published rule that says so."""
_BEGINS = re.compile(r"[a-zA-Z0-9+/]")
_BLANKS = re.compile(r"\s+")
_XML_BLANKS = " \t\r\n"
_INDEX = re.compile(r"[0-9]{1,9}")


class NotSdk(ValueError):
    """It is no message of SDK; `faults` say where, and no value."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults[:5])))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Reference:
    """What a message is about at one of its parties: a person's number or a case, by the OID of its sort."""

    root: str
    extension: str = field(repr=False)
    label: str = field(default="", repr=False)


@dataclass(frozen=True)
class Person:
    """Somebody who is named at one of the parties; `id` is of the sort that `root` says, both empty where none is."""

    root: str = ""
    id: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Party:
    """One of the two organisations, and its function address with its label. `name`: the organisation's, in XML."""

    participant: str
    function: str = ""
    label: str = ""
    references: tuple[Reference, ...] = field(default=(), repr=False)
    persons: tuple[Person, ...] = field(default=(), repr=False)
    name: str = ""


@dataclass(frozen=True)
class File:
    """An attachment."""

    name: str = field(repr=False)
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Document:
    """Texts and attachments that belong together."""

    id: str
    name: str = field(default="", repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    files: tuple[File, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class SdkMessage:
    """One message. `answers`: the message that it answers. `system`: what has made it."""

    id: str
    conversation: str
    created: datetime
    label: str = field(repr=False)
    sender: Party
    recipient: Party
    documents: tuple[Document, ...] = ()
    answers: str | None = None
    confidential: bool = True
    system: tuple[str, str] | None = SYSTEM

    @property
    def texts(self) -> list[str]:
        """What it says."""
        return [text for document in self.documents for text in document.texts]

    @property
    def files(self) -> list[File]:
        """Its attachments."""
        return [file for document in self.documents for file in document.files]


# --- XML


def to_xml(message: SdkMessage) -> bytes:
    """The message as XML. Raises NotSdk where it breaks a rule."""
    root = xml.write("messagePayload", NAMESPACE)
    try:
        _fill(xml.add(root, "message"), message)
    except xml.Unreadable as error:
        raise NotSdk([Fault(str(error), "message")]) from None
    if faults := list(breaches(root)):
        raise NotSdk(faults)
    return xml.encode(root)


def from_xml(content: bytes) -> SdkMessage:
    """A message. Raises NotSdk."""
    try:
        root = xml.parse(content)
    except xml.Unreadable as error:
        raise NotSdk([Fault(str(error), "messagePayload")]) from None
    if len(content) > TAKEN:
        raise NotSdk([Fault("too-long", "messagePayload")])
    if faults := list(breaches(root)):
        raise NotSdk(faults)
    return _read(root)


def breaches(root: Element) -> Iterator[Fault]:
    """Where a document breaks the published schema, or one of the published rules (schematron)."""
    if root.tag != f"{{{NAMESPACE}}}messagePayload":
        yield Fault("another document", xml.local(root))
        return
    yield from xml.breaches(root, SCHEMA)
    for element in root.iter():
        if isinstance(element.tag, str) and (rule := _broken(element)):
            yield Fault(rule, xml.place(element))


def _broken(element: Element) -> str:
    """The first published rule that an element breaks, by its name there; empty where it breaks none."""
    parent = element.getparent()
    over = parent.getparent() if parent is not None else None
    if parent is not None and not any(part.strip(_XML_BLANKS) for part in element.itertext()):
        return "verifyNonEmptyElements"
    name, below, within = map(_own, (element, parent, over))
    said = element.text or ""
    rules = (
        ("creationDateTime", name == "creationDateTime", _TIME.fullmatch(said)),
        (_IDS.get(name, ""), name in _IDS, _UUID.fullmatch(said)),
        ("subjectlabel", (below, name) == ("messageHeader", "label"), len(said) <= LABEL),
        ("contentFiles", (below, name) == ("ContentFiles", "content"), _BEGINS.match(said)),
        ("recipientIdvalue", (below, name) == ("recipientID", "root"), said == PARTICIPANT),
        ("senderIdvalue", (below, name) == ("senderID", "root"), said == PARTICIPANT),
        ("subOrgRoot", (within, below, name) == ("subOrganization", "organizationId", "root"), said == FUNCTION),
    )
    return next((rule for rule, applies, holds in rules if applies and not holds), "")


def _own(element: Element | None) -> str:
    """The name of an element of ours; another's, which may stand among ours, has no rule."""
    if element is None or not element.tag.startswith(f"{{{NAMESPACE}}}"):
        return ""
    return xml.local(element)


def _fill(root: Element, message: SdkMessage) -> None:
    header = xml.add(root, "messageHeader")
    xml.add(header, "creationDateTime", written(message.created))
    xml.add(header, "messageId", message.id)
    xml.add(header, "conversationId", message.conversation)
    if message.answers:
        xml.add(header, "refToMessageId", message.answers)
    if message.label:
        xml.add(header, "label", message.label)
    xml.add(header, "confidentiality", "true" if message.confidential else "false")
    if message.system:
        _identify(xml.add(header, "generatingSystem"), *message.system)
    for name, party in (("recipient", message.recipient), ("sender", message.sender)):
        _party(xml.add(header, name), f"{name}ID", party)
    body = xml.add(root, "messageBody")
    for index, document in enumerate(message.documents, 1):
        _document(xml.add(body, "documents"), document, index)


def _identify(element: Element, root: str, extension: str) -> None:
    xml.add(element, "root", root)
    xml.add(element, "extension", extension)


def _party(element: Element, name: str, party: Party) -> None:
    _identify(xml.add(element, name), PARTICIPANT, party.participant)
    if party.name:
        xml.add(element, "label", party.name)
    if not party.function:
        return
    attention = xml.add(element, "attention")
    for person in party.persons:
        _person(xml.add(attention, "person"), person)
    function = xml.add(attention, "subOrganization")
    _identify(xml.add(function, "organizationId"), FUNCTION, party.function)
    if party.label:
        xml.add(function, "label", party.label)
    for reference in party.references:
        one = xml.add(attention, "reference")
        _identify(xml.add(one, "referenceId"), reference.root, reference.extension)
        if reference.label:
            xml.add(one, "label", reference.label)


def _person(element: Element, person: Person) -> None:
    if person.id:
        _identify(xml.add(element, "personId"), person.root, person.id)
    if person.name:
        xml.add(element, "label", person.name)


def _document(element: Element, document: Document, index: int) -> None:
    xml.add(element, "documentID", document.id)
    if document.name:
        xml.add(element, "documentName", document.name)
    xml.add(element, "index", str(index))
    for file in document.files:
        one = xml.add(element, "ContentFiles")
        xml.add(one, "fileName", file.name)
        xml.add(one, "contentType", file.content_type)
        xml.add(one, "content", base64.b64encode(file.content).decode())
    for text in document.texts:
        xml.add(xml.add(element, "ContentText"), "characterSequence", text)


def _read(root: Element) -> SdkMessage:
    header, body = _one(root, "message/messageHeader"), _one(root, "message/messageBody")
    documents = [(_text(one, "index"), _document_of(one)) for one in _all(body, "documents")]
    system = _text(header, "generatingSystem/root"), _text(header, "generatingSystem/extension")
    return SdkMessage(
        id=_text(header, "messageId"),
        conversation=_text(header, "conversationId"),
        created=_moment(_text(header, "creationDateTime")),
        label=_text(header, "label"),
        sender=_party_of(_one(header, "sender"), "senderID"),
        recipient=_party_of(_one(header, "recipient"), "recipientID"),
        documents=_in_order(documents),
        answers=_text(header, "refToMessageId") or None,
        confidential=_text(header, "confidentiality").strip(_XML_BLANKS) in ("true", "1"),
        system=system if all(system) else None,
    )


def _party_of(element: Element, name: str) -> Party:
    references = (
        Reference(_text(one, "referenceId/root"), _text(one, "referenceId/extension"), _text(one, "label"))
        for one in _all(element, "attention/reference")
    )
    persons = (
        Person(_text(one, "personId/root"), _text(one, "personId/extension"), _text(one, "label"))
        for one in _all(element, "attention/person")
    )
    function = "attention/subOrganization"
    return Party(
        _text(element, f"{name}/extension"),
        _text(element, f"{function}/organizationId/extension"),
        _text(element, f"{function}/label"),
        tuple(references),
        tuple(person for person in persons if person.id or person.name),
        _text(element, "label"),
    )


def _in_order(documents: Sequence[tuple[str, Document]]) -> tuple[Document, ...]:
    """As their sender wants them shown, where each has a number; else as they came."""
    if all(_INDEX.fullmatch(index) for index, _ in documents):
        documents = sorted(documents, key=lambda one: int(one[0]))
    return tuple(document for _, document in documents)


def _document_of(element: Element) -> Document:
    files = (
        File(_text(one, "fileName"), _text(one, "contentType"), _decoded(_text(one, "content")))
        for one in _all(element, "ContentFiles")
    )
    texts = (_text(one, "characterSequence") for one in _all(element, "ContentText"))
    return Document(_text(element, "documentID"), _text(element, "documentName"), tuple(texts), tuple(files))


def _all(element: Element, path: str) -> list[Element]:
    return list(element.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/"))))


def _one(element: Element, path: str) -> Element:
    return _all(element, path)[0]


def _text(element: Element, path: str) -> str:
    found = _all(element, path)
    return "".join(found[0].itertext()) if found else ""


# --- JSON of API MT/MK


def to_json(message: SdkMessage) -> Json:
    """The attributes that a message service is given."""
    attributes: Json = {
        "creationDateTime": written(message.created),
        "messageId": message.id,
        "conversationId": message.conversation,
        "confidentiality": message.confidential,
        "recipientAttention": _attention(message.recipient),
        "senderAttention": _attention(message.sender),
        "sender": message.sender.participant,
        "recipient": message.recipient.participant,
        "label": message.label,
        "digitalDocument": [_to_document(one, index) for index, one in enumerate(message.documents, 1)],
    }
    if message.system:
        attributes["generatingSystem"] = dict(zip(("root", "extension"), message.system, strict=True))
    return attributes | ({"refToMessageId": message.answers} if message.answers else {})


def _attention(party: Party) -> Json:
    function = {"root": FUNCTION, "extension": party.function}
    said: Json = {"subOrganization": function | ({"label": party.label} if party.label else {})}
    if party.references:
        said["referenceId"] = [
            {"root": one.root, "extension": one.extension, "label": one.label or one.extension}
            for one in party.references
        ]
    if persons := [one for one in party.persons if one.id]:
        said["attentionPerson"] = [
            {"root": one.root, "extension": one.id, "label": one.name or one.id} for one in persons
        ]
    return said


def _to_document(document: Document, index: int) -> Json:
    files = [
        {
            "fileName": file.name,
            "contentType": file.content_type,
            "content": base64.b64encode(file.content).decode(),
        }
        for file in document.files
    ]
    said: Json = {"documentId": document.id, "index": str(index)}
    more = {"documentName": document.name, "contentTextBody": list(document.texts), "contentFiles": files}
    return said | {name: value for name, value in more.items() if value}


def from_json(attributes: Mapping[str, Any]) -> SdkMessage:
    """What a message service gives. Raises NotSdk, also where it breaks a rule of the XML that it stands for."""
    try:
        system = attributes.get("generatingSystem")
        documents = [(str(one.get("index")), _from_document(one)) for one in attributes.get("digitalDocument") or ()]
        message = SdkMessage(
            id=str(attributes["messageId"]),
            conversation=str(attributes["conversationId"]),
            created=_moment(str(attributes["creationDateTime"])),
            label=str(attributes.get("label") or ""),
            sender=_from_attention(attributes["sender"], attributes.get("senderAttention")),
            recipient=_from_attention(attributes["recipient"], attributes.get("recipientAttention")),
            documents=_in_order(documents),
            answers=attributes.get("refToMessageId") or None,
            confidential=attributes.get("confidentiality") is not False,
            system=(str(system["root"]), str(system["extension"])) if system else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NotSdk([Fault("missing, or of another sort", type(error).__name__)]) from None
    to_xml(message)
    return message


def _from_attention(participant: str, attention: Mapping[str, Any] | None) -> Party:
    said = attention or {}
    function = said.get("subOrganization") or {}
    references = (
        Reference(str(one["root"]), str(one["extension"]), str(one.get("label") or ""))
        for one in said.get("referenceId") or ()
    )
    persons = (
        Person(str(one["root"]), str(one["extension"]), str(one.get("label") or ""))
        for one in said.get("attentionPerson") or ()
    )
    return Party(
        str(participant),
        str(function.get("extension") or ""),
        str(function.get("label") or ""),
        tuple(references),
        tuple(persons),
    )


def _from_document(said: Mapping[str, Any]) -> Document:
    files = (
        File(str(one["fileName"]), str(one["contentType"]), _decoded(str(one["content"])))
        for one in said.get("contentFiles") or ()
    )
    texts = (text for text in map(str, said.get("contentTextBody") or ()) if text.strip())
    return Document(str(said["documentId"]), str(said.get("documentName") or ""), tuple(texts), tuple(files))


# --- both


def written(moment: datetime) -> str:
    """A time as the published rules want it: in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    midnight = "T24:00:00" in text  # the end of a day, as XML may say it
    try:
        moment = datetime.fromisoformat(text.replace("T24", "T00") if midnight else text)
        moment += timedelta(days=midnight)
    except (ValueError, OverflowError):
        raise NotSdk([Fault("creationDateTime", "creationDateTime")]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decoded(content: str) -> bytes:
    """What a file holds; what is no base64, which no published rule asks of it, as it stands: it is somebody's."""
    packed = _BLANKS.sub("", content)
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return content.encode("utf-8", "surrogatepass")
