"""As whom a person works at the terminal: where the broker is, in which unit; from flags, else from a file.

# samband-agency.toml, in the folder where the command is run
as = "Botkyrka kommun"
unit = "socialtjänst"
role = "socialsekreterare"
by = "socialsekreterare"
kafka = "kommun-0127.env"
register = "authorities.json"
sealing = "keys"
"""

import argparse
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from .broker import AgencyError
from .sealing_keys import Sealing
from .texts import LANGUAGES, Texts

FILE = Path("samband-agency.toml")
LANGUAGE = "SAMBAND_LANG"
"""The environment's variable for the language, as for the broker's own command."""
_PATHS = ("embedded", "kafka", "register", "sealing", "state")
_NAMES = ("as", "unit", "role", "by", "officer", "lang", "wait", *_PATHS)
_WAIT = 15.0


@dataclass(frozen=True)
class Settings:
    """What holds for one command."""

    authority: str | None
    lang: str
    wait: float
    register: Path | None
    state: Path
    sealing: Sealing
    _unit: str
    _role: str

    @classmethod
    def of(cls, said: argparse.Namespace) -> "Settings":
        """Flags first, then the file; what the file says is put where the flags are. Raises AgencyError."""
        for name, value in _read(Path(said.settings) if said.settings else FILE, named=bool(said.settings)).items():
            where = "authority" if name == "as" else name
            alone = name not in ("embedded", "kafka") or not (said.embedded or said.kafka)
            if alone and hasattr(said, where) and getattr(said, where) is None:
                setattr(said, where, Path(value) if name in _PATHS else value)
        return cls(
            authority=said.authority,
            lang=said.lang or getattr(said, "spoken", None) or language(()),
            wait=_WAIT if said.wait is None else float(said.wait),
            register=said.register,
            state=said.state or Path("samband-agency.db"),
            sealing=Sealing(said.sealing, said.register),
            _unit=said.unit or "registry",
            _role=said.role or "officer",
        )

    def unit(self, texts: Texts) -> Any:
        """The unit's id. Raises AgencyError."""
        return texts.find("units", self._unit, "--unit")

    def role(self, texts: Texts) -> Any:
        """The role's id. Raises AgencyError."""
        return texts.find("roles", self._role, "--role")


def language(given: Sequence[str]) -> str:
    """The language asked for on the command line, also where that is not to be understood; else the environment's."""
    flags = [word.removeprefix("--lang=") for word in given if word.startswith("--lang=")]
    flags += [word for flag, word in pairwise(given) if flag == "--lang"]
    return next((word for word in (*flags, os.environ.get(LANGUAGE)) if word in LANGUAGES), LANGUAGES[0])


def _read(file: Path, *, named: bool) -> dict[str, Any]:
    if not file.exists() and not named:
        return {}
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AgencyError(f"{file}: can't be read as settings: {type(error).__name__}") from None
    if unknown := sorted(set(values) - set(_NAMES)):
        raise AgencyError(f"{file}: {', '.join(unknown)}: not one of {', '.join(_NAMES)}")
    return values
