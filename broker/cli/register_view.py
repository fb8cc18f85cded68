"""The registers as tables for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from broker.authorities import ANONYMOUS, PRIVATE
from broker.cli.tables import between, moment, outcome, person, short, table
from broker.cli.texts import Words
from broker.facts.recorded_consent import NO_END
from broker.model.decision import Json

_GOOD = ("in_force", "answered", "decided", "done")


def authorities(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Who there is."""
    rows_ = table(words("id"), words("name"), words("kind"), words("principal"), whole=(0,), style=("bold",))
    for row in rows:
        kinds = ", ".join(words.term("authority_kinds", kind) for kind in row["kinds"])
        rows_.add_row(row["authority"], _name(words, row), kinds, _principal(words, row))
    return _or_nothing(words, rows_)


def _name(words: Words, row: Json) -> str:
    """Its name, whom to call and its keys, and of each desk what lies in it with the same."""
    lines = [row["name"], *_contacts(row), *_keys(words, row)]
    for desk in row.get("desks", ()):
        units = ", ".join(words.term("units", unit) for unit in desk["units"])
        lines += [f"{row['authority']}/{desk['desk']}: {units}", *_contacts(desk), *_keys(words, desk)]
    return "\n".join(lines)


def _keys(words: Words, row: Json) -> Iterator[str]:
    """What contents are sealed to, and when."""
    for key in row.get("keys", ()):
        days = f"{key['from']} – {key['until'] or ''}".rstrip()
        revoked = f", {words('key_revoked', day=key['revoked'])}" if key["revoked"] else ""
        yield f"{words('sealing_key', id=key['id'], days=days)}{revoked}"


def _contacts(row: Json) -> Iterator[str]:
    for contact in row.get("contacts", ()):
        yield f"☎ {contact['function']} {contact['telephone']}{f' ({hours})' if (hours := contact['hours']) else ''}"


def _principal(words: Words, row: Json) -> str:
    """A school's principal; of a private one how it is approved, on which what it is in law rests."""
    if row["principal"] != PRIVATE:
        return row["principal"] or ""
    return words.term("approvals", row["approved"] or "not_stated")


def consents(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Who has consented to what, when, and how it ended."""
    columns = ("number", "consent", "parties_of", "categories", "history")
    rows_ = table(*map(words, columns), right=(0,), whole=(0,))
    for row in rows:
        about = (words("version", n=row["version"]), short(row["consent"]), _person(words, row))
        rows_.add_row(
            str(row["seq"]),
            _title(words.party(row["authority"]), words.term("programmes", row["programme"]), *about),
            "\n".join(map(words.party, row["parties"])),
            _title(_categories(words, row["categories"]), *_purposes(words, row)),
            Text("\n").join([_valid(words, row), *map(Text, _history(words, row))]),
        )
    return _or_nothing(words, rows_)


def _history(words: Words, row: Json) -> Iterator[str]:
    form = words.term("forms", row["form"])
    given = words("given_on", day=moment(row["given"]["time"]), who=_function(words, row["given"]))
    yield f"{given}, {form}: {', '.join(_signatures(words, row))}"
    if row["withdrawn"]:
        yield words("withdrawn_on", day=moment(row["withdrawn"]["time"]), who=_function(words, row["withdrawn"]))
    elif row["replaced"]:
        yield words("replaced_on", day=moment(row["replaced"]["time"]), n=row["replaced"]["seq"])


def _signatures(words: Words, row: Json) -> Iterator[str]:
    """Who has answered what."""
    for answer, said in (("yes", words("signed_yes")), ("no", words("signed_no"))):
        if row[f"subject_{answer}"]:
            yield f"{words.term('signers', 'subject')} {said}"
        if n := row[f"guardians_{answer}"]:
            yield f"{words('of_guardians', n=n, all=row['guardians'])} {said}"


def _function(words: Words, registered: Json) -> str:
    """By whom it was said, and which function of the authority recorded it."""
    by = [words.term("signers", registered["by"])] if registered["by"] else []
    return ", ".join([*by, words.term("roles", registered["role"])])


def agreements(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Who has confirmed which agreement, when, and what replaced it."""
    rows_ = table(*map(words, ("agreement", "confirmed_by", "purposes", "valid")), whole=(3,))
    for row in rows:
        area = words("area_of", codes=", ".join(row["area"])) if row["area"] else ""
        programme = words.term("programmes", row["programme"])
        rows_.add_row(
            _title(programme, words("version", n=row["version"]), short(row["agreement"]), *([area] if area else [])),
            Text("\n").join(_confirmation(words, one) for one in row["confirmed"]),
            "\n".join(words.term("purposes", purpose) for purpose in row["purposes"]),
            _valid(words, row),
        )
    return _or_nothing(words, rows_)


def _confirmation(words: Words, one: Json) -> Text:
    shown = Text(f"{words.party(one['party'])} {_day(one['day'])}")
    if ended := one["replaced"]:
        shown.append(f"\n  {words('replaced_on', day=moment(ended['time']), n=ended['seq'])}", style="dim")
    return shown


def requests(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Who asks whom for what, and where it stands."""
    columns = ("number", "message", "parties", "categories", "state")
    rows_ = table(*map(words, columns), right=(0,), whole=(0, 1))
    for row in rows:
        purpose = words.term("purposes", row["purpose"])
        rows_.add_row(
            str(row["seq"]),
            _title(moment(row["time"]), row["message"]),
            between(words, row["sender"], row["recipient"]),
            _title(_categories(words, row["categories"]), purpose),
            _stands(words, "request_states", row, words("since", moment=moment(row["since"]))),
        )
    return _or_nothing(words, rows_)


def concerns(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Notifications of concern, with what the board decided and what the one who notified was told."""
    columns = ("number", "notification", "concern", "decision", "feedback")
    rows_ = table(*map(words, columns), right=(0,), whole=(0, 1))
    flags = ("immediate", "anonymous", "feedback_requested")
    for row in rows:
        sorts = "\n".join(words.term("concerns", concern) for concern in row["concerns"])
        said = [words.term("flags", flag) for flag in flags if row[flag]]
        parties = between(words, row["sender"] or ANONYMOUS, row["recipient"]).plain
        linked = [words("independent_sources", n=row["independent_sources"])] if row["linked"] else []
        rows_.add_row(
            str(row["seq"]),
            _title(moment(row["time"]), parties, row["message"], _person(words, row), *linked),
            _title(sorts, *said),
            _decision(words, row),
            _feedback(words, row["feedback"]),
        )
    return _or_nothing(words, rows_)


def _decision(words: Words, row: Json) -> Text:
    decision = row["decision"]
    if decision is None:
        return _stands(words, "concern_states", row)
    status = words.term("inquiry_statuses", decision["status"])
    other = [words("decided_on_other", message=decision["on"])] if decision["on"] != row["message"] else []
    return _title(status, _day(decision["decided_on"]), *other)


def _feedback(words: Words, feedback: Json | None) -> Text:
    if feedback is None:
        return Text("–", style="dim")
    if "outcome" not in feedback:
        return _until(words, feedback)
    return outcome(words, feedback["outcome"]).append(f"\n{moment(feedback['time'])}", style="dim")


def orders(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Orders to remove content, and their effect."""
    columns = ("number", "order", "penal_provision", "effect", "preserved")
    rows_ = table(*map(words, columns), right=(0,), whole=(0, 1, 4))
    for row in rows:
        effect = row["effect"]
        done = words("removed_on", moment=moment(effect["done_at"])) if effect and effect["done_at"] else ""
        state = _stands(words, "order_states", row, *([done] if done else []))
        if row["late"]:
            state.append(f"\n{words('late')}", style="red")
        rows_.add_row(
            str(row["seq"]),
            _title(moment(row["time"]), between(words, row["sender"], row["recipient"]).plain, row["message"]),
            row["provision"] or "–",
            state,
            moment(row["preserved_until"]),
        )
    return _or_nothing(words, rows_)


# --- pieces


def _or_nothing(words: Words, rows_: Table) -> RenderableType:
    return rows_ if rows_.row_count else Text(words("nothing"), style="dim")


def _title(title: str, *below: str) -> Text:
    """A line, and others below it in a weaker hand."""
    return Text.assemble(title, *((f"\n{line}", "dim") for line in below))


def _person(words: Words, row: Json) -> str:
    return f"{words('subject')} {person(words, row['subject'])}"


def _categories(words: Words, categories: Iterable[str]) -> str:
    return "\n".join(words.term("categories", category) for category in categories)


def _purposes(words: Words, row: Json) -> Iterator[str]:
    return (words.term("purposes", purpose) for purpose in row["purposes"])


def _stands(words: Words, states: str, row: Json, *below: str) -> Text:
    """Where a matter stands; of one that is not settled also until when it is to be."""
    state = row["state"]
    shown = Text.assemble((words.term(states, state), "green" if state in _GOOD else "yellow"))
    for line in below:
        shown.append(f"\n{line}", style="dim")
    if state in ("open", "paused", "partly_answered"):
        shown.append("\n").append_text(_until(words, row))
    return shown


def _until(words: Words, row: Json) -> Text:
    ref = f" ({row['ref']})" if row["ref"] else ""
    shown = Text(f"{words('until', moment=moment(row['due']))}{ref}")
    return shown.append(f"\n{words('overdue')}", style="red") if row["overdue"] else shown


def _valid(words: Words, row: Json) -> Text:
    until = "" if row["valid_until"] == NO_END else f" {_day(row['valid_until'])}"
    state = words.term("states", row["state"])
    style = "green" if row["state"] in _GOOD else "yellow"
    return Text.assemble(f"{_day(row['valid_from'])} –{until}\n", (state, style))


def _day(day: int) -> str:
    return f"{day // 10_000}-{day // 100 % 100:02}-{day % 100:02}"


DRAWN: Mapping[str, Callable[[Words, Iterable[Json]], RenderableType]] = {
    "authorities": authorities,
    "consents": consents,
    "agreements": agreements,
    "requests": requests,
    "concerns": concerns,
    "orders": orders,
}
"""How each register is drawn."""
