"""Messages made by walking the published schema, receipts by changing published ones; now and then wrong."""

import copy
import random
from functools import cache
from pathlib import Path
from uuid import UUID

from lxml import etree

from agents.sdk.message import FUNCTION, NAMESPACE, PARTICIPANT, SCHEMA

PUBLISHED = Path(__file__).parent / "published"
XS = "{http://www.w3.org/2001/XMLSchema}"
ANOTHER = "urn:somebody:else"
BLANK = ("", " ", "\t\n", "\u00a0")
TIMES = ("2019-08-22T07:27:15.4Z", "2026-11-30T08:00:00.120Z", "2025-12-31T24:00:00.0Z")
WRONG = ("fel", "3 Sept. 2019", "2019-09-03T12:04:13.123", "2019-09-03T12:04:13.1+02:00", " x ", "x" * 257, *BLANK)
SAYS = {
    "IssueDate": ("2026-11-30", "2026-11-30Z", "2026-11-30+02:00", "30/11"),
    "IssueTime": ("12:00:00", "12:00:00Z", "23:59:59.123+01:00", "24:00:00", "12.00"),
    "ProfileID": (" bdx:noprocess ", "bdx:process"),
    "ResponseCode": ("ACCEPTED", " REJECTED ", "BV", " SIG", "XX"),
}
"""What else an element of a receipt may say."""


@cache
def schema() -> dict[str, etree._Element]:
    """The types of a message, by their names."""
    root = etree.parse(PUBLISHED.parents[2] / "agents" / "sdk" / "published" / SCHEMA).getroot()
    return {one.get("name"): one for one in root.iter(f"{XS}complexType") if one.get("name")}


class Maker:
    """In: what decides. `care`: how seldom something is wrong."""

    def __init__(self, chance: random.Random, care: int = 150) -> None:
        self._chance, self._care = chance, care

    def message(self) -> etree._Element:
        """A message: each part there, absent, or as often as it may be."""
        prefix = self._chance.choice([None, "a", "ns2", "tns"])
        root = etree.Element(f"{{{NAMESPACE}}}messagePayload", nsmap={prefix: NAMESPACE})
        self._fill(root, "MessagePayloadType")
        return root

    def receipt(self) -> etree._Element:
        """A published receipt, with something dropped, doubled, moved, or said otherwise."""
        file = self._chance.choice(sorted(PUBLISHED.glob("Kvittens_*.xml")))
        root = etree.parse(file, etree.XMLParser(remove_blank_text=True, remove_comments=True)).getroot()
        for _ in range(self._chance.choice([0, 1, 1, 2])):
            self._change(self._chance.choice(list(root.iter())[1:]))
        return root

    def content(self, root: etree._Element) -> bytes:
        """It as somebody may write it: comments between, another encoding, blanks."""
        if self._chance.random() < 0.3:
            for element in list(root.iter())[:: self._chance.randint(1, 5)]:
                element.insert(self._chance.randint(0, len(element)), self._aside(element))
        encoding = self._chance.choice(["UTF-8", "UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII", "utf-8-sig"])
        text = etree.tostring(root, encoding="unicode", pretty_print=self._chance.random() < 0.5)
        if encoding == "utf-8-sig":
            return text.encode("utf-8-sig")
        return f"<?xml version='1.0' encoding='{encoding}'?>\n{text}".encode(encoding, "xmlcharrefreplace")

    def _aside(self, element: etree._Element) -> etree._Element:
        """A comment or an instruction, within the text where there is one."""
        aside = etree.Comment("x") if self._chance.random() < 0.7 else etree.ProcessingInstruction("p", "q")
        if element.text and not len(element):
            at = self._chance.randint(0, len(element.text))
            aside.tail, element.text = element.text[at:], element.text[:at]
        return aside

    def _wrong(self) -> bool:
        return self._chance.randrange(self._care) == 0

    # --- messages

    def _fill(self, element: etree._Element, kind: str) -> None:
        parts = list(schema()[kind].find(f"{XS}sequence")) if kind in schema() else []
        for part in parts:
            for _ in range(self._times(part)):
                self._add(element, part)
        if not parts:
            element.text = self._said(element)

    def _times(self, part: etree._Element) -> int:
        least, most = int(part.get("minOccurs", 1)), part.get("maxOccurs", "1")
        if self._wrong():
            return self._chance.choice([0, 2])
        if part.tag == f"{XS}any":
            return int(self._chance.random() < 0.15)
        return self._chance.randint(least, max(least, 3) if most == "unbounded" else int(most))

    def _add(self, element: etree._Element, part: etree._Element) -> None:
        if part.tag == f"{XS}any":
            more = etree.SubElement(element, f"{{{ANOTHER}}}{self._chance.choice(['label', 'root', 'messageId'])}")
            more.text = "x" * self._chance.choice([1, 300])
        else:
            child = etree.SubElement(element, f"{{{NAMESPACE}}}{part.get('name')}")
            self._fill(child, part.get("type", "").rpartition(":")[2])

    def _said(self, element: etree._Element) -> str:
        name, parent = (etree.QName(one).localname for one in (element, element.getparent()))
        if self._wrong():
            return self._chance.choice(WRONG)
        right = {
            "creationDateTime": TIMES,
            "confidentiality": ("true", "false", "1", "0", " true "),
            "content": ("JVBERi0xLjc=", "JVBERi0xLjc", "JVBE\nRi0x Ljc=", "inte base64!"),
            "contentType": ("application/pdf", "image/png", "PDF"),
            "index": ("1", "2", "11"),
        }
        if name in ("messageId", "conversationId", "refToMessageId"):
            return str(UUID(int=self._chance.getrandbits(128))).upper()
        if name == "root" and parent in ("recipientID", "senderID", "organizationId"):
            return FUNCTION if parent == "organizationId" else PARTICIPANT
        return self._chance.choice(right.get(name, ("Räksmörgås & <b>", "0203:a.example.se", "x" * 256, "łódź 😀")))

    # --- receipts

    def _change(self, element: etree._Element) -> None:
        name, above = etree.QName(element).localname, element.getparent()
        if above is None:
            return
        match self._chance.randrange(7):
            case 0:
                above.remove(element)
            case 1:
                above.append(copy.deepcopy(element))
            case 2:
                element.set("schemeID", PARTICIPANT)
            case 3:
                element.attrib.clear()
            case 4 if not len(element):
                element.text = self._chance.choice(BLANK)
            case _ if not len(element):
                element.text = self._chance.choice(SAYS.get(name, ("annat",)))
