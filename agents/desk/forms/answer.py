"""One category of a request: what was said on its page becomes the messages that answer it.

The page's own form is what is kept of an unfinished answer. Its names: `way`; of each piece of information `i.<n>.`
with `content`, `content_type`, `secrecy`, `other`, `none`, `why_none` and a question's answer `w.<ground>.<test>`;
`reason`, `by`, `by_other`; `ref`, `ref_other`, `text`; `question`; `why_later`, `expected`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.agency.broker import Json
from agents.agency.drafts import omit_empty
from agents.agency.words import has_words
from agents.desk.forms.fields import fields_of
from agents.desk.forms.questions import Way, assessments, no_provision
from agents.desk.forms.reading import Faults, Form, check, read_fields, reference

WAYS = ("give", "part", "refuse", "not_held", "cannot_say", "ask_back", "later")
"""What can be said of a category; its messages: an item, an item with a refusal of the rest, refusals, a question back,
an interim answer."""
GIVEN = ("give", "part")
REFUSED = ("refuse", "part")
_TEXTS = ("content", "content_type", "why_none")
ONE = ("way", "reason", "by", "by_other", "ref", "ref_other", "text", "question", "why_later", "expected")
"""Names of a page's form that have one value, whatever is given."""
_OTHER = "other"


@dataclass(frozen=True)
class Piece:
    """A piece of information that is given, with the secrecy that applies to all of it."""

    content: str = field(default="", repr=False)
    content_type: str = ""
    secrecy: tuple[str, ...] = ()
    none: bool = False
    why_none: str = field(default="", repr=False)
    weighed: Mapping[str, str] = field(default_factory=dict)
    """The answer to each question, by its name."""


@dataclass(frozen=True)
class Answer:
    """What is said of one category."""

    category: str
    way: str = ""
    pieces: tuple[Piece, ...] = (Piece(),)
    reason: str = field(default="", repr=False)
    by: str = ""
    ref: str = ""
    text: str = field(default="", repr=False)
    question: str = field(default="", repr=False)
    why_later: str = field(default="", repr=False)
    expected: str = ""

    def split(self) -> "Answer":
        """With one more piece, for what is under another secrecy."""
        return replace(self, pieces=(*self.pieces, Piece()))

    def without(self, n: int) -> "Answer":
        """Without one of several pieces."""
        kept = tuple(piece for index, piece in enumerate(self.pieces) if index != n)
        return replace(self, pieces=kept) if kept else self


@dataclass(frozen=True)
class Reply:
    """A message that answers: its kind and its body."""

    kind: str
    body: Json = field(repr=False)


def read_answer(category: str, form: Form) -> Answer:
    """What a page's form says."""
    said = {name: _one(form, name) for name in ONE}
    by = said.pop("by_other") if said["by"] in ("", _OTHER) else said["by"]
    ref = said.pop("ref_other") if said["ref"] in ("", _OTHER) else said["ref"]
    said = {name: text for name, text in said.items() if not name.endswith("_other")}
    pieces = tuple(_piece(form, n) for n in _numbers(form)) or (Piece(),)
    return Answer(category, **{**said, "by": by.strip(), "ref": reference(ref.strip())}, pieces=pieces)


def _numbers(form: Form) -> list[int]:
    parts = (name.split(".") for name in form if name.startswith("i."))
    return sorted({int(part[1]) for part in parts if len(part) > 2 and part[1].isascii() and part[1].isdigit()})


def _piece(form: Form, n: int) -> Piece:
    start = f"i.{n}."
    texts = {name: _one(form, start + name) for name in _TEXTS}
    refs = [*form.get(f"{start}secrecy", ()), *form.get(f"{start}other", ())]
    weighed = {
        name.removeprefix(f"{start}w."): values[-1]
        for name, values in form.items()
        if name.startswith(f"{start}w.") and values
    }
    secrecy = tuple(dict.fromkeys(reference(ref.strip()) for one in refs for ref in one.split(",") if ref.strip()))
    return Piece(**texts, secrecy=secrecy, none="yes" in form.get(f"{start}none", ()), weighed=weighed)


def _one(form: Form, name: str) -> str:
    values = form.get(name) or ("",)
    return values[-1].replace("\r\n", "\n").replace("\r", "\n")


def replies(answer: Answer, ways: Sequence[Sequence[Way]], request: Json) -> list[Reply]:
    """The messages that it becomes, whatever lacks. `ways`: of each piece; `request`: the body of what is answered."""
    said: list[Reply] = []
    if answer.way in GIVEN:
        about = {name: request[name] for name in ("subject", "organisation") if request.get(name)}
        items = [_item(answer, piece, own) for piece, own in zip(answer.pieces, ways, strict=True)]
        said.append(Reply("Disclosure", about | {"items": items}))
    if answer.way in REFUSED:
        own = [way for one in ways[:1] for way in one if way.ref == answer.ref]
        weighed = assessments(own, answer.pieces[0].weighed, by=answer.by, reason=answer.reason)
        rest = omit_empty(ref=answer.ref, text=answer.text, assessments=weighed)
        said.append(Reply("Refusal", {"categories": [answer.category], "reason": "withheld"} | rest))
    if answer.way in ("not_held", "cannot_say"):
        rest = omit_empty(text=answer.text)
        said.append(Reply("Refusal", {"categories": [answer.category], "reason": answer.way} | rest))
    if answer.way == "ask_back":
        said.append(Reply("Clarification", {"text": answer.question}))
    if answer.way == "later":
        expected = read_fields(fields_of("Interim"), {"expected": [answer.expected]})
        said.append(Reply("Interim", {"text": answer.why_later} | expected))
    return said


def _item(answer: Answer, piece: Piece, ways: Sequence[Way]) -> Json:
    weighed = assessments(ways, piece.weighed, by=answer.by, reason=answer.reason)
    if piece.none and not piece.secrecy:
        weighed.append(no_provision(by=answer.by, reason=piece.why_none))
    content: Json = {"category": answer.category, "content": piece.content}
    return content | omit_empty(content_type=piece.content_type, secrecy=piece.secrecy, assessments=weighed)


def faults(answer: Answer, ways: Sequence[Sequence[Way]], request: Json) -> Faults:
    """What is to be mended before it can be sent, at the fields of the page: first what nobody has said."""
    lacking = dict(_lacking(answer, ways))
    if lacking:
        return lacking
    wrong = {
        _place(reply, place): key
        for reply in replies(answer, ways, request)
        for place, key in check(reply.kind, reply.body).items()
    }
    return wrong


def _lacking(answer: Answer, ways: Sequence[Sequence[Way]]) -> list[tuple[str, str]]:
    if answer.way not in WAYS:
        return [("way", "way")]
    lacks: list[tuple[str, str]] = []
    if answer.way in GIVEN:
        for n, (piece, own) in enumerate(zip(answer.pieces, ways, strict=True)):
            lacks += [(f"i.{n}.{name}", key) for name, key in _lacking_of(piece, own)]
    if answer.way in REFUSED:
        lacks += [("ref", "ref")] if not answer.ref else []
        lacks += [("text", "decision")] if not has_words(answer.text) else []
    weighs = answer.way in GIVEN + REFUSED and any(_weighed(piece) for piece in answer.pieces)
    if weighs and not has_words(answer.reason):
        lacks.append(("reason", "reason"))
    if (
        not has_words(answer.by)
        and (weighs or any(piece.none for piece in answer.pieces))
        and answer.way in GIVEN + REFUSED
    ):
        lacks.append(("by", "by"))
    if answer.way == "ask_back" and not has_words(answer.question):
        lacks.append(("question", "question"))
    if answer.way == "later" and not has_words(answer.why_later):
        lacks.append(("why_later", "why_later"))
    return lacks


def _weighed(piece: Piece) -> bool:
    return any(answer in ("yes", "no") for answer in piece.weighed.values())


def _lacking_of(piece: Piece, ways: Sequence[Way]) -> list[tuple[str, str]]:
    lacks: list[tuple[str, str]] = []
    if not piece.content.strip():
        lacks.append(("content", "content"))
    if piece.none and piece.secrecy:
        lacks.append(("secrecy", "both_secrecies"))
    elif piece.none and not has_words(piece.why_none):
        lacks.append(("why_none", "why_none"))
    elif not piece.none and not piece.secrecy:
        lacks.append(("secrecy", "which_secrecy"))
    asking = [way for way in ways if way.questions]
    if asking and len(asking) == len(ways) and not any(way.is_chosen(piece.weighed) for way in asking):
        open_ = next(q for q in asking[0].questions if q.name not in piece.weighed)
        lacks.append((f"w.{open_.name}", "unanswered"))
    return lacks


def _place(reply: Reply, place: str) -> str:
    """Where the page has what the contract calls so."""
    parts = place.split(".")
    if reply.kind == "Disclosure" and parts[0] == "items" and len(parts) > 1:
        name = parts[2] if len(parts) > 2 else "content"
        return {"assessments": "by"}.get(name, f"i.{parts[1]}.{name}")
    return {
        ("Refusal", "assessments"): "by",
        ("Clarification", "text"): "question",
        ("Interim", "text"): "why_later",
    }.get((reply.kind, parts[0]), parts[0])
