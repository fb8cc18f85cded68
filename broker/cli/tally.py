"""Counts receipts as they come, in memory that does not grow with them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from broker import texts
from broker.model.decision import Json
from broker.model.vocabulary import Outcome

SHOWN = 20
"""Most lines that are named one by one, of those in quarantine and of those that were kept back."""

CARRIES, LACKS, BARS = "carries", "lacks", "bars"


@dataclass
class Tally:
    """What a run has come to so far."""

    lines: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, outcome) -> messages; a kind that is not known is an empty text."""
    rules: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(carries, lacks or bars; id; reference) -> messages."""
    asks: Counter[str] = field(default_factory=Counter)
    """Test that a human must answer -> messages."""
    codes: Counter[str] = field(default_factory=Counter)
    first_unusable: list[Json] = field(default_factory=list)
    kept: int = 0
    first_kept: list[Json] = field(default_factory=list)
    """Receipts of which something was referred or withheld."""
    telling: Json | None = None
    """The receipt that says most: part forwarded, else referred, else withheld, else forwarded."""
    _waiting: list[tuple[int, str]] = field(default_factory=list)

    def add(self, receipt: Json) -> None:
        """Count one receipt."""
        self.lines += 1
        outcome = outcome_of(receipt)
        if outcome == Outcome.QUARANTINE.value:
            self.codes[receipt["error"]["code"]] += 1
            self.outcomes["", outcome] += 1
            if len(self.first_unusable) < SHOWN:
                self.first_unusable.append(receipt)
            return
        self._waiting.append((receipt["audit"]["seq"], outcome))
        self.rules.update(_rules(receipt))
        self.asks.update({test for part in (receipt, *receipt["items"]) for test in part.get("asks", ())})
        if is_kept_back(receipt):
            self.kept += 1
            if len(self.first_kept) < SHOWN:
                self.first_kept.append(receipt)
        if self.telling is None or _rank(receipt) > _rank(self.telling):
            self.telling = receipt

    @property
    def waiting(self) -> list[int]:
        """Records whose kind is yet to be told."""
        return [seq for seq, _ in self._waiting]

    def sort(self, kinds: Mapping[int, str | None]) -> None:
        """Put what waits under its kind."""
        self.outcomes.update((kinds.get(seq) or "", outcome) for seq, outcome in self._waiting)
        self._waiting.clear()

    @property
    def unusable(self) -> int:
        """How many lines are in quarantine."""
        return self.codes.total()


def outcome_of(receipt: Json) -> str:
    """The receipt's outcome, with `partial` for a message that is forwarded in part."""
    return "partial" if receipt.get("partial") else str(receipt["outcome"])


def is_kept_back(receipt: Json) -> bool:
    """Whether something of the message was referred or withheld."""
    return outcome_of(receipt) in ("partial", Outcome.REFER.value, Outcome.WITHHOLD.value)


def _rules(receipt: Json) -> set[tuple[str, str, str]]:
    rules = {(CARRIES, ground["id"], ground["ref"] or "") for ground in receipt["grounds"]}
    lacking = LACKS if receipt["outcome"] == Outcome.REFER and not receipt["items"] else BARS
    rules |= {
        (BARS if bar["id"] in texts.ids("bars") else lacking, bar["id"], bar["ref"] or "") for bar in receipt["bars"]
    }
    referred = (item for item in receipt["items"] if item.get("ground"))
    return rules | {(LACKS, item["ground"], item["ref"] or "") for item in referred}


def _rank(receipt: Json) -> tuple[int, int]:
    order = (Outcome.FORWARD.value, Outcome.WITHHOLD.value, Outcome.REFER.value, "partial")
    said = len({item["outcome"] for item in receipt["items"]}) + len(receipt.get("asks", ()))
    return order.index(outcome_of(receipt)), said
