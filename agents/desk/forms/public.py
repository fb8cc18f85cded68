"""What a visitor of the public's page has typed, as a message: a tip, a concern, a channel that recruits."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache

from agents.agency import Address, Draft, Json
from agents.agency.drafts import number, person
from agents.agency.texts import municipalities
from agents.desk.texts import Words
from broker.model.identity import IdentityError, birth_of

ABOUT = ("brott", "oro", "kanal")
YES, NO = "ja", "nej"
NONE_OF_THEM = "ingen"
"""Said where several municipalities could be meant: what was typed goes along as it is."""
LONGEST = {"text": 15_000, "kommun": 100, "barn": 100, "kanal": 2_000, "plattform": 100}
"""Characters of each field that is typed in."""
_CHANNELS = 20
_FEW = 6
_POLICE = "polismyndigheten"
_HIDDEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF)))
"""What turns the direction of a line or is not seen: text can't be made to read as another."""


@dataclass(frozen=True)
class Told:
    """What somebody has told. Nothing of it says who."""

    about: str
    text: str = field(repr=False)
    anonymous: bool
    place: str = field(default="", repr=False)
    """What was typed as municipality, where it is none that is known."""
    municipality: str | None = None
    child: Json = field(default_factory=dict, repr=False)
    """The child's number or day of birth, where it is known."""
    age: str = field(default="", repr=False)
    """What was typed of it."""
    channels: tuple[str, ...] = field(default=(), repr=False)
    platform: str = field(default="", repr=False)
    closed: bool = False


@dataclass(frozen=True)
class Read:
    """A form that has been read: what was told, or what is wrong at which fields, by the names of texts."""

    told: Told | None
    faults: Mapping[str, str]
    meant: Mapping[str, str] = field(default_factory=dict)
    """Municipalities that may be meant, by code."""


def clean(value: str) -> str:
    """Text without what steers a terminal or turns a line; lines end in one way."""
    plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in plain if sign in "\n\t" or not _is_hidden(sign)).strip()


def _is_hidden(sign: str) -> bool:
    return sign in _HIDDEN or unicodedata.category(sign) in ("Cc", "Cs")


def read(form: Mapping[str, str], today: date) -> Read:
    """In: the fields as they are typed, cleaned; the day."""
    about, text, place = form.get("om", ""), form.get("text", ""), form.get("kommun", "")
    channels = tuple(line.strip() for line in form.get("kanal", "").splitlines() if line.strip())
    is_channel = about == "kanal"
    faults = {name: "long" for name, most in LONGEST.items() if len(form.get(name, "")) > most}
    if about not in ABOUT:
        faults["om"] = "about"
    if is_channel and not channels:
        faults["kanal"] = "channel"
    if len(channels) > _CHANNELS:
        faults["kanal"] = "channels"
    if not text and not is_channel:
        faults["text"] = "text"
    if form.get("anonym") not in (YES, NO):
        faults["anonym"] = "anonymous"
    code, meant = _municipality(place, form.get("kommun_val", "")) if "kommun" not in faults else (None, {})
    if meant:
        faults["kommun"] = "municipality"
    if faults:
        return Read(None, faults, meant)
    said = form.get("barn", "")
    child = _child(said, today)
    told = Told(
        about=about,
        text=text,
        anonymous=form["anonym"] == YES,
        place="" if code else place,
        municipality=code,
        child=child,
        age=said,
        channels=channels,
        platform=form.get("plattform", ""),
        closed=form.get("sluten") == YES,
    )
    return Read(told, {})


def _child(said: str, today: date) -> Json:
    """The child by its number or its day of birth, with or without the century; empty where neither can be read."""
    digits = "".join(sign for sign in said if sign not in " -+./")
    if not (digits.isascii() and digits.isdigit()):
        return {}
    digits = f"20{digits}" if len(digits) in (6, 10) else digits
    try:
        if known := number(digits):
            birth_of(known[0], coordination=known[1] == "samordningsnummer")
            return person(known[0], id_type=known[1])
        born = date.fromisoformat(digits) if len(digits) == 8 else None
    except (IdentityError, ValueError):
        return {}
    return person(birth_date=born) if born and born <= today else {}


def _municipality(said: str, chosen: str) -> tuple[str | None, Mapping[str, str]]:
    """The code of the municipality that is meant; where it is not certain, those that may be."""
    word = _word(said)
    if not word:
        return None, {}
    known = _known()
    if code := known.get(word) or known.get(f"{word}s"):
        return code, {}
    begins = [name for name in known if name.startswith(word)] if len(word) > 2 else []
    near = dict.fromkeys([*begins, *get_close_matches(word, known, n=_FEW, cutoff=0.7)])
    names = municipalities()
    meant = {known[name]: names[known[name]] for name in list(near)[:_FEW]}
    if chosen in meant:
        return chosen, {}
    return (None, {}) if chosen == NONE_OF_THEM else (None, meant)


def _word(name: str) -> str:
    words = name.casefold().replace("-", " ").split()
    return " ".join(word for word in words if word not in ("kommun", "kommunen", "stad", "municipality"))


@cache
def _known() -> Mapping[str, str]:
    return {_word(name): code for code, name in municipalities().items()}


def drafts_of(told: Told, t: Words) -> list[Draft]:
    """The message, and a tip that goes instead should the law not let it go. In: the words of its readers.

    A concern whose child or municipality is not known goes to the police, who pass it on: nothing is lost for want of
    an address.
    """
    tip = _tip(told, t)
    if told.about == "kanal":
        return [Draft("ChannelReport", tip.to, _channel(told, t)), tip]
    if told.about == "oro" and told.child and told.municipality:
        board = Address(f"kommun-{told.municipality}", "social_services")
        subject = told.child | {"municipality": told.municipality}
        body = {"subject": subject, "concerns": ["other"], "text": _text(told, [_channel_lines(told, t)])}
        return [Draft("ConcernNotification", board, body | _anonymous(told)), tip]
    return [tip]


def _tip(told: Told, t: Words) -> Draft:
    area = told.municipality
    before = t("public.lines.concern") if told.about == "oro" else ""
    said = [_place_line(told, t), _age_line(told, t), _channel_lines(told, t)]
    body = {"text": _text(told, said, before)} | _anonymous(told)
    return Draft("Tip", Address(_POLICE, "police_area" if area else "registry", area), body)


def _anonymous(told: Told) -> Json:
    return {"anonymous": True} if told.anonymous else {}


def _channel(told: Told, t: Words) -> Json:
    body: Json = {"locators": list(told.channels), "platform": told.platform or t("public.lines.no_platform")}
    if told.closed:
        body["closed_chat"] = True
    if text := _text(told, [_place_line(told, t), _age_line(told, t)]):
        body["text"] = text
    return body


def _text(told: Told, lines: Sequence[Sequence[str]], before: str = "") -> str:
    """What was told, as it was written; what has no field of its own stands on lines before and after."""
    after = "\n".join(line for some in lines for line in some)
    return "\n\n".join(part for part in (before, told.text, after) if part)


def _place_line(told: Told, t: Words) -> list[str]:
    return [t("public.lines.place", place=told.place)] if told.place else []


def _age_line(told: Told, t: Words) -> list[str]:
    return [t("public.lines.child", child=told.age)] if told.age else []


def _channel_lines(told: Told, t: Words) -> list[str]:
    lines = [t("public.lines.channel", channel=channel) for channel in told.channels]
    lines += [t("public.lines.platform", platform=told.platform)] if told.platform else []
    return [*lines, t("public.lines.closed")] if told.closed else lines
