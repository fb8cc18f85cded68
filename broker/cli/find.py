"""The command `samband audit find`: searches the log, the same as the auditors' pages."""

import getpass
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from broker import authorities
from broker.adapters.files import whole_file
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Record
from broker.authorities import Register
from broker.cli import arguments, list_view
from broker.cli.lines import STDIN
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language, RegisterFile, clock
from broker.cli.output import Output, Stop
from broker.cli.review_options import ask_person, read_settings
from broker.cli.texts import Lang, number
from broker.cli.verify import token_key
from broker.model.days import swedish_day
from broker.model.vocabulary import Outcome, Unit
from broker.review import listing
from broker.review.index import Index
from broker.review.parties import Unknown, find_party
from broker.review.search import PAGE, Query
from broker.review.tokens import AskedTokens, NoToken, Tokens, of_socket
from broker.review.views import View, open_views
from broker.review.words import Words
from broker.runtime.tokens import Asked
from broker.web.faults import SiteError

_INDEX = "review-index.db"


def find(
    *,
    data: Kept = NEARBY,
    room: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", help="The auditors' room: its records, index, tokens, views."),
    ] = None,
    purpose: Annotated[
        str | None, typer.Option(metavar="TEXT", help="With --settings: why you search, for its log of views.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="-", help="About a person, whose number is typed in, or read from stdin.")
    ] = None,
    case: Annotated[str | None, typer.Option(metavar="NUMBER", help="With this reference number of --of.")] = None,
    officer: Annotated[str | None, typer.Option(metavar="ID", help="Decided by whom --of knows as this.")] = None,
    of: Annotated[str | None, typer.Option(metavar="AUTHORITY", help="Whose number --case or --officer is.")] = None,
    sender: Annotated[str | None, typer.Option(metavar="AUTHORITY[/UNIT]", help="Sent by it.")] = None,
    recipient: Annotated[str | None, typer.Option(metavar="AUTHORITY[/UNIT]", help="Sent to it.")] = None,
    unit: Annotated[Unit | None, typer.Option(help="A unit on either side.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Messages of this kind.")] = None,
    ref: Annotated[str | None, typer.Option(metavar="REF", help="Decided under this paragraph.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="GROUND|BAR", help="With this ground or bar.")] = None,
    item: Annotated[str | None, typer.Option(metavar="OUTCOME", help="release, withhold or refer: of an item.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="What became of the message.")] = None,
    doubtful: Annotated[bool, typer.Option("--doubtful", help="Only what rests on an inference.")] = False,
    since: Annotated[
        date | None, typer.Option("--from", parser=arguments.day, metavar="YYYY-MM-DD", help="From this day on.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=arguments.day, metavar="YYYY-MM-DD", help="To this day, which counts.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="The newest ones, at most.")] = PAGE,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE.csv|FILE.json", help="Write all that is found to a file.")
    ] = None,
    index: Annotated[
        str | None, typer.Option(metavar="FILE|URL", help="The search index, which is made when it is missing.")
    ] = None,
    socket: Annotated[
        Path | None, typer.Option("--tokens", metavar="SOCKET", help="Where samband tokens is asked, if not the key.")
    ] = None,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Search the log: by person, case, parties, paragraph, outcome, period. Exit status 1 when nothing fits."""
    said = read_settings(room) if room else None
    if said:
        data, index, socket, register = said.data, index or said.index, socket or said.tokens, register or said.register
    parties = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=parties)
    if (said is None) != (not purpose):
        raise Stop(2, output.words("find_purpose"))
    if save is not None and save.suffix not in (".csv", ".json"):
        raise Stop(2, f"{save}: must end with .csv or .json")
    t = Words(lang.value)
    tokens = of_socket(socket) if socket else _of_key(output, data, parties)
    try:
        whose = find_party(parties, t, of).partition("/")[0] if of else None
        typed = _tokens_of(output, {"person": person, "case": case, "officer": officer}, whose, tokens)
        query = Query(
            **typed,
            sender=find_party(parties, t, sender) if sender else None,
            recipient=find_party(parties, t, recipient) if recipient else None,
            unit=unit,
            kind=kind,
            ref=ref,
            rule=rule,
            outcome=item,
            decided=outcome,
            doubtful=doubtful,
            since=since,
            until=until,
        )
    except Unknown:
        raise Stop(2, output.words("find_party")) from None
    with archives.open_archive(data) as archive, closing(_open_index(data, index)) as kept:
        behind = archive.end() - kept.size()
        with output.progress(output.words("indexing"), max(behind, 0)) as advance:
            start = kept.size()
            kept.catch_up(archive, lambda size: advance(size - start, size - start))
        wanted = query.wanted(swedish_day(clock()))
        most = kept.size() + 1 if save else limit
        found = kept.search(wanted, limit=most)
        shown = {"query": query.said(), "total": found.total, "records": list(found.seqs)}
        if said and purpose:
            whom = listing.authorities_of(record.leaf for record in archive.each(found.seqs))
            with open_views(said, clock) as views:
                views.append(View(getpass.getuser(), "export" if save else "search", purpose, shown, whom))
        if save is not None:
            _save(save, archive.each(found.seqs[::-1]))
            output.note(output.words("found_saved", n=number(len(found.seqs)), file=save))
        else:
            _show(output, archive.each(found.seqs[::-1]))
    output.flush()
    counts = {"n": len(found.seqs), "all": found.total, "size": found.size}
    output.note(output.words("found_of", **{name: number(n) for name, n in counts.items()}))
    if not found.total:
        raise Stop(1)


def _tokens_of(output: Output, typed: Mapping[str, str | None], whose: str | None, tokens: Tokens) -> dict[str, Any]:
    """What was typed of a person, a case, an officer: as tokens. Raises Stop."""
    made: dict[str, tuple[str, ...]] = {}
    for name, said in typed.items():
        if said is None:
            continue
        if name != "person" and whose is None:
            raise Stop(2, output.words("find_whose"))
        try:
            if name == "person":
                if said != str(STDIN):
                    raise Stop(2, output.words("find_person"))
                made[name] = tuple(tokens.person(ask_person(output)))
            else:
                make = tokens.case if name == "case" else tokens.officer
                made[name] = tuple(make(whose or "", said))
        except NoToken as none:
            why = output.words("find_number" if none.why == "number" else "find_unclear")
            raise Stop(2, why) from None
    return made


def _of_key(output: Output, data: str, parties: Register) -> Tokens:
    """Tokens made here, where the key lies beside the data."""
    asked: list[Asked] = []

    def ask(question: Mapping[str, str]) -> Mapping[str, Any]:
        if not asked:
            key = token_key(data)
            if key is None:
                raise Stop(2, output.words("officer_no_key"))
            asked.append(Asked(key, parties, monotonic))
        return asked[0].answer(json.dumps(question).encode())

    return AskedTokens(ask)


def _open_index(data: str, said: str | None) -> Index:
    """The index that is named, else one beside the data, or here. Raises Stop."""
    beside = Path(_INDEX) if archives.is_database(data) else Path(data) / _INDEX
    try:
        return Index(said if said and "://" in said else f"sqlite:///{said or beside}")
    except SiteError as error:
        raise Stop(2, str(error)) from None


def _show(output: Output, records: Iterator[Record]) -> None:
    if output.as_json:
        for record in records:
            output.line(listing.row_of(record))
        return
    output.show(list_view.records(output.words, ((record.seq, record.leaf) for record in records)))


def _save(file: Path, records: Iterator[Record]) -> None:
    """Write a whole file, or none. Raises Stop."""
    write = listing.write_csv if file.suffix == ".csv" else listing.write_json
    try:
        with whole_file.write_whole(file) as stream:
            write(stream, records)
    except OSError as error:
        raise Stop(2, f"{file}: can't be written: {error.strerror}") from None
