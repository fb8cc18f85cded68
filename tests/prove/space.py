"""The finite abstraction: which questions are asked.

Three parts. The **corners**: the question of each shared case of `tests/cases`, which lie on both sides of the
lines that paragraphs draw. **Every kind from everyone**: each kind of message from each sort of sender, to another
and to itself. The **grid**: disclosures of two items with *every* combination of ground claimed × sender ×
recipient × secrecy; of the other facts (`REST`) a pairwise design is dealt out over these, in which every two
values of two facts meet. What needs three of the rest at once, and lies at no corner, is not seen.
"""

import json
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from test_policy_engines import BASES, INPUTS

from broker.model.references import parse
from broker.model.vocabulary import WeighingTest

Json = dict[str, Any]

AGAINST_WHEN_TRUE = {"exceptional_reasons", "secrecy_clearly_prevails", "overriding_reasons", "harm"}
_BASE: Json = BASES["social_services_to_police"]
_CONSENTING: Json = BASES["consent_to_police"]["persons"]["0"]["consents"]
TESTS = [test.value for test in WeighingTest]
FOR_RELEASE = {test: {"*": test not in AGAINST_WHEN_TRUE} for test in TESTS if test != "no_provision_applies"}


def _parties(role: str, kinds: set[str]) -> list[Json]:
    """Each party of the bases once, by its id and unit."""
    found = {(base[role]["id"], base[role]["unit"]): base[role] for base in BASES.values() if base["kind"] in kinds}
    return list(found.values())


SENDERS = _parties("sender", {"Disclosure"})
RECIPIENTS = _parties("recipient", {"Disclosure", "CaseSharing", "OrganisationConcern"})
SECRECY = [
    [],
    ["OSL 26:1"],
    ["OSL 25:1"],
    ["OSL 23:2"],
    ["OSL 25:2 2 st"],
    ["OSL 18:1"],
    ["OSL 28:1"],
    ["OSL 35:1"],
    ["OSL 26:1", "OSL 24:8"],
    ["PSL 6:12"],
    ["skollagen 29:14"],
]
AGES = [None, 12, 16, 30]


def _offence(**changes: Any) -> Json:
    named = {
        "provision": parse("BrB 3:1"), "committed": True, "degree": None, "stage": "completed", "day": 20260301,
        "subject_is": "suspect", "subject_age": 16, "victim_under_18": None,
        "close_relation": None, "connected_with_school": None,
    }  # fmt: skip
    return named | changes


OFFENCES = [
    None,
    _offence(),
    _offence(committed=False),
    _offence(subject_is="victim", subject_age=12, victim_under_18=True),
]
REST: dict[str, list[Any]] = {
    "category": ["social_record", "school_attendance", "home_address", "benefit"],
    "purpose": ["prevent", "investigate", "support", None],
    "on_request": [False, True],
    "offence": OFFENCES,
    "age": AGES,
    "answers": ["none", "for release"],
    "protected": [False, True],
    "consent": [False, True],
    "day": [20260302, 20270115, 20250331],
    "circumstances": [[], ["particular_case", "met_by_staff", "inquiry_open"]],
}


def pairwise(dimensions: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Rows in which every two values of two dimensions meet: greedy, the same each time."""
    names = list(dimensions)
    numbers = {name: range(len(dimensions[name])) for name in names}
    open_pairs = {(a, i, b, j) for a, b in combinations(names, 2) for i, j in product(numbers[a], numbers[b])}
    rows = []
    while open_pairs:
        a, i, b, j = min(open_pairs)
        row = {a: i, b: j}
        for name in names:
            if name not in row:
                row[name] = max(
                    numbers[name], key=lambda n: sum(_pair(row, name, n, other) in open_pairs for other in row)
                )
        open_pairs -= {(x, row[x], y, row[y]) for x, y in combinations(names, 2)}
        rows.append({name: dimensions[name][n] for name, n in row.items()})
    return rows


def _pair(row: dict[str, int], name: str, n: int, other: str) -> tuple[str, int, str, int]:
    names = list(REST)
    one, two = (name, n), (other, row[other])
    return (*one, *two) if names.index(name) < names.index(other) else (*two, *one)


def corners() -> Iterator[Json]:
    """The questions of the shared cases, each once."""
    seen = set()
    for asked in INPUTS.values():
        written = json.dumps(asked, sort_keys=True)
        if written not in seen:
            seen.add(written)
            yield asked


def grid(grounds: list[str]) -> Iterator[Json]:
    """The grid. `grounds`: every ground that may be claimed; one in fifty claims none."""
    rows = pairwise(REST)
    points = product(grounds, SECRECY, SENDERS, RECIPIENTS)
    for n, (ground, secrecy, sender, recipient) in enumerate(points):
        yield _question(sender, recipient, secrecy, [ground] if n % 49 else [], rows[n % len(rows)])


def _question(sender: Json, recipient: Json, secrecy: list[str], basis: list[str], row: Json) -> Json:
    answers = FOR_RELEASE if row["answers"] == "for release" else {}
    unnamed = {"no_provision_applies": {"*": True}} if answers and not secrecy else {}
    item = {
        "category": row["category"],
        "purpose": row["purpose"],
        "on_request": row["on_request"],
        "secrecy": [parse(named) for named in secrecy],
        "answers": answers | unnamed,
        "persons": ["0"],
    }
    plain = item | {"category": "other", "secrecy": [parse("OSL 21:1")], "answers": FOR_RELEASE}
    person = {
        "age": row["age"],
        "protected": row["protected"],
        "consents": _CONSENTING if row["consent"] else [],
        "left_out": False,
    }
    changes = {
        "day": row["day"],
        "sender": sender,
        "recipient": recipient,
        "in_reply_to_request": row["on_request"],
        "basis": basis,
        "circumstances": row["circumstances"],
        "offence": row["offence"],
        "persons": {"0": person},
        "items": {"0": item, "1": plain},
    }
    return json.loads(json.dumps(_BASE | changes))


def every_kind_from_everyone() -> Iterator[Json]:
    """Each kind's base, from each sort of sender."""
    senders = {(*party["kinds"], party["unit"]): party for base in BASES.values() for party in (base["sender"],)}
    kinds = {base["kind"]: base for base in BASES.values()} | {asked["kind"]: asked for asked in INPUTS.values()}
    for base, sender in product(kinds.values(), senders.values()):
        yield base | {"sender": sender}
        yield base | {"sender": sender, "recipient": sender}
