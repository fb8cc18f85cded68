"""A kind of message as a table to fill in: a column for each field that one cell can say, a line for each message."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.agency.broker import Json
from agents.desk.forms.fields import Field, fields_of
from agents.desk.forms.reading import Faults, Find, read
from agents.desk.forms.view import Viewer
from agents.desk.texts import Words
from broker.model.vocabulary import Unit

TO = (
    Field("authority", "authority", "To", required=True),
    Field("unit", "choice", "To", required=True, options=tuple(unit.value for unit in Unit), table="units"),
    Field("area", "area", "To"),
)
"""Whom a message is for: the first columns."""
_APART = ";"
"""Between the words of a cell that has several."""
_MARK = " *"
"""After the heading of what must be said."""
_LEFT = frozenset({"assessments", "replaces", "lul_notice", "basis", "items"})
"""What is weighed or written at the desk, line by line."""
_LATER = frozenset({"told", "file", "hidden", "message"})
_LISTS = ("choices", "several")
_KNOWN = frozenset({"id_type"})
"""What is told by what is said beside it."""


@dataclass(frozen=True)
class Column:
    """One column: the field's place, its heading, what can be said in it."""

    place: str
    heading: str
    field: Field
    words: Mapping[str, str]
    """Each word that can be said, with what it stands for; empty where anything can."""
    required: bool

    @property
    def is_list(self) -> bool:
        """Whether a cell may say several, with a semicolon between."""
        return self.field.sort in _LISTS


@dataclass(frozen=True)
class Line:
    """One line as a message: whom it is for, what it says, what is wrong with it at which heading."""

    n: int
    to: Mapping[str, str]
    body: Json
    faults: Sequence[tuple[str, str]]


def is_a_table(kind: str) -> bool:
    """Whether every field that a kind must have can be said in a cell."""
    return all(field.sort != "rows" and field.name not in _LEFT for field in fields_of(kind) if field.required)


def columns(kind: str, words: Words) -> list[Column]:
    """The columns of a kind, the recipient first."""
    viewer = Viewer(words, {})
    to = list(_columns(TO, "to.", "", viewer, required=True))
    return to + list(_columns(fields_of(kind), "", "", viewer, required=True))


def _columns(fields: Sequence[Field], place: str, heading: str, viewer: Viewer, *, required: bool) -> Iterator[Column]:
    for one in fields:
        label = f"{heading}{viewer.text('label', one)}"
        if one.sort == "rows" or one.sort in _LATER or one.name in _LEFT:
            continue
        if one.fields and one.sort != "several":
            inner = required and one.required
            yield from _columns(one.fields, f"{place}{one.name}.", f"{label}: ", viewer, required=inner)
            continue
        must = required and one.required and one.name not in _KNOWN
        yield Column(f"{place}{one.name}", label + (_MARK if must else ""), one, _words(one, viewer), must)


def _words(field: Field, viewer: Viewer) -> dict[str, str]:
    if field.sort == "yes_no":
        return {viewer.t(f"form.{word}"): word for word in ("yes", "no")}
    single = field.fields[0] if field.sort == "several" else field
    return {viewer.word(single.table or "", option): option for option in single.options}


def lines(
    kind: str, rows: Sequence[Sequence[str]], words: Words, *, find: Find, names: Callable[[str], bool]
) -> tuple[list[Line], list[str]]:
    """The lines of a table whose first row has the headings; and headings that are none of the kind's.

    In: what finds an authority by its name, and whether an id is one that is known.
    """
    known = {_plain(column.heading): column for column in columns(kind, words)}
    top = next((n for n, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    header = [_plain(text) for text in (rows[top] if rows else ())]
    unknown = [text for n, text in enumerate(header) if text and (text not in known or text in header[:n])]
    missing = [column.heading for text, column in known.items() if column.required and text not in header]
    viewer = Viewer(words, {})
    if unknown or missing:
        return [], unknown + missing
    of_it = [known.get(text) for text in header] + [None] * max(map(len, rows), default=0)
    found = [
        _line(n, kind, list(zip(of_it, row, strict=False)), viewer, find=find, names=names)
        for n, row in enumerate(rows[top + 1 :], top + 2)
        if any(cell.strip() for cell in row)
    ]
    return found, []


def _line(
    n: int,
    kind: str,
    cells: Sequence[tuple[Column | None, str]],
    viewer: Viewer,
    *,
    find: Find,
    names: Callable[[str], bool],
) -> Line:
    form: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    by_place = {column.place: column for column, _ in cells if column}
    for column, text in cells:
        if column is None or not text.strip():
            continue
        said, wrong = _said(column, text)
        form[column.place] = said
        if wrong:
            own[column.place] = "word"
    to = {field.name: next(iter(form.get(f"to.{field.name}", ())), "").strip() for field in TO}
    to |= {"authority": find("authority", to["authority"]), "area": find("area", to["area"])}
    own |= {f"to.{name}": key for name, key in (("authority", "recipient"), ("unit", "unit")) if not to[name]}
    if to["authority"] and not names(to["authority"]):
        own["to.authority"] = "authority"
    body, faults = read(kind, form, find=find)
    stray = [at for at, (column, text) in enumerate(cells, 1) if column is None and text.strip()]
    more = [(viewer.t("sheet.column", n=at), viewer.t("sheet.stray")) for at in stray]
    return Line(n, to, body, [*_told({**faults, **own}, by_place, viewer), *more])


def _said(column: Column, text: str) -> tuple[list[str], bool]:
    """What a cell says, and whether it has a word that can't be said there."""
    parts = [part.strip() for part in text.split(_APART)] if column.is_list else [text.strip()]
    if not column.words:
        return [part for part in parts if part], False
    known = {_plain(word): id for word, id in column.words.items()} | {id: id for id in column.words.values()}
    found = [known.get(_plain(part), part) for part in parts if part]
    return found, any(_plain(part) not in known for part in parts if part)


def _told(faults: Faults, columns: Mapping[str, Column], viewer: Viewer) -> Iterator[tuple[str, str]]:
    """Each fault under its heading; what is told at a group stands under its first column."""
    for place, key in faults.items():
        column = columns.get(place) or next((one for at, one in columns.items() if at.startswith(f"{place}.")), None)
        heading = _plain_heading(column.heading) if column else place
        yield heading, viewer.fault_text(key, heading, column.field.most if column else None)


def _plain_heading(text: str) -> str:
    return text.removesuffix(_MARK)


def _plain(text: str) -> str:
    return " ".join(_plain_heading(text.strip()).casefold().split())
