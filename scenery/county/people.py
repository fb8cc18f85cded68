"""The county's people, all synthetic: birth numbers are 238 and 239, as in test numbers; no message holds a name."""

from datetime import date, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]

_BIRTH_NUMBERS = ("238", "239")
_COORDINATED = 0.03
_RESERVE = 0.02


def _check_digit(nine: str) -> int:
    """The last digit of a personnummer: Luhn over the nine before it, the century left out."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def _years_back(day: date, years: int) -> date:
    """The same day so many years before; 1 March where 29 February is lacking."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _birthday(rng: Random, day: date, ages: tuple[int, int]) -> date:
    """A day of birth such that the age on this day lies between the two, both included."""
    youngest, oldest = ages
    first, last = _years_back(day, oldest + 1) + timedelta(days=1), _years_back(day, youngest)
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def number_subject(rng: Random, born: date, municipality: str, *, coordinated: bool = False, **more: str) -> Json:
    """A subject with a personnummer, or a samordningsnummer, which adds 60 to the day."""
    day = f"{born:%Y%m}{born.day + 60 * coordinated:02}{rng.choice(_BIRTH_NUMBERS)}"
    number = f"{day}{_check_digit(day[2:])}"
    id_type = "samordningsnummer" if coordinated else "personnummer"
    return {"id_type": id_type, "id": number, "municipality": municipality, **more}


def as_written(rng: Random, person: Json) -> str:
    """A person's number as people and their word processors write it."""
    century, day, last = person["id"][:2], person["id"][2:8], person["id"][8:]
    spaced = f"{century}{day[:2]} {day[2:4]} {day[4:]} {last}"
    return rng.choice((f"{century}{day}{last}", f"{day}-{last}", f"{day}\u2013{last}", f"{day}\u00a0{last}", spaced))


def someone(rng: Random, day: date, ages: tuple[int, int], municipality: str, **more: str) -> Json:
    """A person of that age on that day: mostly with a personnummer, now and then a coordination or reserve number."""
    born, lot = _birthday(rng, day, ages), rng.random()
    if lot < _RESERVE:
        number = f"R{municipality[:2]}-{rng.randrange(10**6):06}"
        return {
            "id_type": "reserve",
            "id": number,
            "id_issuer": f"region-{municipality[:2]}",
            "birth_date": born.isoformat(),
            "municipality": municipality,
            **more,
        }
    return number_subject(rng, born, municipality, coordinated=lot < _RESERVE + _COORDINATED, **more)


def of_unknown_age(rng: Random) -> Json:
    """A person of whom no age is known: a reserve number alone, or nothing at all."""
    if rng.random() < 0.5:
        return {"id_type": "unknown"}
    return {"id_type": "reserve", "id": f"R99-{rng.randrange(10**6):06}"}


def company(rng: Random) -> Json:
    """An organisation with a made-up number and a right check digit."""
    nine = f"99{rng.randrange(2 * 10**6, 10**7):07}"
    return {"orgnr": f"{nine}{_check_digit(nine)}", "name": f"Exempelbolaget {rng.randrange(10**4):04} AB"}
