"""What figures are made of: the law's table, and what a log holds beside its decisions."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from broker import bundle
from broker.adapters.sql.read_model import Archive
from broker.deadlines import Times, read_times
from broker.report import rules
from broker.report.casework import RegisteredAgreement, RegisteredConsent
from broker.report.figures import Sources
from broker.report.labels import Labels


@dataclass(frozen=True)
class Law:
    """Of the installed law: references of grounds and bars, the clocks, which of these no rule gives."""

    grounds: Mapping[str, str]
    bars: Mapping[str, str]
    times: Times
    ours: Collection[str]

    def labels(self, lang: str) -> Labels:
        """The words of a language."""
        return Labels(lang, rules.counties(), {**self.grounds, **self.bars})

    def sources(self, archive: Archive | None = None) -> Sources:
        """What a place holds beside its decisions; without one, what the law says alone."""
        by_law = Sources(times=self.times, grounds=self.grounds, counties=rules.counties())
        if archive is None:
            return by_law
        return replace(
            by_law,
            consents=_consents(archive),
            agreements=_agreements(archive),
            quarantined=((one.record.leaf, one.redriven is not None) for one in archive.quarantined_lines()),
        )


@cache
def law() -> Law:
    """As it is installed. Raises BundleError."""
    tables = json.loads(bundle.load().tables)
    ours = {name for name, rows in tables["clocks"]["terms"].items() if rows[-1]["ours"]}
    return Law(_grounds(tables["law"]["grounds"]), _refs(tables["law"]["bars"]), read_times(tables["clocks"]), ours)


def _grounds(table: Mapping[str, Any]) -> dict[str, str]:
    """The reference of each ground, in the order in which they are tried; one without any stands for itself."""
    return _refs({ground: table[ground]["ref"] for ground in sorted(table, key=lambda ground: table[ground]["order"])})


def _refs(table: Mapping[str, str | None]) -> dict[str, str]:
    return {name: ref or name for name, ref in table.items()}


def _consents(archive: Archive) -> Iterator[RegisteredConsent]:
    for row in archive.consents():
        facts, withdrawn = row.facts, row.withdrawn is not None
        yield RegisteredConsent(
            seq=row.seq,
            subject=row.subject,
            programme=facts["programme"],
            valid_from=facts["valid_from"],
            valid_until=facts["valid_until"],
            ended=row.withdrawn if withdrawn else row.replaced,
            withdrawn=withdrawn,
        )


def _agreements(archive: Archive) -> Iterator[RegisteredAgreement]:
    for _, rows in groupby(archive.agreements(), key=attrgetter("agreement", "body")):
        confirmed = list(rows)
        facts = confirmed[0].facts
        yield RegisteredAgreement(
            programme=facts["programme"],
            parties=len({row.party for row in confirmed}),
            valid_from=facts["valid_from"],
            valid_until=facts["valid_until"],
        )
