"""A form as a page shows it: each field with its words, what was typed, what is wrong."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.desk.forms.fields import Field
from agents.desk.forms.reading import ON_A_DAY, Faults, Form
from agents.desk.texts import Words

Options = Sequence[tuple[str, str]]
"""Values with their words."""

_RADIOS = 6
"""Most options that stand open; more are a list to choose from."""
_MOST_ROWS = 200
"""No list of the contract is longer."""
_TOLD = ("yes", "ask_first", ON_A_DAY)


@dataclass(frozen=True)
class Input:
    """A field with all that a template shows of it. `name` is also its id."""

    name: str
    sort: str
    label: str
    hint: str = ""
    required: bool = False
    most: int | None = None
    options: Options = ()
    values: Sequence[str] = field(default=(), repr=False)
    fault: str = ""
    entry: str = ""
    """The sort of each entry of several."""
    day: "Input | None" = None
    inputs: Sequence["Input"] = ()
    rows: Sequence[Sequence["Input"]] = ()

    @property
    def value(self) -> str:
        """What was typed, of what has one value."""
        return self.values[0] if self.values else ""

    @property
    def is_open(self) -> bool:
        """Whether a folded part is shown open: it says something, or something in it is wrong."""
        inner = (*self.inputs, *(one for row in self.rows for one in row))
        return bool(self.fault or any(self.values)) or any(one.is_open for one in inner)

    def get(self, name: str) -> "Input":
        """An input of a group, by its last name. Raises KeyError."""
        found = next((one for one in self.inputs if one.name.rpartition(".")[2] == name), None)
        if found is None:
            raise KeyError(name)
        return found


@dataclass(frozen=True)
class Viewer:
    """In: the words, what was typed and what is wrong; which lists get one more entry; messages to choose among.

    `name_of`: the name of what a field of a sort (`authority`, `area`) has as its id.
    """

    t: Words
    form: Form
    faults: Faults = field(default_factory=dict)
    more: Collection[str] = ()
    messages: Mapping[str, Options] = field(default_factory=dict)
    name_of: Callable[[str, str], str] = lambda sort, id: id

    def inputs(self, fields: Sequence[Field], place: str = "") -> list[Input]:
        """Some fields, in their order."""
        return [self._input(one, place + one.name) for one in fields]

    def _input(self, one: Field, place: str) -> Input:
        values = [self.name_of(_sort(one), value) for value in self.form.get(place, ())]
        whole = Input(
            name=place,
            sort=_shown_as(one),
            label=self.text("label", one),
            hint=self.text("hint", one),
            required=one.required,
            most=one.most,
            options=self._options(one, values),
            values=values,
            fault=self._fault(one, place),
        )
        return self._filled(whole, one, place)

    def _filled(self, whole: Input, one: Field, place: str) -> Input:
        parts: dict[str, Any] = {}
        if one.sort == "rows":
            n = self._rows(place) + (place in self.more or (one.required and not self._rows(place)))
            parts["rows"] = [self.inputs(one.fields, f"{place}.{index}.") for index in range(n)]
        elif one.sort == "several":
            entry = self._input(one.fields[0], place)
            parts["values"] = [*whole.values, *([""] if place in self.more or not whole.values else [])]
            parts["hint"] = whole.hint or entry.hint
            parts["entry"] = entry.sort
        elif one.sort == "told":
            day = Field(ON_A_DAY, "day", one.model)
            parts["day"] = self._input(day, f"{place}.{ON_A_DAY}")
        elif one.fields:
            parts["inputs"] = self.inputs(one.fields, f"{place}.")
        return Input(**{**whole.__dict__, **parts})

    def _rows(self, place: str) -> int:
        start = f"{place}."
        indexes = {name.removeprefix(start).partition(".")[0] for name in self.form if name.startswith(start)}
        known = (int(index) + 1 for index in indexes if index.isascii() and index.isdigit())
        return min(max(known, default=0), _MOST_ROWS)

    def _options(self, one: Field, values: Sequence[str]) -> Options:
        if one.sort == "message":  # nobody types an id, and one that is said already stays
            known = self.messages.get(one.name, ())
            others = set(values) - {id for id, _ in known}
            return [*known, *((id, self.t.term("terminal", "an_earlier_message")) for id in others if id)]
        if one.sort == "yes_no":
            return [(word, self.t(f"form.{word}")) for word in ("yes", "no")]
        if one.sort == "told":
            return [(word, self.t(f"form.told.{word}")) for word in _TOLD]
        return [(option, self.word(one.table or "", option)) for option in one.options]

    def word(self, table: str, option: str) -> str:
        """An option in words, with a capital first."""
        base, _, prefix = table.partition("/")
        key = f"{prefix}/{option}" if prefix else option
        text = self.t(f"words.{key}") if base == "words" else self.t.term(base, key)
        return text[:1].upper() + text[1:]

    def text(self, what: str, one: Field) -> str:
        """The label or hint of a field: its own in its model, else that of every field of its name or sort."""
        for key in (f"{one.model}/{one.name}", one.name, *([f"sort/{one.sort}"] if what == "hint" else ())):
            if self.t.has(f"fields.{what}.{key}"):
                return self.t(f"fields.{what}.{key}")
        text = "" if what == "hint" else self.t.term("fields", one.name)
        return text[:1].upper() + text[1:]

    def _fault(self, one: Field, place: str) -> str:
        key = self.faults.get(place)
        label = self.text("label", one)
        return self.fault_text(key, label, one.most) if key else ""

    def fault_text(self, key: str, label: str, most: int | None = None) -> str:
        """What there is to do about a fault."""
        lower = label[:1].lower() + label[1:]
        return self.t(f"fault.{key}", label=lower.rstrip("?"), most=most or "")

    def summary(self, inputs: Sequence[Input]) -> list[tuple[str, str]]:
        """Every fault with the id of its field, in the order of the page; what stands at no field here comes last."""
        told = [(one.name, one.fault) for one in _all(inputs) if one.fault]
        places = {place for place, _ in told}
        rest = [(place, self.fault_text(key, place)) for place, key in self.faults.items() if place not in places]
        return told + rest


def spoken(one: Input) -> str:
    """What a field says, in words; nothing where it says nothing."""
    known = dict(one.options)
    own = [known.get(value, value) for value in one.values if value]
    if one.day is not None and one.day.value:
        own = [one.day.value]
    said = [(part.label, text) for part in one.inputs if (text := spoken(part))]
    inner = [text if one.sort in ("person", "organisation") else f"{label}: {text}" for label, text in said]
    rows = ["; ".join(text for part in row if (text := spoken(part))) for row in one.rows]
    return ", ".join(filter(None, [*own, *inner, *rows]))


def _all(inputs: Sequence[Input]) -> list[Input]:
    found: list[Input] = []
    for one in inputs:
        found.append(one)
        found += [] if one.day is None else [one.day]
        found += _all(one.inputs)
        for row in one.rows:
            found += _all(row)
    return found


def _sort(one: Field) -> str:
    return one.fields[0].sort if one.sort == "several" else one.sort


def _shown_as(one: Field) -> str:
    """Which macro shows it."""
    if one.sort in ("choice", "yes_no"):
        few = len(one.options) <= _RADIOS and (one.required or one.sort == "yes_no")
        return "radios" if few else "select"
    return "select" if one.sort == "message" else one.sort
