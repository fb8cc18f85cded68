"""Programmes: consents, sharing under them, agreements, councils."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from broker.model.days import as_number
from broker.model.decision import in_todays_form
from broker.model.vocabulary import CouncilLevel, Programme
from broker.report.entries import OUTCOMES, Entry, Period, sums_of
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

_PROGRAMMES = tuple(programme.value for programme in Programme)
_LEVELS = tuple(level.value for level in CouncilLevel)
_CONSENTS = ("given", "renewed", "withdrawn", "ran_out", "in_force")
_GIVEN = (
    ("overview", ("ConsentGiven", OUTCOMES[0])),
    ("consents", (SUM, "given")),
    ("consents", (SUM, "renewed")),
)
_AGREEMENTS = ("in_force", "ended", "one_party")


@dataclass(frozen=True)
class RegisteredConsent:
    """A version of a consent: its record, whom it protects, and the record that ended it."""

    seq: int
    subject: str | None
    programme: str
    valid_from: int
    valid_until: int
    ended: int | None
    withdrawn: bool


@dataclass(frozen=True)
class RegisteredAgreement:
    """An agreement between the parties that have sent it with the same body."""

    programme: str
    parties: int
    valid_from: int
    valid_until: int


@dataclass
class _Shared:
    """A person about whom information is shared in a programme, and the last day that a consent carries it."""

    until: int
    began: date


class Casework:
    """Reads the register of consents beside the records, in the same order; holds persons in casework, not messages."""

    kinds = frozenset({"ConsentGiven", "ConsentWithdrawn", "CaseSharing"})

    def __init__(self, period: Period, consents: Iterable[RegisteredConsent]) -> None:
        self._period = period
        self._register: Iterator[RegisteredConsent] = iter(consents)
        self._next = next(self._register, None)
        self._ending: dict[int, list[RegisteredConsent]] = defaultdict(list)
        self._shared: dict[tuple[str, str], _Shared] = {}
        self._consents = Crosstab("consents", "programmes", "consents")
        self._outcomes = Crosstab("sharings", "programmes", "outcomes")

    def take(self, entry: Entry) -> None:
        """A consent begins or ends, or something is shared."""
        if entry.kind == "CaseSharing":
            self._share(entry)
        elif entry.delivered:
            ended = self._ending.pop(entry.seq, [])
            for consent in ended:
                self._end(entry, consent)
            if entry.kind == "ConsentGiven":
                self._give(entry, renewed=bool(ended))

    def _give(self, entry: Entry, *, renewed: bool) -> None:
        while self._next is not None and self._next.seq < entry.seq:
            self._next = next(self._register, None)
        consent = self._next
        if consent is None or consent.seq != entry.seq:
            return
        if entry.counts:
            self._consents.add(consent.programme, "renewed" if renewed else "given")
        self._count_standing(consent, 1)
        if consent.ended is not None:
            self._ending[consent.ended].append(consent)
        shared = self._shared.get((consent.programme, consent.subject or ""))
        if shared is not None:
            shared.until = max(shared.until, consent.valid_until)

    def _end(self, entry: Entry, consent: RegisteredConsent) -> None:
        """It was withdrawn, or replaced by a new version: it neither stands nor runs out any more."""
        day = as_number(entry.day)
        if consent.valid_until >= day:
            self._count_standing(consent, -1)
            shared = self._shared.get((consent.programme, consent.subject or ""))
            if shared is not None:
                shared.until = day - 1  # the day before was the last, whatever its number
        if consent.withdrawn and entry.counts:
            self._consents.add(consent.programme, "withdrawn")

    def _count_standing(self, consent: RegisteredConsent, n: int) -> None:
        first, last = as_number(self._period.first_day), as_number(self._period.last_day)
        if consent.valid_from <= last <= consent.valid_until:
            self._consents.add(consent.programme, "in_force", n)
        if first <= consent.valid_until < last:
            self._consents.add(consent.programme, "ran_out", n)

    def _share(self, entry: Entry) -> None:
        programme, subject = str(entry.leaf["input"].get("programme") or UNKNOWN), entry.leaf["subject"]
        if entry.counts:
            self._outcomes.add(programme, entry.outcome)
        if entry.delivered and subject:
            until = _last_consent_day(entry, programme)
            shared = self._shared.setdefault((programme, subject), _Shared(until, entry.day))
            shared.until = max(shared.until, until)

    def tables(self, _: datetime) -> list[Table]:
        """The tables; a case ends with the last consent that carried it."""
        cases = Crosstab("cases", "programmes", "cases")
        first, last = as_number(self._period.first_day), as_number(self._period.last_day)
        for (programme, _subject), shared in self._shared.items():
            cases.add(programme, "started", int(shared.began in self._period))
            cases.add(programme, "ended", int(first <= shared.until < last))
        return [
            self._consents.table(
                _CONSENTS,
                ranked=_PROGRAMMES,
                sums=Sums.DOWN,
                shared={(SUM, "withdrawn"): "ConsentWithdrawn/forward"},
                relations=[_GIVEN],
                plot="grouped",
            ),
            cases.table(("started", "ended"), ranked=_PROGRAMMES, sums=Sums.DOWN),
            self._outcomes.table(OUTCOMES, ranked=_PROGRAMMES, shared=sums_of("CaseSharing")),
        ]


def _last_consent_day(entry: Entry, programme: str) -> int:
    """The last day of the consents in the programme that stood behind it; far ahead when something else carried it."""
    persons = in_todays_form(entry.leaf["input"])["persons"].values()
    days = [row["valid_until"] for person in persons for row in person["consents"] if row["programme"] == programme]
    return max(days, default=99_991_231)


class Councils:
    """What was taken to councils, and pictures of the situation."""

    kinds = frozenset({"CouncilReferral", "SituationPicture"})

    def __init__(self) -> None:
        self._referrals = Crosstab("councils", "levels", "outcomes")
        self._pictures = Crosstab("pictures", "levels", "outcomes")

    def take(self, entry: Entry) -> None:
        """Count it under its level."""
        if entry.counts:
            level = entry.leaf["input"].get("level") or entry.stated.get("level") or UNKNOWN
            table = self._referrals if entry.kind == "CouncilReferral" else self._pictures
            table.add(str(level), entry.outcome)

    def tables(self, _: datetime) -> list[Table]:
        """One table each."""
        return [
            self._referrals.table(OUTCOMES, _LEVELS, shared=sums_of("CouncilReferral")),
            self._pictures.table(OUTCOMES, _LEVELS, shared=sums_of("SituationPicture")),
        ]


def agreements(period: Period, registered: Iterable[RegisteredAgreement]) -> Table:
    """Agreements of the year by programme: in force when it ends, ended in it, or still without another party."""
    counted = Crosstab("agreements", "programmes", "agreements")
    first, last = as_number(period.first_day), as_number(period.last_day)
    for agreement in registered:
        if agreement.valid_from <= last and agreement.valid_until >= first:
            state = "in_force" if agreement.valid_until >= last else "ended"
            counted.add(agreement.programme, state if agreement.parties > 1 else "one_party")
    return counted.table(_AGREEMENTS, ranked=_PROGRAMMES, sums=Sums.DOWN)
