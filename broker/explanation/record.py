"""Takes a recorded decision apart: what was decided of each item, what each ground found, and the texts behind.

The result is a plain object: printed as it is with --json, drawn by `broker.cli.decision_view` for people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from broker.adapters.sql.read_model import Record
from broker.authorities import ANONYMOUS
from broker.explanation import law, missing
from broker.model.days import as_number, swedish_day
from broker.model.decision import Json, PolicyInput, in_todays_form
from broker.model.vocabulary import Outcome
from broker.ports.policy import EngineError, PolicyDecisionPoint

_ORDER = ("yes", "refer", "no")
_OBSTACLES = ("failing", "against", "unanswered", "open", "unknown", "unreached", "unclear")
_BRAKES = {"protected_identity", "wording_unknown"}
_BY_CATEGORY = ("InformationRequest", "Refusal")
"""Kinds without items that the law looks at category by category; of the others it looks at the message as a whole."""


_TOLD_BY = {"purge": "purged", "redelivery": "redelivered", "erasure": "erased", "hold": "held", "handover": "handover"}
"""What each record of the broker's own says, beside the notices."""


def explanation(record: Record, engine: PolicyDecisionPoint) -> Json:
    """All that can be said of one record. What grounds found is asked again, under the policy installed now.

    An anonymous sender is none: not even the party that handed the message over is told of.
    """
    leaf = record.leaf
    explained: Json = {
        "seq": record.seq,
        "leaf": record.leaf_hash,
        "record": leaf["record"],
        "recorded": leaf["recorded"],
        "message": leaf["message"],
        "kind": leaf.get("kind"),
        "sender": None if _is_anonymous(leaf) else leaf.get("sender"),
        "recipient": leaf.get("recipient"),
        "time": leaf.get("time"),
        "subject": leaf.get("subject"),
        "case": leaf.get("case"),
        "in_reply_to": leaf.get("in_reply_to"),
        **{name: leaf[name] for name in ("acknowledges", "go_to", "unit") if name in leaf},
        **{name: leaf[name] for name in ("secrecy", "may_be_told", "views") if name in leaf},
        "receipt": leaf["receipt"],
    }
    if leaf["record"] == "notice":
        return {
            **explained,
            "notice": leaf["notice"],
            "statutes": statutes([leaf["notice"]["ref"] or ""], engine, _day(leaf)),
        }
    if (told := _TOLD_BY.get(leaf["record"])) is not None:
        return {**explained, told: leaf[told]}
    if leaf["record"] != "decision":
        return explained
    asked = in_todays_form(leaf["input"])
    verdicts = {str(verdict["item"]): verdict for verdict in leaf["receipt"]["items"]}
    try:
        findings = engine.findings(asked)
    except EngineError:
        findings = {}
    explained["basis"] = asked["basis"]
    explained["same_policy"] = leaf["policy"] == engine.revision
    explained["stated"] = asked.get("stated")
    explained["items"] = [_item(index, asked, verdicts[index], findings, engine) for index in sorted(verdicts, key=int)]
    explained["whole"] = [] if verdicts else list(_whole(asked, findings, engine))
    if not verdicts and leaf["receipt"]["outcome"] != Outcome.FORWARD:
        explained |= missing.of_item(asked, missing.WHOLE, engine)
    explained["statutes"] = statutes(_references(explained, engine), engine, asked["day"])
    return explained


def _day(leaf: Json) -> int:
    """The day of a record, as the law counts days."""
    return as_number(swedish_day(datetime.fromisoformat(leaf["time"])))


def _is_anonymous(leaf: Json) -> bool:
    return (leaf.get("sender") or {}).get("authority") == ANONYMOUS


def _item(index: str, asked: PolicyInput, verdict: Json, findings: Json, engine: PolicyDecisionPoint) -> Json:
    facts = asked["items"][index]
    claimed = {ground: engine.grounds[ground] for ground in asked["basis"]}
    tried = _grounds_tried(index, claimed or engine.grounds, findings)
    lacks = {} if verdict["outcome"] == "release" else missing.of_item(asked, index, engine)
    return {
        **verdict,
        **lacks,
        "category": facts["category"],
        "purpose": facts["purpose"],
        "on_request": facts["on_request"],
        "secrecy": [provision["named"] for provision in facts["secrecy"]],
        "answers": facts["answers"],
        "ages": [asked["persons"][key]["age"] for key in facts["persons"]],
        "tried": tried,
    }


def _whole(asked: PolicyInput, findings: Json, engine: PolicyDecisionPoint) -> Iterable[Json]:
    """What the grounds found that a message without items claims, or that its kind rests on."""
    kind = asked["kind"]
    grounds = {ground: engine.grounds[ground] for ground in asked["basis"]} or law.own_grounds(kind)
    for index in sorted(asked["items"], key=int) if grounds else ():
        category = asked["items"][index]["category"] if kind in _BY_CATEGORY else None
        yield {"category": category, "tried": _grounds_tried(index, grounds, findings)}


def _grounds_tried(index: str, grounds: Mapping[str, str | None], findings: Json) -> list[Json]:
    """What these grounds found on one item: what carries first, then what is nearest to it."""
    here = {ground: by_item[index] for ground, by_item in findings.items() if index in by_item}
    tried = [_finding(ground, ref, here[ground]) for ground, ref in grounds.items() if ground in here]
    return sorted(tried, key=lambda finding: (_ORDER.index(finding["status"]), obstacles(finding)))


def _finding(ground: str, ref: str | None, finding: Json) -> Json:
    kept = {name: sorted(finding[name]) for name in _OBSTACLES}
    return {
        "ground": ground,
        "ref": ref,
        "status": finding["status"],
        **kept,
        "without_stycke": sorted(finding["without_stycke"]),
        "consent_lacks": sorted(finding["consent_lacks"]),
        "refer_to": next(iter(finding["refer_to"]), None),
        "doubtful": finding["doubtful"],
    }


def obstacles(finding: Json) -> int:
    """How much stands between a ground and carrying, missing answers not counted."""
    return sum(len(finding[name]) for name in _OBSTACLES if name != "unanswered")


def deciding(decided: Json, tried: list[Json]) -> list[Json]:
    """Those of a whole message's findings that tell why: what carries, what lacks answers, or what comes nearest."""
    receipt = decided["receipt"]
    if decided["basis"]:
        return tried
    carrying = {ground["id"] for ground in receipt["grounds"]}
    if receipt["outcome"] == Outcome.FORWARD:
        return [finding for finding in tried if finding["ground"] in carrying]
    if not {bar["id"] for bar in receipt["bars"]} & (_BRAKES | {finding["ground"] for finding in tried}):
        return []  # what stops it is no ground's to say
    if receipt["outcome"] == Outcome.REFER:
        return [finding for finding in tried if finding["status"] != "no"]
    fewest = min((obstacles(finding) for finding in tried), default=0)
    return [finding for finding in tried if obstacles(finding) == fewest]


def _references(explained: Json, engine: PolicyDecisionPoint) -> list[str]:
    """Grounds and references whose texts belong beside the decision: those that decided, item by item."""
    wanted: list[str] = []
    receipt = explained["receipt"]
    for part in explained["whole"]:
        wanted += [finding["ground"] for finding in deciding(explained, part["tried"])]
    for item in explained["items"]:
        barred = [bar for bar in receipt["bars"] if item["item"] in bar["items"]]
        of_this_ref = [finding["ground"] for finding in item["tried"] if finding["ref"] == item["ref"]]
        if item["outcome"] != "withhold":
            wanted += [item.get("ground") or "", *of_this_ref[:1]]
        wanted += [_source(bar, engine) for bar in barred]
    wanted += [ground["id"] for ground in receipt["grounds"]]
    wanted += [_source(bar, engine) for bar in receipt["bars"]]
    appeal = receipt.get("appeal") or {}
    return [*wanted, appeal.get("ref") or "", (appeal.get("within") or {}).get("ref") or ""]


def _source(bar: Json, engine: PolicyDecisionPoint) -> str:
    """A bar that is a ground has that ground's text, for two grounds can share one reference."""
    return str(bar["id"] if engine.statute(bar["id"]) else bar["ref"] or "")


def statutes(names: Iterable[str], engine: PolicyDecisionPoint, day: int) -> list[Json]:
    """The texts of grounds and references, each once, in order, as they are worded on a day (20261121)."""
    texts: dict[str, Json] = {}
    for name in dict.fromkeys(names):
        statute = engine.statute(name, day)
        if statute is not None and statute.title not in texts:
            texts[statute.title] = {
                "ref": statute.ref,
                "title": statute.title,
                "text": statute.text,
                "in_force": statute.in_force,
                "doubts": [asdict(doubt) for doubt in statute.doubts],
            }
    return list(texts.values())


def titles(engine: PolicyDecisionPoint) -> dict[str, str]:
    """The statute's own title of each ground, without its number."""
    statutes = ((ground, engine.statute(ground)) for ground in engine.grounds)
    return {ground: statute.title.partition(" – ")[2] for ground, statute in statutes if statute is not None}
