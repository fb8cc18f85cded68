"""Takes a recorded decision apart: what was decided of each item, what each ground found, and the texts behind.

The result is a plain object: printed as it is with --json, drawn by `drawing` for people.
"""

from collections.abc import Iterable
from dataclasses import asdict

from broker.adapters.archive import Record
from broker.decision import Json, PolicyInput
from broker.ports import EngineError, PolicyEngine

_ORDER = ("yes", "refer", "no")
_OBSTACLES = ("failing", "against", "unanswered", "open", "unknown", "unreached")


def explanation(record: Record, engine: PolicyEngine) -> Json:
    """All that can be said of one record. What grounds found is asked again, under the policy installed now."""
    leaf = record.leaf
    told: Json = {
        "seq": record.seq,
        "leaf": record.leaf_hash,
        "record": leaf["record"],
        "recorded": leaf["recorded"],
        "message": leaf["message"],
        "kind": leaf.get("kind"),
        "sender": leaf["sender"],
        "recipient": leaf.get("recipient"),
        "time": leaf.get("time"),
        "subject": leaf.get("subject"),
        "case": leaf.get("case"),
        "in_reply_to": leaf.get("in_reply_to"),
        "receipt": leaf["receipt"],
    }
    if leaf["record"] != "decision":
        return told
    asked: PolicyInput = leaf["input"]
    verdicts = {str(verdict["item"]): verdict for verdict in leaf["receipt"]["items"]}
    try:
        found = engine.findings(asked)
    except EngineError:
        found = {}
    told["basis"] = asked["basis"]
    told["same_policy"] = leaf["policy"] == engine.revision
    told["items"] = [_item(index, asked, verdicts[index], found, engine) for index in sorted(verdicts, key=int)]
    told["statutes"] = statutes(_shown(told, engine), engine)
    return told


def _item(index: str, asked: PolicyInput, verdict: Json, found: Json, engine: PolicyEngine) -> Json:
    facts = asked["items"][index]
    order = asked["basis"] or list(engine.grounds)
    tried = [
        _finding(ground, by_item[index], engine)
        for ground, by_item in sorted(found.items(), key=lambda pair: order.index(pair[0]))
        if index in by_item
    ]
    tried.sort(key=lambda finding: (_ORDER.index(finding["status"]), obstacles(finding)))
    return {
        **verdict,
        "category": facts["category"],
        "purpose": facts["purpose"],
        "on_request": facts["on_request"],
        "secrecy": [provision["named"] for provision in facts["secrecy"]],
        "answers": facts["answers"],
        "ages": [person["age"] for person in facts["persons"]],
        "tried": tried,
    }


def _finding(ground: str, finding: Json, engine: PolicyEngine) -> Json:
    kept = {name: sorted(finding[name]) for name in _OBSTACLES}
    return {
        "ground": ground,
        "ref": engine.grounds[ground],
        "status": finding["status"],
        **kept,
        "refer_to": next(iter(finding["refer_to"]), None),
        "doubtful": finding["doubtful"],
    }


def obstacles(finding: Json) -> int:
    """How much stands between a ground and carrying, missing answers not counted."""
    return sum(len(finding[name]) for name in _OBSTACLES if name != "unanswered")


def _shown(told: Json, engine: PolicyEngine) -> list[str]:
    """Grounds and references whose texts belong beside the decision: those that decided, item by item."""
    wanted: list[str] = []
    receipt = told["receipt"]
    for item in told["items"]:
        barred = [bar for bar in receipt["bars"] if item["item"] in bar["items"]]
        deciding = [finding["ground"] for finding in item["tried"] if finding["ref"] == item["ref"]]
        if item["outcome"] != "withhold":
            wanted += [item.get("ground") or "", *deciding[:1]]
        wanted += [_source(bar, engine) for bar in barred]
    wanted += [ground["id"] for ground in receipt["grounds"]]
    return wanted + [_source(bar, engine) for bar in receipt["bars"]]


def _source(bar: Json, engine: PolicyEngine) -> str:
    """A bar that is a ground has that ground's text, for two grounds can share one reference."""
    return str(bar["id"] if bar["id"] in engine.grounds else bar["ref"] or "")


def statutes(names: Iterable[str], engine: PolicyEngine) -> list[Json]:
    """The texts of grounds and references, each once, in order."""
    texts: dict[str, Json] = {}
    for name in dict.fromkeys(names):
        statute = engine.statute(name)
        if statute is not None and statute.title not in texts:
            texts[statute.title] = {
                "ref": statute.ref,
                "title": statute.title,
                "text": statute.text,
                "in_force": statute.in_force,
                "doubts": [asdict(doubt) for doubt in statute.doubts],
            }
    return list(texts.values())


def titles(engine: PolicyEngine) -> dict[str, str]:
    """The statute's own title of each ground, without its number."""
    found = ((ground, engine.statute(ground)) for ground in engine.grounds)
    return {ground: statute.title.partition(" – ")[2] for ground, statute in found if statute is not None}
