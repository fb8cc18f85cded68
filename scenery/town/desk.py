"""Opens the desks of three of the town's authorities, for trying: python -m scenery.town.desk --data DIR."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from agents.agency import Address, Agency, AgencyError, Embedded
from agents.agency.compose import now
from agents.agency.words import Role, Unit
from agents.desk import settings
from agents.desk.command import open_store_of, serve
from agents.desk.rights import rights
from agents.desk.settings import DeskSettings
from agents.desk.store import Person
from broker.cli import journal
from broker.cli.fault_texts import in_swedish
from broker.cli.options import Language
from broker.cli.texts import Lang
from broker.web.faults import SiteError
from broker.web.login import hash_password
from broker.web.serve import listen, until_ended
from scenery.town.people import ELLIOT
from scenery.town.story import FOLDER

_REGISTER = FOLDER / "authorities.json"
_TEXTS = {
    Lang.SV: {
        "open": "{place}: {address}   konto {account}, lösenord {password}",
        "public": "Allmänhetens sida: {address}   utan inloggning",
        "try": "Svara som sara på Polismyndighetens nya begäran, under I dag. Logga sedan in som ali och se svaret.",
        "end": "Avsluta med Ctrl-C.",
    },
    Lang.EN: {
        "open": "{place}: {address}   account {account}, password {password}",
        "public": "The public's page: {address}   without a login",
        "try": "As sara, answer the Police Authority's new request, under Today. Then see the answer as ali.",
        "end": "End with Ctrl-C.",
    },
}


@dataclass(frozen=True)
class Trial:
    """A desk, and who tries it."""

    authority: str
    place: str
    unit: Unit
    role: Role
    account: str
    name: str
    may: str


TRIALS = (
    Trial("kommun-0127", "Botkyrka kommun", "social_services", "caseworker", "sara", "Sara Exempel",
          "read,answer,ask,register"),
    Trial("skola-tallkotten", "Exempelskolan Tallkotten", "school", "rektor", "eva", "Eva Exempel",
          "read,answer,ask,approve,register,admin"),
    Trial("polismyndigheten", "Polismyndigheten", "police_area", "officer", "ali", "Ali Exempel",
          "read,answer,ask,register"),
)  # fmt: skip
"""Those of the town with the most to do."""
INTAKE = "allmanheten"


def open_desks(
    *,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="The town as it was played.")] = Path(
        "samband-data"
    ),
    port: Annotated[
        int, typer.Option("--port", min=1, max=65532, help="Of the first; the others are those after it.")
    ] = 8127,
    lang: Language = Lang.SV,
) -> None:
    """Serve the three desks until it is ended; each time their passwords are new."""
    texts = _TEXTS[lang]
    journal.speak(lang)
    journal.begin("desk")
    try:
        with until_ended():
            desks = [prepare(trial, data, port + n, lang) for n, trial in enumerate(TRIALS)]
            page = prepare_public(data, port + len(TRIALS), lang)
            for desk in (*desks, page):
                listen(desk).close()  # before the passwords of desks that are open already are changed
            ask(data)
            for trial, desk in zip(TRIALS, desks, strict=True):
                shown = {"place": trial.place, "address": desk.address, "account": trial.account}
                typer.echo(texts["open"].format(**shown, password=set_password(trial, desk)))
            typer.echo(texts["public"].format(address=page.address))
            typer.echo(f"{texts['try']}\n{texts['end']}")
            serve([*desks, page])
    except (AgencyError, SiteError) as error:
        typer.echo(f"desk: {in_swedish(str(error)) if lang is Lang.SV else error}", err=True)
        raise typer.Exit(2) from None


def prepare(trial: Trial, data: Path, port: int, lang: Lang) -> DeskSettings:
    """The desk's settings, written where its database and keys are."""
    return _write(data, lang, trial.authority, port, unit=trial.unit, role=trial.role, accounts=True)


def prepare_public(data: Path, port: int, lang: Lang) -> DeskSettings:
    """The public's page, likewise."""
    return _write(data, lang, INTAKE, port, public=True)


def _write(data: Path, lang: Lang, authority: str, port: int, **said: str | bool) -> DeskSettings:
    folder = data.with_name(f"{data.name}-desk") / authority
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "desk.toml"
    values = {
        "authority": authority,
        "data": str(data.resolve()),
        "register": str(_REGISTER.resolve()),
        "address": f"http://127.0.0.1:{port}",
        "lang": str(lang.value),
        "every": 10,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in (values | said).items()]
    file.write_text("\n".join([*lines, ""]), "utf-8")
    return settings.read(file)


def set_password(trial: Trial, desk: DeskSettings) -> str:
    """A new password of the one account."""
    password = secrets.token_urlsafe(9)
    person = Person(trial.name, trial.unit, trial.role, trial.account, rights(trial.may.split(",")))
    with open_store_of(desk) as store:
        with suppress(SiteError):
            store.people.add(person, account=trial.account, password=hash_password(password), lang=desk.lang)
        store.people.set_password(trial.account, hash_password(password))
    return password


def ask(data: Path) -> None:
    """A request of today, once: the town's own are of its autumn, and late. Raises AgencyError."""
    asked = data.with_name(f"{data.name}-desk") / "asked"
    if asked.exists():
        return
    with Agency("polismyndigheten", Embedded(data, _REGISTER), unit="police_area", role="officer") as police:
        police.request(
            Address("kommun-0127", "social_services"),
            ["home_address", "network"],
            purpose="prevent",
            need="Uppgifter tyder på att pojken uppmanas att utföra ett våldsbrott. Vi behöver nå honom.",
            subject=ELLIOT,
            urgency="urgent",
            deadline=now() + timedelta(days=2),
        )
    asked.touch()


if __name__ == "__main__":
    typer.run(open_desks)
