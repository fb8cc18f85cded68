"""The published rules of a message of SDK, run as they stand by Saxon, each abstract pattern filled in."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXPathProcessor, PyXsltExecutable

PUBLISHED = Path(__file__).parent / "published"
ISO = "{http://purl.oclc.org/dsdl/schematron}"
MESSAGE = "urn:riv:infrastructure:messaging:MessageWithAttachments:3"


@cache
def saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def rules() -> tuple[tuple[str, str, str], ...]:
    """Each assertion: its pattern, the context, what must hold there."""
    root = etree.parse(PUBLISHED / "MessageConstraints.xml").getroot()
    patterns = {one.get("id"): one for one in root.iter(f"{ISO}pattern")}
    return tuple(
        rule for id, one in patterns.items() if one.get("abstract") != "true" for rule in _of(id, one, patterns)
    )


def _of(id: str, pattern: etree._Element, patterns: dict[str, etree._Element]) -> Iterator[tuple[str, str, str]]:
    values = {f"${one.get('name')}": one.get("value") for one in pattern.iter(f"{ISO}param")}
    filled = patterns[pattern.get("is-a")] if pattern.get("is-a") else pattern
    for rule in filled.iter(f"{ISO}rule"):
        for one in rule.iter(f"{ISO}assert"):
            texts = [rule.get("context"), one.get("test")]
            for name, value in values.items():
                texts = [text.replace(name, value) for text in texts]
            yield id, texts[0], texts[1]


@cache
def xpath() -> PyXPathProcessor:
    processor = saxon().new_xpath_processor()
    processor.declare_namespace("tns", MESSAGE)
    return processor


def broken(document: bytes) -> set[str]:
    """The patterns that a message breaks."""
    processor = xpath()
    processor.set_context(xdm_item=saxon().parse_xml(xml_text=document.decode("utf-8")))
    wrong = set()
    for id, context, test in rules():
        found = processor.evaluate_single(f"count(//{context.removeprefix('/')}[not({test})])")
        if int(str(found)):
            wrong.add(id)
    return wrong


@cache
def receipt_rules() -> PyXsltExecutable:
    return (
        saxon()
        .new_xslt30_processor()
        .compile_stylesheet(stylesheet_file=str(PUBLISHED / "DIGG-AppRes-Business-Rules.xslt"))
    )


def broken_receipt(document: bytes) -> list[str]:
    """What a kvittens breaks of its compiled rules."""
    report = receipt_rules().transform_to_string(xdm_node=saxon().parse_xml(xml_text=document.decode("utf-8")))
    failed = etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    return [str(one.get("location")) for one in failed]
