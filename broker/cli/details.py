"""Why a line could not be used, in Swedish: one text for each English one that a receipt or record holds.

Receipts and records keep the English, which is stable; people are told in their own language.
"""

import re
from functools import cache

from broker.faults import BETWEEN

DETAILS = {
    "is required": "måste anges",
    "and more": "med mera",
    "is not valid": "är inte giltigt",
    "must be text": "måste vara text",
    "must be true or false": "måste vara true eller false",
    "must be a whole number": "måste vara ett heltal",
    "must be a list": "måste vara en lista",
    "must be an object": "måste vara ett objekt",
    "must not be empty": "får inte vara tomt",
    "must have at least {} entries": "måste ha minst {} poster",
    "must have at most {} entries": "får ha högst {} poster",
    "must have at most {} characters": "får ha högst {} tecken",
    "must be at least {}": "måste vara minst {}",
    "must be at most {}": "får vara högst {}",
    "must be a UUID of version 7": "måste vara ett UUID av version 7",
    "must be a UUID in lower case": "måste vara ett UUID med små bokstäver",
    "must be a time, RFC 3339 text": "måste vara en tidpunkt, text enligt RFC 3339",
    "must be a time, RFC 3339 text, or a day, YYYY-MM-DD": (
        "måste vara en tidpunkt, text enligt RFC 3339, eller en dag, ÅÅÅÅ-MM-DD"
    ),
    "must be a day, YYYY-MM-DD": "måste vara en dag, ÅÅÅÅ-MM-DD",
    "must have a zone, for example {}": "måste ha en tidszon, till exempel {}",
    "must lie in the years {}": "måste ligga inom åren {}",
    "must be written {}": "ska skrivas {}",
    "must be {}": "måste vara {}",
    "is not of the form that the contract gives": "har inte den form som avtalet anger",
    "has happened, but lies after the message's day": "har hänt, men ligger efter meddelandets dag",
    "a field that is not in the contract for {}, nearest is {}": (
        "ett fält som inte finns i avtalet för {}; närmast är {}"
    ),
    "a field that is not in the contract for {}": "ett fält som inte finns i avtalet för {}",
    "not written as a statutory reference, for example '{}' or '{}'": (
        "inte skrivet som en författningshänvisning, till exempel ”{}” eller ”{}”"
    ),
    "id must be given, except for id_type unknown, where it is null": (
        "id måste anges, utom för id_type unknown, där det är null"
    ),
    "id_issuer says who gave a reserve number: other ids have none": (
        "id_issuer säger vem som gett ett reservnummer: andra id har ingen"
    ),
    "1-100 of A-Z a-z 0-9 ÅÄÖ åäö : . _ / and -, with no blank": (
        "1-100 tecken av A-Z a-z 0-9 ÅÄÖ åäö : . _ / och -, utan blanksteg"
    ),
    "nothing is recorded under this one": "inget är registrerat under detta",
    "must not begin or end with a blank": "får inte börja eller sluta med blanksteg",
    "must have no sign that can't be seen": "får inte ha tecken som inte syns",
    "must be a function, never a person": "måste vara en befattning, aldrig en person",
    "id must be 12 digits": "id måste vara 12 siffror",
    "id not the sort of number that id_type says": "id är inte det slags nummer som id_type anger",
    "id wrong check digit or day": "id har fel kontrollsiffra eller dag",
    "birth_date differs from the id": "birth_date stämmer inte med id",
    "orgnr must be 10 digits with a right check digit": "orgnr måste vara 10 siffror med rätt kontrollsiffra",
    "orgnr has a third digit below 2, so it is a person's number: name the person as subject": (
        "orgnr har en tredje siffra under 2 och är alltså en persons nummer: ange personen som subject"
    ),
    "no_provision_applies must have a reason, in words": "no_provision_applies måste ha ett skäl, i ord",
    "two different answers to one test": "två olika svar på samma prövning",
    "no_provision_applies is answered on each item by itself, not for the message": (
        "no_provision_applies besvaras för varje uppgift för sig, inte för meddelandet"
    ),
    "names a secrecy provision, and says that no provision applies": (
        "anger en sekretessbestämmelse och säger att ingen är tillämplig"
    ),
    "must not have both a subject and an organisation": "får inte ha både subject och organisation",
    "must have a subject or an organisation, and not both": "måste ha subject eller organisation, inte båda",
    "handed_at is before taken_at": "handed_at ligger före taken_at",
    "valid_until is before valid_from": "valid_until ligger före valid_from",
    "larger than 1 MiB: send the content in several messages": "större än 1 MiB: sänd innehållet i flera meddelanden",
    "larger than 1 MiB": "större än 1 MiB",
    "not UTF-8: write the file as UTF-8": "inte UTF-8: spara filen som UTF-8",
    "not UTF-8": "inte UTF-8",
    "half a surrogate pair in a text: write the character itself": (
        "ett halvt surrogatpar i en text: skriv själva tecknet"
    ),
    "not JSON, at character {}: one message a line": "inte JSON, vid tecken {}: ett meddelande per rad",
    "not JSON: a number too long, NaN or Infinity": "inte JSON: ett för långt tal, NaN eller Infinity",
    "not a JSON object: a message is an object with id, kind, sender …": (
        "inte ett JSON-objekt: ett meddelande är ett objekt med id, kind, sender …"
    ),
    "an object has more fields than any in the contract": "ett objekt har fler fält än något i avtalet",
    "a field is given twice in one object": "ett fält står två gånger i ett objekt",
    "nested too deeply: no message is": "för djupt nästlat: det är inget meddelande",
    "must be one of the {} kinds of the contract: see schemas/avro/": (
        "måste vara ett av avtalets {} slag: se schemas/avro/"
    ),
    "is not the authority that sends": "är inte den myndighet som sänder",
    "has no inbox at this broker": "har ingen inkorg hos denna förmedlare",
    "has no inbox": "har ingen inkorg",
    "differs more than 5 minutes from the broker's clock": "skiljer mer än 5 minuter från förmedlarens klocka",
    "is not in the register: add it to the file of --register": (
        "finns inte i registret: lägg till den i filen till --register"
    ),
    "is no municipality code and no police region's id": "är varken en kommunkod eller en polisregions id",
    "is not a ground of the contract": "är ingen grund i avtalet",
    "taken by another message of this sender: use a new id": (
        "taget av ett annat meddelande från samma avsändare: använd ett nytt id"
    ),
    "names no request that was delivered to this sender, from this recipient, on the same subject": (
        "anger ingen begäran som har lämnats till avsändaren från denna mottagare om samma person eller organisation"
    ),
    "names more items and persons than are decided at once: send it in parts": (
        "anger fler uppgifter och personer än som avgörs på en gång: sänd det i delar"
    ),
    "taken by another notice": "taget av ett annat besked",
    "the law could not be asked: redrive it later": "lagen kunde inte tillfrågas: kör om raden senare",
    "this sort of sender may not send {}": "detta slags avsändare får inte sända {}",
    "a registration goes to the own authority": "en registrering går till den egna myndigheten",
    "bytes are left over": "bytes blir över",
    "cut off": "avhugget",
    "an index outside the union": "ett index utanför unionen",
    "an index outside the enum": "ett index utanför uppräkningen",
    "a list must be written in one block, without its size": "en lista ska skrivas i ett block, utan sin storlek",
    "outside the years that can be counted": "utanför de år som kan räknas",
    "a boolean must be 0 or 1": "ett booleskt värde måste vara 0 eller 1",
    "a negative length": "en negativ längd",
    "too large a number": "ett för stort tal",
    "a number must be written in its shortest form": "ett tal ska skrivas i sin kortaste form",
    "must begin with C3 01, the mark of Avro single-object encoding": (
        "måste börja med C3 01, märket för Avro single-object encoding"
    ),
    "the fingerprint is of no schema known here": "fingeravtrycket hör till inget schema som är känt här",
    "not in the canonical form": "inte i kanonisk form",
    "can't be decoded": "kan inte avkodas",
}
"""English text -> Swedish text; `{}` stands for the same part in both."""

_PLACE = re.compile(r"(?P<place>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*): (?P<text>.*)", re.DOTALL)


def in_swedish(detail: str) -> str:
    """A detail in Swedish, fault by fault; what has no Swedish text stays as it is."""
    return BETWEEN.join(_one(fault) for fault in detail.split(BETWEEN))


def _one(fault: str) -> str:
    placed = _PLACE.fullmatch(fault)
    if placed is None:
        return _said(fault) or fault
    return _said(fault) or f"{placed['place']}: {_said(placed['text']) or placed['text']}"


def _said(text: str) -> str | None:
    for english, swedish in _patterns():
        match = english.fullmatch(text)
        if match:
            return swedish.format(*match.groups()).replace("' or '", "' eller '")
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each English text as a pattern; those that leave most open come last."""
    parts = sorted(DETAILS.items(), key=lambda both: (both[0].count("{}"), -len(both[0])))
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), swedish)
        for english, swedish in parts
    ]
