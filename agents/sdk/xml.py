"""XML as others send it: read without doing what it says, held against a published schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

LARGEST = 64 << 20
"""Bytes of a document that is read at all: what a message of the largest size may be as XML, and more."""
_PUBLISHED = "published"
_WRONG_NAME, _RIGHT_NAME = "DIGG UBL-ApplicationResponse-2.1_", "Response-2.1_"

Element: TypeAlias = Any
"""An element of lxml, which says nothing of its types."""


@dataclass(frozen=True)
class Fault:
    """What is wrong where, without any value."""

    rule: str
    place: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}"


class Unreadable(ValueError):
    """It is no XML document that is read here."""


def parse(content: bytes) -> Element:
    """Its root, without comments and instructions. Nothing is fetched, no entity is put in. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("larger than is read here")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("not XML") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("a document type is not read here")
    return root


def breaches(root: Element, schema: str) -> Iterator[Fault]:
    """Where a document differs from a schema."""
    against = _schema(schema)
    if not against.validate(root):
        for error in against.error_log:
            yield Fault(error.type_name.removeprefix("SCHEMAV_").lower(), _place(error.path))


def write(name: str, namespace: str, prefixes: Mapping[str | None, str] | None = None) -> Element:
    """A new root."""
    names: dict[str | None, str] = {None: namespace}
    names.update(prefixes or {})
    return etree.Element(etree.QName(namespace, name), nsmap=names)


def add(
    parent: Element, name: str, text: str | None = None, /, *, namespace: str | None = None, **said: str
) -> Element:
    """One more element below another, of its namespace where none is named. Raises Unreadable: what XML can't say."""
    element = etree.SubElement(parent, etree.QName(namespace or etree.QName(parent).namespace, name), said)
    try:
        element.text = text
    except ValueError:
        raise Unreadable("a sign that XML can't say") from None
    return element


def encode(root: Element) -> bytes:
    """The document."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def local(element: Element) -> str:
    """An element's name within its namespace."""
    return str(etree.QName(element).localname)


def place(element: Element) -> str:
    """Where an element stands, by names alone."""
    return "/".join(local(one) for one in (*reversed(list(element.iterancestors())), element))


def elements(element: Element) -> Iterator[Element]:
    """The elements below, one level, without comments."""
    return (child for child in element if isinstance(child.tag, str))


def _place(path: str | None) -> str:
    return "/".join(part.rpartition(":")[2] for part in (path or "").split("/") if part)


@cache
def _schema(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Published())
    return etree.XMLSchema(etree.fromstring(_read(name), parser, base_url=name))


def _read(name: str) -> bytes:
    return (files(__package__) / _PUBLISHED / name).read_bytes()


class _Published(etree.Resolver):  # type: ignore[misc]  # lxml says nothing of its types
    """Finds the files that a published one names, which have another name than it says."""

    def resolve(self, url: str, _: object, context: object) -> object:
        name = unquote(url.rpartition("/")[2]).replace(_WRONG_NAME, _RIGHT_NAME)
        return self.resolve_string(_read(name), context)
