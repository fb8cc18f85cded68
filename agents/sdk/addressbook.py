"""The address book of SDK: who can be reached at which function address, as it was taken on a day.

Read-only JSON:API, open to all: `organizations`, and the function addresses that belong to them, `addresses`. Digg's
information specification says what an organisation has; the address is `identifier` there (content specification,
4.3.2.3), and whose it is stands in the relation `parent`, as clients in use read it.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from broker.web.faults import SiteError

Json = dict[str, Any]

_ORGANISATIONS, _FUNCTIONS = "organizations", "addresses"
_PARTICIPANT, _NUMBER, _NAME, _ADDRESS = "participantIdentifier", "organizationNumber", "name", "identifier"
_SORT, _WHOLE = "type", "o"
"""Whether an organisation is one that takes part, or a part of it, which may have the same identifier."""
_OWNER = "parent"
"""The names there: the one place to change where the description changes."""
_MOST_PAGES = 1000


@dataclass(frozen=True)
class Organisation:
    """One that takes part, and its function addresses with their names."""

    participant: str
    number: str
    name: str
    functions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """The address book, as it was taken."""

    taken: datetime | None = None
    source: str = ""
    organisations: Mapping[str, Organisation] = field(default_factory=dict)

    def has(self, participant: str, function: str) -> bool:
        """Whether an organisation has a function address."""
        known = self.organisations.get(participant)
        return known is not None and function in known.functions


@dataclass(frozen=True)
class Change:
    """What differs: `sort` is `new`, `gone` or `renamed`, of an organisation or of one of its function addresses."""

    sort: str
    of: str
    id: str
    name: str


def fetch(source: str, now: datetime, *, transport: httpx2.BaseTransport | None = None) -> Book:
    """The address book as it is. Raises SiteError where it can't be had whole: half a book is none."""
    with httpx2.Client(timeout=60, transport=transport, follow_redirects=False) as http:
        organisations: dict[str, Json] = {}
        functions: dict[str, dict[str, str]] = {}
        ids: dict[str, str] = {}
        for row in _rows(http, f"{source.rstrip('/')}/{_ORGANISATIONS}"):
            participant = _said(row, _ORGANISATIONS, _PARTICIPANT)
            ids[str(row.get("id"))] = participant
            if participant not in organisations or _attributes(row).get(_SORT) == _WHOLE:
                organisations[participant] = row
        for row in _rows(http, f"{source.rstrip('/')}/{_FUNCTIONS}"):
            owner = ids.get(_related(row))
            if owner is None:
                raise SiteError("the address book has a function address of an organisation that it does not have")
            functions.setdefault(owner, {})[_said(row, _FUNCTIONS, _ADDRESS)] = _said(row, _FUNCTIONS, _NAME)
    found = {
        participant: Organisation(
            participant,
            str(_attributes(row).get(_NUMBER) or ""),
            _said(row, _ORGANISATIONS, _NAME),
            dict(sorted(functions.get(participant, {}).items())),
        )
        for participant, row in sorted(organisations.items())
    }
    return Book(now, source, found)


def _rows(http: httpx2.Client, address: str) -> Iterator[Json]:
    """Every row, page by page. The next page lies at the same place: a link to another is not followed."""
    home = httpx2.URL(address)
    for _ in range(_MOST_PAGES):
        try:
            answer = http.get(address, headers={"Accept": "application/vnd.api+json"})
            said = answer.json() if answer.status_code == 200 else None
        except (httpx2.HTTPError, ValueError) as error:
            raise SiteError(f"the address book is not reached: {type(error).__name__}") from None
        if not isinstance(said, dict) or not isinstance(said.get("data"), list):
            raise SiteError(f"the address book answers {answer.status_code}, or something else than rows")
        yield from (row for row in said["data"] if isinstance(row, dict))
        link = (said.get("links") or {}).get("next")
        if not link:
            return
        following = home.join(str(link.get("href") if isinstance(link, dict) else link))
        if (following.scheme, following.netloc) != (home.scheme, home.netloc):
            raise SiteError("the address book's next page lies at another place")
        address = str(following)
    raise SiteError("the address book has no end")


def _attributes(row: Json) -> Json:
    attributes = row.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def _said(row: Json, of: str, name: str) -> str:
    """Raises SiteError: nothing is guessed of a book in another form."""
    value = _attributes(row).get(name)
    if not isinstance(value, str) or not value:
        raise SiteError(f"the address book has a row in {of} without {name}: it has another form than is read here")
    return value


def _related(row: Json) -> str:
    """The organisation of a function address."""
    relation: object = row
    for name in ("relationships", _OWNER, "data", "id"):
        relation = relation.get(name) if isinstance(relation, dict) else None
    if relation is None:
        raise SiteError(
            f"the address book has a row in {_FUNCTIONS} without {_OWNER}: it has another form than is read here"
        )
    return str(relation)


# --- the file


def read(file: Path) -> Book:
    """The book as it was last taken; an empty one where it never was. Raises SiteError."""
    if not file.exists():
        return Book()
    try:
        said = json.loads(file.read_text("utf-8"))
        rows = [Organisation(**row) for row in said["organisations"]]
        return Book(datetime.fromisoformat(said["taken"]), said["source"], {row.participant: row for row in rows})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SiteError(f"{file}: can't be read as an address book: {type(error).__name__}") from None


def write(book: Book, file: Path) -> None:
    """Keep it, whole or not at all. Raises SiteError."""
    assert book.taken is not None
    rows = [vars(one) for one in book.organisations.values()]
    said = {"taken": book.taken.isoformat(), "source": book.source, "organisations": rows}
    beside = file.with_suffix(".new")
    try:
        beside.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
        with beside.open("rb") as there:
            os.fsync(there.fileno())
        beside.replace(file)
    except OSError as error:
        raise SiteError(f"{file}: {error.strerror}") from None


# --- the difference


def changes(before: Book, after: Book) -> Iterator[Change]:
    """What differs, organisation by organisation."""
    for participant in sorted(before.organisations.keys() | after.organisations.keys()):
        old, new = before.organisations.get(participant), after.organisations.get(participant)
        if change := _change("organisation", participant, old.name if old else None, new.name if new else None):
            yield change
        one, other = (old.functions if old else {}), (new.functions if new else {})
        for function in sorted(one.keys() | other.keys()):
            if change := _change("function", function, one.get(function), other.get(function)):
                yield change


def _change(of: str, id: str, old: str | None, new: str | None) -> Change | None:
    if old == new:
        return None
    sort = "new" if old is None else "gone" if new is None else "renamed"
    return Change(sort, of, id, new if new is not None else old or "")
