"""The register of authorities: the public ones as package data, others from a user's file.

Gotland is one authority under two codes: registered once, with the other id as an alias. Facts and sources of
the tables stand in README.md beside them.
"""

import csv
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
)

from broker import topics
from broker.authorities.desks import Address, Contact, Contacts, Desk, MoreOf
from broker.authorities.sealing_keys import SealingKey, SealingKeys
from broker.model.faults import SetUpError
from broker.model.shape import broken_rule
from broker.model.signs import is_unseen
from broker.model.vocabulary import Approval, AuthorityKind, Unit

__all__ = [
    "ANONYMOUS",
    "MAX_BYTES",
    "PRIVATE",
    "Address",
    "Authority",
    "Contact",
    "Desk",
    "Located",
    "Register",
    "RegisterError",
    "SealingKey",
    "load",
]

_GOTLAND = ("kommun-0980", "region-09")
_MISSIONS = "utlandsmyndigheterna"
"""A class of authorities, not one: missions are registered by the user, with it as their `principal`."""
_MUNICIPALITY = "kommun-"
_PUBLIC_KINDS = (AuthorityKind.MUNICIPALITY, AuthorityKind.REGION)
_STATE_SCHOOLS = ("sameskolstyrelsen", "specialpedagogiska-skolmyndigheten", "statens-institutionsstyrelse")
"""The state authorities that run schools."""

PRIVATE = "private"
"""Stands as the principal of a school whose principal is no authority."""

ANONYMOUS = "anonymous"
"""Stands where the sender of an anonymous message would: no party has this id."""

MAX_BYTES = 1 << 24
"""Largest register file: some fifty thousand parties."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_JSON = "is not JSON: a register is a list of objects"


class RegisterError(SetUpError, ValueError):
    """The user's register file can't be used; the text says where and what to do."""


class Authority(BaseModel):
    """A party that can send and receive (myndighet eller annan aktör)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(alias="authority", pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")
    name: str = Field(min_length=1, max_length=200)
    kind: AuthorityKind
    principal: str | None = None
    forms: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")], ...] = Field(
        default=(), max_length=20
    )
    approved: Approval | None = None
    works_with_children: bool = False
    contacts: Contacts = ()
    keys: SealingKeys = ()
    also: AuthorityKind | None = Field(default=None, exclude=True)

    @property
    def kinds(self) -> list[str]:
        """Its kind, and for Gotland, which has the tasks of a region too, both."""
        return [self.kind.value] + ([self.also.value] if self.also else [])

    @property
    def private_school(self) -> bool:
        """Whether it is a school whose principal is no authority: what it is in law then depends on its approval."""
        return self.principal == PRIVATE

    @property
    def in_law(self) -> str:
        """The authority that it is in law: a municipal school is its municipality."""
        return self.principal if self.principal and not self.private_school else self.id

    def nameless(self) -> "Authority":
        """Somebody of whom nothing is known but what secrecy there is; an association could be the only one."""
        few = (AuthorityKind.CIVIL_SOCIETY, AuthorityKind.DIGITAL_PLATFORM)
        kind = AuthorityKind.PUBLIC_INTAKE if self.kind in few else self.kind
        return Authority(authority=ANONYMOUS, name=ANONYMOUS, kind=kind)


NOBODY = Authority(authority=ANONYMOUS, name=ANONYMOUS, kind=AuthorityKind.PUBLIC_INTAKE)
"""To whom an acknowledgement goes of a delivery that shows no sender."""


class Located(NamedTuple):
    """Who has an address: an authority, and its desk where it is one's."""

    authority: Authority
    desk: Desk | None

    @property
    def address(self) -> str:
        """The address, under the authority's registered id."""
        return self.desk.address if self.desk else self.authority.id


class Register:
    """All parties by id and alias, and the desks of those that have some."""

    def __init__(
        self,
        authorities: Iterable[Authority],
        aliases: Mapping[str, str],
        areas: Mapping[str, frozenset[str]],
        desks: Iterable[Desk] = (),
    ) -> None:
        self._by_id = {authority.id: authority for authority in authorities}
        self._aliases = dict(aliases)
        self._areas = dict(areas)
        self._desks: dict[str, list[Desk]] = {}
        for desk in desks:
            self._desks.setdefault(desk.authority, []).append(desk)

    def become(self, other: "Register") -> None:
        """Hold what another register holds, for all who hold this one: between two messages, never within one."""
        self._by_id, self._aliases, self._areas = other._by_id, other._aliases, other._areas
        self._desks = other._desks

    def find(self, party: str) -> Authority | None:
        """The authority with this id or alias, or None."""
        return self._by_id.get(self._aliases.get(party, party))

    # --- desks

    def desks(self, party: str) -> list[Desk]:
        """The desks of the authority with this id or alias; of most there are none."""
        return self._desks.get(self._aliases.get(party, party), [])

    def desk(self, party: str, unit: str) -> Desk | None:
        """The desk that a unit lies in; None where it has none."""
        return next((desk for desk in self.desks(party) if unit in desk.units), None)

    def address(self, party: str, unit: str) -> str:
        """The address of an authority's unit: what it sends from, and where what is sent to it lies."""
        desk = self.desk(party, unit)
        return desk.address if desk else self._aliases.get(party, party)

    def locate(self, address: str) -> Located | None:
        """Whose an address is; None where nobody has it."""
        place = Address.read(address)
        authority = self.find(place.authority)
        if authority is None or place.desk is None:
            return Located(authority, None) if authority else None
        desk = next((desk for desk in self.desks(authority.id) if desk.name == place.desk), None)
        return Located(authority, desk) if desk else None

    def standing(self, address: str) -> str:
        """The address, or where its desk is no more, its authority's own."""
        return address if self.locate(address) else Address.read(address).authority

    def addresses(self) -> list[str]:
        """Every address: of each authority its own, and of each of its desks."""
        desks = (desk.address for of_one in self._desks.values() for desk in of_one)
        return [*self._by_id, *desks]

    def contacts(self, party: str, unit: str) -> tuple[Contact, ...]:
        """Whom to call about what lies with this unit: as its desk tells, or else its authority."""
        desk, authority = self.desk(party, unit), self.find(party)
        return (desk.contacts if desk else ()) or (authority.contacts if authority else ())

    def sealing_keys(self, address: str) -> tuple[SealingKey, ...]:
        """The keys of an address, whatever their days: a desk has its own alone."""
        located = self.locate(address)
        if located is None:
            return ()
        return located.desk.keys if located.desk else located.authority.keys

    # --- names and places

    def find_by_name(self, text: str) -> list[Authority]:
        """Those whose name is this text in any case; else those whose name begins so, or has it in it."""
        wanted = text.casefold()
        names = [(party.name.casefold(), party) for party in self] if wanted.strip() else []
        whole = [party for name, party in names if name == wanted]
        begun = [party for name, party in names if name.startswith(wanted)]
        return whole or begun or [party for name, party in names if wanted in name]

    def kind(self, party: str) -> str | None:
        """The kind of the authority with this id or alias, or None."""
        authority = self.find(party)
        return authority.kind.value if authority else None

    def has_area(self, area: str) -> bool:
        """Whether this is the code of a municipality or the id of a police region."""
        return area in self._areas

    def municipalities_in(self, areas: Iterable[str]) -> list[str]:
        """The areas, and for each police region the municipality codes in it."""
        return sorted(set(areas).union(*(self._areas.get(area, frozenset()) for area in areas)))

    def in_law(self, parties: Iterable[str]) -> list[str]:
        """The registered ones of these parties, as authorities in law."""
        return sorted({party.in_law for name in parties if (party := self.find(name)) is not None})

    def municipality_code(self, authority: str) -> str | None:
        """The municipality code in a municipality's id, or None."""
        code = authority.removeprefix(_MUNICIPALITY)
        return code if code in self._areas and authority != code else None

    def __iter__(self) -> Iterator[Authority]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)


def load(extra: Path | None = None, content: bytes | None = None) -> Register:
    """The register: Sweden's authorities and, with `extra`, the parties in a user's JSON file.

    `content`: the file's, where it has been read already. Raises RegisterError with one line when the file can't be
    read or an entry is wrong.
    """
    known = {authority.id: authority for authority in _public()}
    aliases = {_GOTLAND[1]: _GOTLAND[0]}
    names = {_as_read(authority.name) for authority in known.values()}
    rows = _from_file(extra, _read(extra) if content is None else content) if extra else []
    for authority in (row for row in rows if isinstance(row, Authority)):
        if authority.id in (ANONYMOUS, PRIVATE, topics.BROKER):
            raise RegisterError(f"{extra}: {authority.id}: is the broker's own: choose another id")
        if authority.id in known or authority.id in (*_GOTLAND, _MISSIONS):
            raise RegisterError(f"{extra}: {authority.id}: is registered already: choose another id")
        if not _in_latin(authority.name):
            raise RegisterError(f"{extra}: {authority.id}: name: not in Latin letters, as it looks to be")
        if _as_read(authority.name) in names:
            raise RegisterError(f"{extra}: {authority.id}: name: is an authority's own: choose another name")
        principal = aliases.get(authority.principal or "", authority.principal)
        known[authority.id] = authority.model_copy(update={"principal": principal})
    for authority in known.values():
        if why := _unfit(authority, known):
            raise RegisterError(f"{extra}: {authority.id}: {why}")
    try:
        desks = _desks(known, aliases, (row for row in rows if isinstance(row, Desk)))
        _add_more(known, desks, aliases, (row for row in rows if isinstance(row, MoreOf)))
        _keys_are_of_one([*known.values(), *desks.values()])
    except ValueError as error:
        raise RegisterError(f"{extra}: {error}") from None
    return Register(known.values(), aliases, _areas(), desks.values())


def _as_read(name: str) -> str:
    """A name as people tell it from others: without regard to case, width and blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _in_latin(name: str) -> bool:
    """Whether all its letters are Latin: others may look just like them, and a name is what people know a party by."""
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", name))
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def _add_more(
    known: dict[str, Authority], desks: dict[str, Desk], aliases: Mapping[str, str], rows: Iterable[MoreOf]
) -> None:
    """Put contacts and keys on authorities and desks that are registered. Raises ValueError with one line."""
    for row in rows:
        address = str(Address(aliases.get(row.authority, row.authority), row.desk))
        try:
            if row.desk is not None:
                desks[address] = row.added_to(desks[address])
            else:
                known[address] = row.added_to(known[address])
        except KeyError:
            place = "is not registered: a row with contacts or keys alone is of one that is"
            raise ValueError(f"{address}: {place}") from None
        except ValueError as error:
            raise ValueError(f"{address}: {error}") from None


def _keys_are_of_one(parties: Iterable[Authority | Desk]) -> None:
    """A key is one address's alone. Raises ValueError with one line."""
    holders: dict[str, str] = {}
    for party in parties:
        address = party.address if isinstance(party, Desk) else party.id
        for key in party.keys:
            if key.id in holders:
                raise ValueError(f"{address}: keys: {key.id} is given twice: each address has keys of its own")
            holders[key.id] = address


def _desks(known: Mapping[str, Authority], aliases: Mapping[str, str], rows: Iterable[Desk]) -> dict[str, Desk]:
    """Desks by address, under their authorities' registered ids. Raises ValueError with one line."""
    desks: dict[str, Desk] = {}
    placed: set[tuple[str, Unit]] = set()
    for row in rows:
        desk = row.model_copy(update={"authority": aliases.get(row.authority, row.authority)})
        if desk.authority not in known:
            raise ValueError(f"{row.address}: its authority is not registered")
        if desk.address in desks:
            raise ValueError(f"{row.address}: is a desk already: put its units in one row")
        for unit in desk.units:
            if (desk.authority, unit) in placed:
                raise ValueError(f"{row.address}: {unit}: lies in a desk already: a unit lies in one at most")
            placed.add((desk.authority, unit))
        desks[desk.address] = desk
    return desks


def _unfit(authority: Authority, known: Mapping[str, Authority]) -> str:
    """Why it can't be as it says: above all under its principal, which it would be in law; empty when it can."""
    if authority.kind is not AuthorityKind.SCHOOL:
        return _unfit_otherwise(authority)
    if authority.principal is None:
        return "a school needs a principal: a municipality, or private"
    principal = known.get(authority.principal)
    if authority.principal == PRIVATE or (principal and _runs_schools(principal)):
        return ""
    if principal is None:
        return "its principal is not registered"
    return f"its principal runs no schools: a municipality, a region, {', '.join(_STATE_SCHOOLS)}, or private"


def _unfit_otherwise(authority: Authority) -> str:
    """Of another than a school why it can't have what only a school has."""
    if authority.approved is not None:
        return "only a school's principal is approved: leave it out"
    if authority.forms:
        return "only a school has forms: leave them out"
    is_mission = (authority.kind, authority.principal) == (AuthorityKind.STATE_AUTHORITY, _MISSIONS)
    return "" if authority.principal is None or is_mission else "only a school has a principal: leave it out"


def _runs_schools(authority: Authority) -> bool:
    return authority.kind in _PUBLIC_KINDS or authority.id in _STATE_SCHOOLS


def _sort(row: Any) -> str:
    """What a row of the file is: a party, a desk of one, or contacts and keys of one that is registered."""
    names = set(row) if isinstance(row, dict) else set()
    if names & {"contacts", "keys"} and names <= {"authority", "desk", "contacts", "keys"}:
        return "more"
    return "desk" if "desk" in names else "party"


_Row = Annotated[
    Annotated[Authority, Tag("party")] | Annotated[Desk, Tag("desk")] | Annotated[MoreOf, Tag("more")],
    Discriminator(_sort),
]
_FIELDS = sorted(
    {field.alias or name for row in (Authority, Desk, Contact, SealingKey) for name, field in row.model_fields.items()}
    - {"also"}
)
_ROWS: TypeAdapter[list[Authority | Desk | MoreOf]] = TypeAdapter(list[_Row])


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RegisterError(f"{path}: can't be read: {error.strerror}") from None


def _from_file(path: Path, content: bytes) -> list[Authority | Desk | MoreOf]:
    data = content.removeprefix(_BYTE_ORDER_MARK)
    if len(data) > MAX_BYTES:
        raise RegisterError(f"{path}: is larger than 16 MiB: no register is")
    try:
        json.loads(data.decode("utf-8"), object_pairs_hook=_no_key_twice)
        entries = _ROWS.validate_json(data)
    except UnicodeDecodeError:
        raise RegisterError(f"{path}: is not UTF-8: save it so") from None
    except ValidationError as error:
        raise RegisterError(f"{path}: {_first(error)}") from None
    except RegisterError as error:
        raise RegisterError(f"{path}: {error}") from None
    except (RecursionError, ValueError):
        raise RegisterError(f"{path}: {_NO_JSON}") from None
    for entry in (entry for entry in entries if isinstance(entry, Authority)):
        if entry.kind in _PUBLIC_KINDS:
            raise RegisterError(f"{path}: {entry.id}: every {entry.kind.value} is registered already: leave it out")
        if entry.also is not None:
            raise RegisterError(f"{path}: {entry.id}: also: is for Gotland alone: leave it out")
        if entry.name != entry.name.strip() or any(map(is_unseen, entry.name)):
            raise RegisterError(f"{path}: {entry.id}: name: has a blank at an end, or a sign that is not seen")
    return entries


def _first(error: ValidationError) -> str:
    """The first fault in a file: place and rule. The name of an unknown field may be somebody's, and is not told."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return _NO_JSON
    place = [*first["loc"][:1], *first["loc"][2:]]  # what sort of row it is taken for comes between
    text = broken_rule(first)[1]
    if first["type"] == "extra_forbidden":
        name = place[-1]
        near = [] if name in _FIELDS else get_close_matches(str(place.pop())[:60], _FIELDS, n=1)
        text = f"a field that does not belong there{f', nearest is {near[0]}' if near else ''}"
    return f"entry {'.'.join(map(str, place))}: {text}" if first["loc"] else text


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entry = dict(pairs)
    if len(entry) != len(pairs):
        named = entry.get("authority")
        raise RegisterError(f"{named if isinstance(named, str) else '?'}: a field is given twice in one entry")
    return entry


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files(__package__) / name).read_text("utf-8").splitlines()))


def _areas() -> dict[str, frozenset[str]]:
    """Municipality codes, and police regions with the municipalities in them."""
    counties = {row["municipality_code"]: row["county_code"] for row in _rows("municipalities.csv")}
    regions = {
        row["id"]: frozenset(code for code, county in counties.items() if county in row["county_codes"].split(";"))
        for row in _rows("police_regions.csv")
    }
    return {**{code: frozenset[str]() for code in counties}, **regions}


def _public() -> Iterator[Authority]:
    for row in _rows("state_authorities.csv"):
        if row["id"] != _MISSIONS:
            flags = json.loads(row["works_with_children"] or "false")
            yield _one(row["id"], row["name"], AuthorityKind.STATE_AUTHORITY, works_with_children=flags)
    for row in _rows("municipalities.csv"):
        code = f"{_MUNICIPALITY}{row['municipality_code']}"
        also = AuthorityKind.REGION if code == _GOTLAND[0] else None
        yield _one(code, row["name"], AuthorityKind.MUNICIPALITY, also=also)
    for row in _rows("regions.csv"):
        if not row["municipality_code"]:
            yield _one(f"region-{row['region_code']}", row["name"], AuthorityKind.REGION)


def _one(
    party: str,
    name: str,
    kind: AuthorityKind,
    *,
    also: AuthorityKind | None = None,
    works_with_children: bool = False,
) -> Authority:
    return Authority(authority=party, name=name, kind=kind, also=also, works_with_children=works_with_children)
