"""Every id that can be shown has a text in both languages, and every sentence the same values in both."""

import ast
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from house import engine
from lines import number
from rich.console import Console
from town_log import town_log

from broker import authorities, bundle, texts
from broker.adapters.sql.read_model import Record
from broker.advice import suppositions
from broker.authorities import Register
from broker.cli import list_view, run_view, stated_view, tables, verdict_view
from broker.cli.decision_view import decision
from broker.cli.tally import Tally
from broker.cli.texts import Lang, Words
from broker.deadlines import Clock, State
from broker.explanation.record import explanation
from broker.kinds import KINDS
from broker.kinds.exchange import MayBeTold
from broker.log import evidence, reconcile_topics, verifier
from broker.model import shape, vocabulary
from broker.model.decision import Decision
from broker.model.parts import Views
from broker.model.vocabulary import (
    Approval,
    AuthorityKind,
    Category,
    ConsentForm,
    CouncilLevel,
    Outcome,
    Programme,
    Purpose,
    RefusalReason,
    Role,
    SignerRole,
    Sought,
    Unit,
    Urgency,
    WeighingTest,
)
from broker.pipeline import decode, outcome, pipeline
from scenery.town.story import FOLDER

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
BUNDLE = bundle.load()
TABLES = json.loads(BUNDLE.tables)
LAW = TABLES["law"]


def rego(*rooms: str) -> list[str]:
    """The rules of some rooms of the policy, tests apart."""
    paths = [path for room in rooms for path in (POLICIES / room).rglob("*.rego")]
    return [path.read_text("utf-8") for path in paths if not path.name.endswith("_test.rego")]


def values(enumeration: type[StrEnum]) -> set[str]:
    return {member.value for member in enumeration}


def named_conditions() -> set[str]:
    """Every name in a paragraph's `conditions`, or that it finds held, open or unknown."""
    found = set(LISTED_FIELDS)
    for text in rego("statutes", "finding"):
        for listed in re.findall(r"conditions := \{([^}]*)\}", text):
            found |= set(re.findall(r'"([a-z0-9_]+)"', listed))
        found |= set(re.findall(r'^(?:holds|open|unknown)(?:_for\[i\])? contains "([a-z0-9_]+)"', text, re.MULTILINE))
        found |= set(re.findall(r'not_in_force\(row\) := \{"([a-z_]+)"\}', text))
    return found


def named_by(pattern: str, *rooms: str) -> set[str]:
    """What a pattern finds in the rules."""
    return {name for text in rego(*rooms) for name in re.findall(pattern, text, re.MULTILINE)}


LISTED_FIELDS = {
    name
    for text in rego("statutes/sfs_2026_1235/section_6")
    for listed in re.findall(r"^fields := \{([^}]*)\}", text, re.MULTILINE)
    for name in re.findall(r'"([a-z_]+)"', listed)
}
"""What an order must hold: its fields are conditions of section 5 by their names."""


def named_notices() -> set[str]:
    """Every notice that the clocks' ladders or the broker's records name."""
    ladders = (ladder for rows in TABLES["clocks"]["ladders"].values() for ladder in rows)
    found = {step["notice"] for ladder in ladders for step in ladder["steps"]}
    for path in (ROOT / "broker" / "pipeline").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                found |= {text for key, text in constants(node) if key == "notice"}
    return found


def constants(node: ast.Dict) -> Iterator[tuple[str, str]]:
    """The entries of a written dictionary whose key and value are texts."""
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield str(key.value), value.value


def stated_fields() -> set[str]:
    """Every flag that any kind states."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "broker" / "kinds").glob("*.py")]
    found = set()
    for function in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(function, ast.FunctionDef) and function.name == "flags":
            for node in ast.walk(function):
                keys = node.keys if isinstance(node, ast.Dict) else ()
                found |= {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return found


NOT_IN_WORDS = {
    *("ref", "categories", "place", "home", "decided_on", "taken_at", "handed_at", "area", "counts", "month", "needs"),
    *("given", "provision", "legal_basis", "recorded_on", "done_at", "by", "message", "deadline", "expected"),
    *("notice", "subject", "valid_until"),
}
"""Fields of `stated` that are days, places, numbers and references: `explain --json` gives them as they are."""


def quarantine_codes_of_policy() -> set[str]:
    text = (POLICIES / "decision" / "decision.rego").read_text("utf-8")
    rule = text[text.index("quarantine :=") : text.index("# --- messages without items")]
    return set(re.findall(r':= "([a-z_]+)"', rule))


def strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: a constant, either branch of a choice, the head of a composed text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.Tuple):
        yield from strings(node.elts[0])
    elif isinstance(node, ast.JoinedStr):
        yield from (part.partition(":")[0] for part in strings(node.values[0]))


def calls(tree: ast.AST, name: str, place: int) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == name:
            yield from strings(node.args[place])


def error_codes() -> set[str]:
    found = {code for code, _ in shape.RULES.values()} | quarantine_codes_of_policy()
    for module in (decode, pipeline, outcome):
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        found |= {code for code in calls(tree, "Unusable", 0)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                first = target.elts[0] if isinstance(target, ast.Tuple) else target
                if getattr(first, "id", None) == "code":
                    found |= set(strings(node.value))
    return found


def evidence_codes() -> set[str]:
    tree = ast.parse(Path(evidence.__file__).read_text("utf-8"))
    return set(calls(tree, "_BadPlace", 1))


def finding_codes() -> set[str]:
    tree = ast.parse(Path(verifier.__file__).read_text("utf-8"))
    return set(calls(tree, "_bad_record", 0)) | set(calls(tree, "_BadPlace", 1))


NEEDED = {
    "outcomes": (values(Outcome) | {"release", "partial"}, "outcomes"),
    "tests": (values(WeighingTest), "tests"),
    "grounds": (set(LAW["grounds"]), "grounds"),
    "bars": (set(LAW["bars"]), "bars"),
    "conditions": (named_conditions(), "conditions"),
    "facts": (set(suppositions.FACTS) | named_by(r'"fact": "([a-z0-9_]+)"', "missing", "statutes"), "facts"),
    "consents": (named_by(r'"consent": "([a-z_]+)"', "missing", "statutes"), "consents"),
    "notes": (named_by(r'^note\([^)]*\) := "([a-z_]+)"', "requests"), "notes"),
    "bars of exchanges": (
        named_by(r'^(?:closed|open) contains "([a-z0-9_]+)"', "exchanges"),
        ("bars", "grounds"),
    ),
    "grounds of exchanges": (named_by(r'^grounds contains "([a-z0-9_]+)"', "exchanges"), "grounds"),
    "cuts": (named_by(r'^cut_by contains "([a-z0-9_]+)"', "exchanges"), "cuts"),
    "appeals": (named_by(r'^to := "([a-z_]+)"', "statutes/osl_6"), "appeals"),
    "starts of a time": (named_by(r'^_safest_from := "([a-z_]+)"', "exchanges"), "counted_from"),
    "notices": (named_notices(), "notices"),
    "clocks": (values(Clock), "clocks"),
    "states of a request": (values(State) - {"interim", "done"}, "request_states"),
    "states of an order": ({"open", "done", "withdrawn"}, "order_states"),
    "urgencies": (values(Urgency), "urgencies"),
    "reasons": (values(RefusalReason), "reasons"),
    "concerns": (values(vocabulary.Concern), "concerns"),
    "statuses of an inquiry": (values(vocabulary.InquiryStatus), "inquiry_statuses"),
    "events of a condition": (values(vocabulary.ConditionEvent), "condition_events"),
    "who takes over": (values(vocabulary.HandedTo), "handed_to"),
    "outcomes of talks": (values(vocabulary.ConversationOutcome), "matter_outcomes"),
    "outcomes of defections": (values(vocabulary.DefectionOutcome), "matter_outcomes"),
    "organisations": (values(vocabulary.OrganisationType), "organisation_types"),
    "actions": (values(vocabulary.ActionType), "actions"),
    "what has become of a delivery": (values(vocabulary.SeenState), "seen_states"),
    "levels": (values(CouncilLevel), "levels"),
    "whose view was sought": (values(Sought), "views"),
    "whose view": (set(Views.model_fields) - {"why"}, "views_of"),
    "who may be told": (set(MayBeTold.model_fields), "may_be_told_to"),
    "signers": (values(SignerRole), "signers"),
    "forms": (values(ConsentForm), "forms"),
    "what is stated": (stated_fields() - NOT_IN_WORDS, ("stated", "flags")),
    "errors": (error_codes(), "errors"),
    "findings": (finding_codes(), "findings"),
    "faults of evidence": (evidence_codes(), "evidence"),
    "differences": (set(reconcile_topics.SORTS), "differences"),
    "statuses": ({"yes", "refer", "no"}, "statuses"),
    "kinds": (set(KINDS), "kinds"),
    "categories": (values(Category), "categories"),
    "units": (values(Unit), "units"),
    "roles": (values(Role), "roles"),
    "purposes": (values(Purpose), "purposes"),
    "programmes": (values(Programme), "programmes"),
    "approvals": (values(Approval), "approvals"),
    "kinds of authority": (values(AuthorityKind), "authority_kinds"),
}


@pytest.mark.parametrize("sort", NEEDED)
def test_every_id_has_a_text(sort: str) -> None:
    needed, tables = NEEDED[sort]
    assert needed, "the search for ids found none: has the code moved?"
    known = [texts.ids(table) for table in ([tables] if isinstance(tables, str) else tables)]
    assert needed - set().union(*known) == set()


SWEDISH_ONLY = {"command_help", "details", "faults", "help", "log"}
"""Tables whose ids are the English texts themselves."""
SV, EN = (texts.read(lang) for lang in texts.LANGUAGES)
EVERY = [(table, key) for table, terms in EN.items() for key in terms]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_hold_the_same_ids_and_each_text_takes_the_same_values() -> None:
    assert set(SV) == set(EN) | SWEDISH_ONLY
    assert {table: list(SV[table]) for table in EN} == {table: list(terms) for table, terms in EN.items()}
    for table, key in EVERY:
        swedish, english = SV[table][key], EN[table][key]
        assert fields(swedish) == fields(english), (table, key)
        assert english.strip() and (swedish.strip() or (table, key) == ("letters", "translated")), (table, key)


def asked_by_grounds() -> dict[tuple[str, str], bool]:
    """(ground, test) of every test that a paragraph asks -> the answer that supports release."""
    found = {}
    for ground, row in LAW["grounds"].items():
        text = "".join(rego(f"statutes/{'/'.join(row['at'])}"))
        for listed in re.findall(r"^asks := \{([^}]*)\}", text, re.MULTILINE):
            found |= {(ground, test): word == "true" for test, word in re.findall(r'"(\w+)": (true|false)', listed)}
        for test, against in re.findall(r"^asks_for\[i\]\.(\w+)( := false)? if", text, re.MULTILINE):
            found[ground, test] = not against
    return found


def test_each_ground_has_its_own_question_and_says_which_way_an_answer_goes() -> None:
    asked = asked_by_grounds()
    assert {("osl_18b", "concrete_risk"), ("osl_15a", "overriding_reasons"), ("osl_26_9e", "suspicion")} <= set(asked)
    assert [f"{ground}/{test}" for ground, test in asked if f"{ground}/{test}" not in texts.ids("questions")] == []
    assert texts.ids("answers") == texts.ids("tests") == values(WeighingTest) <= texts.ids("questions")
    for (_, test), supports in asked.items():
        if test != "maturity":
            assert SV["answers"][test].startswith("Ja ger stöd" if supports else "Ja talar mot"), test
            assert EN["answers"][test].startswith("Yes supports" if supports else "Yes is against"), test


def waiting() -> set[str]:
    """Conditions of which a reading may be open, or a fact not known."""
    found = {"equated", "secrecy_not_named"}
    for text in rego("statutes"):
        found |= set(re.findall(r'^(?:open|unknown)(?:_for\[i\])? contains "([a-z0-9_]+)"', text, re.MULTILINE))
    return found


def test_everything_that_is_unclear_says_what_would_settle_it() -> None:
    assert {"wording_unknown", "later_no", "incomplete"} <= waiting()
    assert waiting() - texts.ids("settles") == set()
    own = {key.split("/")[0] for key in texts.ids("settles") if "/" in key}
    assert own <= set(LAW["grounds"])


BANNED = re.compile(r"\b(bär|bärs|når|nås|mäklare)\b", re.IGNORECASE)
"""Words of our own that nobody at a board or a school uses of a statute: it `ger stöd`, `omfattar` or `bryter`."""
COMMANDS = re.compile(r"samband [a-z]+.*|--?[a-z-]+|\{\w+\}|[A-Z_]{4,}|[a-z-]+\.(?:key|db|json|csv|html|sh)")
"""What a text quotes of the command line."""
ENGLISH = re.compile(
    r"\b(the|and|not|with|is|are|of|that|this|which|must|released?|secrecy|recipient|sender|item)\b", re.I
)
SWEDISH = re.compile(r"[åäö]|\b(och|att|inte|som|med|eller|har|till|av|den som)\b", re.I)
NAMES = re.compile("kammarrätten|Rätt kurva|Åklagarmyndigheten|Säkerhetspolisen")
RAW = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


@pytest.mark.parametrize("table", EN)
def test_a_text_is_in_its_own_language_and_shows_no_id(table: str) -> None:
    for key in EN[table]:
        swedish, english = (COMMANDS.sub("", known[table][key]) for known in (SV, EN))
        assert not ENGLISH.search(swedish) and not BANNED.search(swedish), (key, swedish)
        assert not SWEDISH.search(NAMES.sub("", english)), (key, english)
        assert not RAW.search(swedish) and not RAW.search(english), (key, swedish, english)


def test_every_doubt_has_both_texts_and_is_told_once() -> None:
    listed = {place: paragraph.get("doubts") or [] for place, paragraph in BUNDLE.statutes.items()}
    assert any(listed.values())
    for place, doubts in listed.items():
        for doubt in doubts:
            assert set(doubt) == {"sv", "en"} and all(text.strip() for text in doubt.values()), place
            assert doubt["sv"] != doubt["en"], place
        for language in ("sv", "en"):
            assert len({doubt[language] for doubt in doubts}) == len(doubts), place


def test_the_searches_find_what_is_known_to_be_there() -> None:
    assert {"holder", "s170_8", "guardians_differ", "against_23", "in_force", "wording_unknown"} <= named_conditions()
    assert {"not_json", "unknown_kind", "missing_field", "wrong_type", "engine_error", "id_reused"} <= error_codes()
    assert {"leaf_hash", "column", "checkpoint_chain", "rollback"} <= finding_codes()
    assert {"receiver", "redress", "not_terrorist", "no_person"} <= named_conditions()
    assert {"receiver", "by_item", "dsa_18", "takedown"} <= NEEDED["bars of exchanges"][0]
    assert {"concerns_linked", "reminder", "preservation_ends"} <= named_notices()
    assert {"immediate", "closed_chat", "action"} <= stated_fields()


def test_a_field_has_one_sort_of_text_and_its_values_have_theirs() -> None:
    assert texts.ids("stated") == set(stated_view.VALUES) and set(stated_view.VALUES.values()) <= set(SV)
    assert not texts.ids("stated") & texts.ids("flags")
    assert not NOT_IN_WORDS & (texts.ids("stated") | texts.ids("flags"))


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    rooms = ("cli", "explanation")
    sources = {path: path.read_text("utf-8") for room in rooms for path in (ROOT / "broker" / room).glob("*.py")}
    elsewhere = [path.read_text("utf-8") for path in (ROOT / "agents").rglob("*.py")] + [
        path.read_text("utf-8") for path in (ROOT / "scenery").rglob("*.py")
    ]
    together = "\n".join([*sources.values(), *elsewhere])
    heads = tuple(re.findall(r"""words\(f["'](\w+_)\{""", together))
    sentences = SV["sentences"]
    unused = [key for key in sentences if f'"{key}"' not in together and f"'{key}'" not in together]
    assert [key for key in unused if not key.startswith(heads)] == []
    for path, text in sources.items():
        tree = ast.parse(text)
        assert set(calls(tree, "words", 0)) - {*sentences, *heads} == set(), path.name
        assert {*calls(tree, "term", 0), *calls(tree, "ids", 0)} - set(SV) == set(), path.name


def test_each_language_gives_its_own_text() -> None:
    assert Words(Lang.SV).term("outcomes", "refer") == "åter till avsändaren"
    assert Words(Lang.EN).term("outcomes", "refer") == "back to the sender"
    assert Words(Lang.EN)("record_number", n=3) == "record 3"
    assert [Words(lang).of({"sv": "öppet", "en": "open"}) for lang in Lang] == ["öppet", "open"]


def test_an_id_without_text_stands_for_itself() -> None:
    assert Words(Lang.SV).term("grounds", "new_ground") == "new_ground"
    assert Words(Lang.SV).barrier("new_bar") == "new_bar"
    assert Words(Lang.SV).term("grounds", None) == "–"


@pytest.mark.parametrize("lang", Lang)
def test_every_kind_stands_whole_in_the_table_of_outcomes(lang: Lang) -> None:
    words, tally, console = Words(lang), Tally(), Console(width=100)
    tally.outcomes.update({(kind, outcome): 1_234_567 for kind in KINDS for outcome in tables.OUTCOMES})
    with console.capture() as captured:
        console.print(run_view.outcomes(words, tally))
    shown = captured.get()
    assert [kind for kind in KINDS if words.term("kinds", kind) not in shown] == []


# --- what a person reads of a decision: the sample town's, one of each sort, without the statute texts beside it


def one_of_each_sort() -> list[Record]:
    """Of the town's decisions the first of each kind and outcome with the same bars."""
    found: dict[str, Record] = {}
    for seq, leaf in enumerate(town_log().leaves):
        if leaf["record"] == "decision":
            receipt = leaf["receipt"]
            bars = sorted(bar["id"] for bar in receipt["bars"])
            found.setdefault(
                f"{leaf['kind']} {receipt['outcome']} {bars} {len(receipt['items'])}", Record(seq, leaf, "")
            )
    return list(found.values())


@cache
def explained() -> list[dict[str, Any]]:
    """What `explain` says of each, which is the same in every language."""
    return [{**explanation(record, engine()), "statutes": []} for record in one_of_each_sort()]


def drawn(lang: Lang, parties: Register) -> Iterator[str]:
    """Each of them as `explain` shows it, on a wide page."""
    words, console = Words(lang, parties), Console(width=2000)
    for each in explained():
        with console.capture() as captured:
            console.print(decision(words, each, 90))
        yield captured.get()


AS_THEY_ARE = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{10}\b|samband|\(--all[^)]*\)|\((?:true|false)\)"
)
"""Ids of messages and persons, the broker's name, options, and the words that an answer is written with."""
ID = re.compile(r"(?<![\w-])[a-z][a-z0-9]+(?:-[a-z0-9]+)*(?![\w-])")


@pytest.mark.slow
@pytest.mark.parametrize("lang", Lang)
def test_a_decision_is_read_in_one_language_with_names_and_without_ids(lang: Lang) -> None:
    register = authorities.load(FOLDER / "authorities.json")
    names = {party.id: party.name for party in register}
    named = re.compile("|".join(re.escape(name) for name in sorted(names.values(), key=len, reverse=True)))
    of_another = ENGLISH if lang is Lang.SV else SWEDISH
    shown = 0
    for line in (line for page in drawn(lang, register) for line in AS_THEY_ARE.sub("", page).splitlines()):
        ids = [found for found in ID.findall(line) if "-" in found and found in names]
        shown += len(ids)
        assert [one for one in ids if names[one] not in line] == [], line
        plain = NAMES.sub("", ID.sub(lambda found: "" if found[0] in names else found[0], named.sub("", line)))
        assert not RAW.search(plain) and not of_another.search(plain), line
        for once in ("missing_test", "missing_fact"):
            assert line.count(beginning(lang, once)) <= 1, line
    assert shown > 50


def beginning(lang: Lang, sentence: str) -> str:
    """How a sentence begins, before what is filled in."""
    return texts.text(lang, "sentences", sentence).partition("{")[0]


def test_each_condition_that_fails_says_what_stands_in_the_way() -> None:
    found = {"in_force", "kind"}
    for text in rego("statutes"):
        for listed in re.findall(r"^conditions := (.*?\})", text, re.MULTILINE | re.DOTALL):
            found |= set(re.findall(r'"(\w+)"', listed))
    assert {"holder", "s170_2", "recruits"} <= found
    assert found <= texts.ids("obstacles")


def test_a_negation_is_never_negated_and_a_condition_stands_in_any_clause() -> None:
    """A condition is said after "oklart om": no negation, and no adverb after the verb."""
    for table, negation in (
        (SV["conditions"], r"\b(inte|ingen|inget)\b"),
        (EN["conditions"], r"\b(is not|nobody)\b|^no "),
    ):
        negated = {name for name, text in table.items() if re.search(negation, text)}
        assert negated - texts.ids("obstacles") == set()
    moved = re.compile(r"\b(?:är|har|gäller|hör|löd|rör) (?:inte|själv|också|redan)\b")
    assert [text for text in SV["conditions"].values() if moved.search(text)] == []


def test_what_changed_in_a_replay_has_a_name_in_each_language() -> None:
    given = Decision(outcome="refer", asks=("need",), appeal={"ref": None}).receipt()
    assert set(given) <= texts.ids("receipt_fields")
    row = {"seq": 1, "kind": "Tip", "message": number(1), "then": given, "now": given, "changed": sorted(given)}
    console = Console(width=300)
    with console.capture() as captured:
        console.print(list_view.differences(Words(Lang.SV), [row]))
    shown = captured.get()
    assert "hinder" in shown and "vägledning" in shown
    assert not any(re.search(rf"\b{field}\b", shown) for field in given)


def test_a_kind_in_a_fault_has_its_name() -> None:
    detail = "kind: this sort of sender may not send InformationRequest"
    told = Words(Lang.SV).detail(detail)
    assert told == "kind: detta slags avsändare får inte sända Begäran om uppgifter (InformationRequest)"


@pytest.mark.parametrize(
    ("party", "shown"),
    [
        ("polismyndigheten", "Polismyndigheten"),
        ("aklagarmyndigheten", "Åklagarmyndigheten"),
        ("kommun-0127", "Botkyrka kommun kommun-0127"),
        ("skola-okand", "skola-okand"),
    ],
)
def test_a_party_has_its_name_and_the_id_that_the_name_does_not_give(party: str, shown: str) -> None:
    assert tables.party(Words(Lang.SV), {"authority": party, "unit": "registry"}).plain == shown


def test_what_a_human_decides_without_an_answer_says_what_would_settle_it() -> None:
    receipt = {"outcome": "refer", "bars": [], "items": []}
    told = verdict_view.bar_text(Words(Lang.SV), {"id": "consent", "ref": "OSL 12:2", "items": []}, receipt).plain
    assert "går inte att avgöra än" in told and "→ Ta reda på vems underskrift som saknas" in told
    asked = verdict_view.bar_text(
        Words(Lang.SV), {"id": "osl_26_9a", "ref": None, "items": []}, receipt | {"asks": ["x"]}
    )
    assert "saknar svar" in asked.plain
    incomplete = {"id": "incomplete", "ref": None, "items": []}
    condition = verdict_view.bar_text(Words(Lang.SV), incomplete, receipt, "ConditionNotice").plain
    assert "villkoret med plats och tider" in condition, "of a notice that lacks something: what it must tell"
