"""The command that shows what needs a hand, then how far each delivery has come: `samband status`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.authorities import Address
from broker.cli import arguments, operations_view, status_view
from broker.cli.options import NEARBY, AsJson, Kept, Language, RegisterFile, clock
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.deadlines import CLOSED, Clock, Matter, State, moment, overdue, seconds
from broker.kinds import Acknowledgement
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.model.vocabulary import Outcome, SeenState
from broker.review import operations_reading, settings
from broker.review.operations import standing
from broker.review.operations_reading import Sources
from broker.review.words import Words
from broker.web.faults import SiteError


def status(
    authority: Annotated[str, typer.Argument(metavar="AUTHORITY[/DESK]", help="Whose: sent or received.")] = "",
    *,
    data: Kept = NEARBY,
    every: Annotated[bool, typer.Option("--all", help="Also what is registered or settled.")] = False,
    now: Annotated[bool, typer.Option("--now", help="How the broker stands, as on the operator's page.")] = False,
    file: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", help="The settings of samband review: programs, alerts, backups."),
    ] = None,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show what needs a hand, then how far each delivery has come: fetched, opened by a person, registered.

    With an authority its deliveries alone. The oldest first.
    """
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    if now:
        _show_standing(output, data, file, whole=True)
        return
    party = Address.read(arguments.address(output, known, authority)).authority if authority else None
    with archives.open_archive(data) as archive:
        rows = [row for row in _last_mile(archive, seconds(clock())) if party is None or party in _parties(row)]
        if not archives.is_database(data):
            _add_fetched(rows, list(archive.places()), FetchedFile(Path(data)))
    if not (authority or as_json):
        _show_standing(output, data, file, whole=False)
    rows = [row for row in rows if every or row["waits_for"]]
    if as_json:
        for row in rows:
            output.line(row)
    else:
        empty = Text(output.words("all_is_seen"), style="dim")
        output.show(status_view.last_mile(output.words, rows) if rows else empty)
    output.flush()


def _show_standing(output: Output, data: str, file: Path | None, *, whole: bool) -> None:
    """How the broker stands: all of it, or what needs a hand. Raises Stop."""
    try:
        sources = settings.read(file).operations if file else Sources()
    except SiteError as error:
        raise Stop(2, str(error)) from None
    at = clock()
    stands = standing(operations_reading.read(sources, data, at), at, output.words.parties)
    if output.as_json:
        output.line(operations_view.as_json(stands))
    else:
        show = operations_view.everything if whole else operations_view.hands
        output.show(*show(stands, Words(output.words.lang), output.words.party))
    output.flush()


def _parties(row: Json) -> tuple[str, str]:
    return row["sender"]["authority"], row["recipient"]["authority"]


def _last_mile(archive: archives.Archive, now: int) -> list[Json]:
    """Each delivery that is to be seen, with what has become of it. `waits_for`: what is waited for, None: nothing.

    Of one that no clock has taken in yet nothing is known but that it is there: so it is waited for.
    """
    deliveries = (one.leaf for one in archive.decisions() if one.leaf.get("clock", {}).get("to_be_seen"))
    rows = {(leaf["sender"]["authority"], leaf["message"]): _row(leaf) for leaf in deliveries}
    for record in archive.records(kind=Acknowledgement.__name__, outcome=Outcome.FORWARD):
        _note(rows.get((record.leaf["recipient"]["authority"], record.leaf["acknowledges"])), record.leaf)
    for clock_ in (Clock.OPENED, Clock.REGISTERED):
        for one in archive.followed_matters(clock_):
            _add_clock(rows[one.matter.sender, one.matter.message], one.matter, now)
    return list(rows.values())


def _row(leaf: Json) -> Json:
    return {
        **{name: leaf[name] for name in ("message", "kind", "sender", "recipient")},
        "delivered": leaf["recorded"],
        **dict.fromkeys(("fetched", "opened", "registered", "ended", "due")),
        "waits_for": Clock.OPENED.value,
        "late": False,
    }


def _note(row: Json | None, leaf: Json) -> None:
    """What an acknowledgement says; the first one of its sort counts, and what is registered stays so."""
    if row is None or row["registered"]:
        return
    state = leaf["input"]["stated"]["state"]
    if state in (SeenState.OPENED, SeenState.REGISTERED):
        row[state] = row[state] or leaf["time"]
    else:
        row["ended"] = {"state": state, **{name: leaf[name] for name in ("go_to", "unit") if name in leaf}}


def _add_clock(row: Json, matter: Matter, now: int) -> None:
    if matter.state not in CLOSED:
        row |= {"waits_for": matter.clock.value, "due": rfc3339(moment(matter.due)), "late": overdue(matter, now)}
        return
    row["waits_for"] = None
    if matter.clock is Clock.OPENED and matter.state is State.DONE and matter.closed is not None:
        row["opened"] = row["opened"] or rfc3339(moment(matter.closed))  # a person has answered, or registered it


def _add_fetched(rows: list[Json], places: Sequence[tuple[str, str, str]], marks: FetchedFile) -> None:
    """Whether each is fetched from every inbox that it lies in: one desk's fetching is not another's."""
    waits = {(sender, message) for _, sender, message in set(places) - marks.given_out(places)}
    for row in rows:
        row["fetched"] = (row["sender"]["authority"], row["message"]) not in waits
