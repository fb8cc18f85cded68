"""The command that shows the registers: authorities, consents, agreements, open requests."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from broker import authorities
from broker.adapters import archive as archives
from broker.adapters.archive import Archive
from broker.authorities import Register
from broker.cli import rendering, vocabulary_terms
from broker.cli.options import HERE, AsJson, Data, Language, RegisterFile, clock
from broker.cli.output import Output
from broker.cli.texts import Lang, Words
from broker.cooperation import NO_END
from broker.decision import Json
from broker.facts import as_number, swedish_day
from broker.vocabulary import AuthorityKind

app = typer.Typer(help="What the broker knows: authorities, consents, agreements, requests.", rich_markup_mode=None)


class Which(StrEnum):
    """A register."""

    AUTHORITIES = "authorities"
    CONSENTS = "consents"
    AGREEMENTS = "agreements"
    REQUESTS = "requests"


@app.callback()
def registers() -> None:
    """What the broker knows: authorities, consents, agreements, requests."""


@app.command("show")
def register_show(
    which: Annotated[Which, typer.Argument(help="Which register.")] = Which.AUTHORITIES,
    *,
    data: Data = HERE,
    register: RegisterFile = None,
    kind: Annotated[AuthorityKind | None, typer.Option(help="Only authorities of this kind.")] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show a register. Persons, consents and agreements stand as tokens; requests are those still open."""
    output = Output(lang, as_json=as_json)
    rows = _rows(which, data, authorities.load(register), kind)
    if as_json:
        for row in rows:
            output.line(row)
    else:
        output.show(_DRAWN[which](output.words, rows))
    output.flush()


def _rows(which: Which, data: Path, register: Register, kind: AuthorityKind | None) -> list[Json]:
    if which is Which.AUTHORITIES:
        return [_authority(party) for party in register if kind is None or kind.value in party.kinds]
    today = as_number(swedish_day(clock()))
    with archives.opened(data) as archive:
        if which is Which.CONSENTS:
            return list(_consents(archive, today))
        if which is Which.AGREEMENTS:
            return list(_agreements(archive, today))
        return list(_requests(archive))


def _authority(party: authorities.Authority) -> Json:
    return {
        "authority": party.id,
        "name": party.name,
        "kinds": party.kinds,
        "principal": party.principal,
        "works_with_children": party.works_with_children,
    }


def _consents(archive: Archive, today: int) -> Iterator[Json]:
    for row in archive.consents():
        state = "withdrawn" if row.withdrawn is not None else "replaced" if row.replaced is not None else None
        yield {
            "seq": row.seq,
            "authority": row.authority,
            "consent": row.consent,
            "subject": row.subject,
            **row.facts,
            "state": state or _state(row.facts, today),
        }


def _agreements(archive: Archive, today: int) -> Iterator[Json]:
    for (agreement, _), rows in groupby(archive.agreements(), key=attrgetter("agreement", "body")):
        confirmed = list(rows)
        facts = confirmed[0].facts
        parties = sorted({row.party for row in confirmed})
        state = _state(facts, today) if len(parties) > 1 else "one_party"
        yield {"agreement": agreement, "parties": parties, **facts, "state": state}


def _requests(archive: Archive) -> Iterator[Json]:
    for row in archive.open_requests():
        names = ("seq", "time", "message", "sender", "recipient", "purpose", "categories")
        yield {name: getattr(row, name) for name in names}


def _state(facts: Json, today: int) -> str:
    if today < facts["valid_from"]:
        return "not_yet"
    return "in_force" if today <= facts["valid_until"] else "ended"


# --- for people


def _draw_authorities(words: Words, rows: Iterable[Json]) -> RenderableType:
    made = rendering.table(words("id"), words("name"), words("kind"), words("principal"), whole=(0,), style=("bold",))
    for row in rows:
        kinds = ", ".join(words.term(vocabulary_terms.AUTHORITY_KINDS, kind) for kind in row["kinds"])
        made.add_row(row["authority"], row["name"], kinds, row["principal"] or "")
    return _or_nothing(words, made)


def _draw_consents(words: Words, rows: Iterable[Json]) -> RenderableType:
    columns = ("number", "consent", "parties_of", "categories", "valid")
    made = rendering.table(*map(words, columns), right=(0,), whole=(0, 1, 2, 4))
    for row in rows:
        programme = words.term(vocabulary_terms.PROGRAMMES, row["programme"])
        tokens = f"{rendering.short(row['consent'])}\n{words('subject')} {rendering.short(row['subject'])}"
        made.add_row(
            str(row["seq"]),
            Text.assemble(row["authority"], f"\n{programme}\n", (tokens, "dim")),
            "\n".join(row["parties"]),
            _categories(words, row),
            _valid(words, row),
        )
    return _or_nothing(words, made)


def _draw_agreements(words: Words, rows: Iterable[Json]) -> RenderableType:
    columns = ("agreement", "parties_of", "purposes", "valid")
    made = rendering.table(*map(words, columns), whole=(0, 1, 3))
    for row in rows:
        programme = words.term(vocabulary_terms.PROGRAMMES, row["programme"])
        made.add_row(
            Text.assemble(programme, (f"\n{rendering.short(row['agreement'])}", "dim")),
            "\n".join(row["parties"]),
            "\n".join(words.term(vocabulary_terms.PURPOSES, purpose) for purpose in row["purposes"]),
            _valid(words, row),
        )
    return _or_nothing(words, made)


def _draw_requests(words: Words, rows: Iterable[Json]) -> RenderableType:
    columns = ("number", "message", "parties", "categories")
    made = rendering.table(*map(words, columns), right=(0,), whole=(1, 2))
    for row in rows:
        purpose = words.term(vocabulary_terms.PURPOSES, row["purpose"])
        made.add_row(
            str(row["seq"]),
            Text.assemble(rendering.moment(row["time"]), (f"\n{row['message']}", "dim")),
            rendering.between(row["sender"], row["recipient"]),
            Text.assemble(_categories(words, row), (f"\n{purpose}", "dim")),
        )
    return _or_nothing(words, made)


def _or_nothing(words: Words, made: Table) -> RenderableType:
    return made if made.row_count else Text(words("nothing"), style="dim")


def _categories(words: Words, row: Json) -> str:
    return "\n".join(words.term(vocabulary_terms.CATEGORIES, category) for category in row["categories"])


def _valid(words: Words, row: Json) -> Text:
    until = "" if row["valid_until"] == NO_END else f"\n{_day(row['valid_until'])}"
    state, style = (
        words.term(vocabulary_terms.STATES, row["state"]),
        "green" if row["state"] == "in_force" else "yellow",
    )
    return Text.assemble(f"{_day(row['valid_from'])} –{until}\n", (state, style))


def _day(day: int) -> str:
    return f"{day // 10_000}-{day // 100 % 100:02}-{day % 100:02}"


_DRAWN = {
    Which.AUTHORITIES: _draw_authorities,
    Which.CONSENTS: _draw_consents,
    Which.AGREEMENTS: _draw_agreements,
    Which.REQUESTS: _draw_requests,
}
