"""Opens the auditors' room on the sample town, for trying: python -m scenery.town.review --data DIR."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from broker import authorities
from broker.adapters.files.signing import TokenKey
from broker.cli import journal
from broker.cli.fault_texts import in_swedish
from broker.cli.options import Language, clock
from broker.cli.review import open_pages
from broker.cli.texts import Lang
from broker.model.faults import SetUpError
from broker.review import settings
from broker.review.rights import rights
from broker.review.settings import ReviewSettings
from broker.review.store import open_people
from broker.runtime import tokens
from broker.web.faults import SiteError
from broker.web.login import hash_password
from broker.web.serve import listen, until_ended
from broker.web.user import Person
from scenery.town.story import FOLDER

_REGISTER = FOLDER / "authorities.json"
_TEXTS = {
    Lang.SV: {
        "open": "{name}: {address}   konto {account}, lösenord {password}",
        "end": "Avsluta med Ctrl-C.",
    },
    Lang.EN: {
        "open": "{name}: {address}   account {account}, password {password}",
        "end": "End with Ctrl-C.",
    },
}


@dataclass(frozen=True)
class Trial:
    """Somebody who tries it."""

    account: str
    name: str
    role: str
    may: str


TRIALS = (
    Trial("greta", "Greta Exempel", "auditor", "review,campaign,law"),
    Trial("omar", "Omar Exempel", "operator", "operate"),
)


def open_room(
    *,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="The town as it was played.")] = Path(
        "samband-data"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8137,
    lang: Language = Lang.SV,
) -> None:
    """Serve the room until it is ended; each time the passwords are new."""
    texts = _TEXTS[lang]
    journal.speak(lang)
    journal.begin("review")
    try:
        with until_ended():
            said = prepare(data, port, lang)
            listen(said).close()  # before the passwords of a room that is open already are changed
            for trial in TRIALS:
                password = set_password(trial, said)
                shown = {"name": trial.name, "address": said.address, "account": trial.account}
                typer.echo(texts["open"].format(**shown, password=password))
            typer.echo(texts["end"])
            parties = authorities.load(_REGISTER)
            key = TokenKey(data / "keys" / "token.key", create=False)
            with tokens.serve(said.tokens, tokens.Asked(key, parties, monotonic)):
                open_pages(said)
    except (SiteError, SetUpError) as error:
        typer.echo(f"review: {in_swedish(str(error)) if lang is Lang.SV else error}", err=True)
        raise typer.Exit(2) from None


def prepare(data: Path, port: int, lang: Lang) -> ReviewSettings:
    """The room's settings, written where its database is."""
    folder = data.with_name(f"{data.name}-review")
    (folder / "candidates").mkdir(parents=True, exist_ok=True)
    values = {
        "data": str(data.resolve()),
        "name": "Granskning",
        "register": str(_REGISTER.resolve()),
        "address": f"http://127.0.0.1:{port}",
        "lang": str(lang.value),
        "accounts": True,
        "candidates": "candidates",
    }
    file = folder / "review.toml"
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()), "utf-8")
    return settings.read(file)


def set_password(trial: Trial, said: ReviewSettings) -> str:
    """A new password of an account."""
    password = secrets.token_urlsafe(9)
    person = Person(trial.name, "", trial.role, trial.account, rights(trial.may.split(",")))
    with open_people(said, clock) as people:
        with suppress(SiteError):
            people.add(person, account=trial.account, password=hash_password(password), lang=said.lang)
        people.set_password(trial.account, hash_password(password))
    return password


if __name__ == "__main__":
    typer.run(open_room)
