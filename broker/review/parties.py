"""Finds the authority that somebody means: by id, by name, by how the name begins."""

from broker.authorities import ANONYMOUS, Register
from broker.review.words import Words


class Unknown(Exception):
    """There is none, or several: not told here which."""


def find_party(parties: Register, t: Words, said: str) -> str:
    """The id of an authority, with a unit's after a slash where one was named. Raises Unknown.

    In: `kommun-0127`, `kommun-0127/social_services`, `Botkyrka kommun`, `Botkyrka, socialtjänsten`.
    """
    name, _, unit = said.partition("/") if "/" in said else said.partition(",")
    authority = _authority(parties, name.strip())
    return f"{authority}/{_unit(t, unit.strip())}" if unit.strip() else authority


def _authority(parties: Register, said: str) -> str:
    if said == ANONYMOUS:
        return said
    if party := parties.find(said):
        return party.id
    fits = parties.find_by_name(said)
    if len(fits) != 1:
        raise Unknown
    return fits[0].id


def _unit(t: Words, said: str) -> str:
    units = dict(t.options("units"))
    word = said.casefold()
    fits = [id for id, name in units.items() if word in (id, name.casefold())]
    fits = fits or [id for id, name in units.items() if name.casefold().startswith(word)]
    if len(fits) != 1:
        raise Unknown
    return fits[0]
