"""Thirteenth story, Södertälje: a man of nineteen and a girl of sixteen want to leave (avhopparverksamhet).

A strong threat, motivation and the person's own consent first; to the coordinator alone; then month by month.
"""

from typing import Any

from scenery.town.acts_group import consent, yes
from scenery.town.people import LOVA, NOEL, Json
from scenery.town.places import DEFECTION, PUBLIC, Route, police, social
from scenery.town.writing import Town, goes_back, piece, release, stays, withhold

OFFICE = social("0181")
HUDDINGE = social("0126")
HIS = "AVH-2026-011"
HERS = "AVH-2026-012"
CASE = "SOD-SN-2026-077"
NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")


def consents(town: Town) -> None:
    """His old consent ended in September. He signs alone; of her guardians one says no."""
    _refers(
        town,
        "The consent of September is over.",
        "2026-10-29T08:00:00Z",
        {"consent": "AVH-2026-003"},
        **stays("consent"),
    )
    no = [*yes("subject", "guardian"), {"role": "guardian", "answer": "no"}]
    for why, at, body in (
        ("From eighteen: his own signature, anew.", "2026-10-29T09:00:00Z", _consent(HIS, NOEL, yes("subject"), 0)),
        ("Sixteen: she and one guardian say yes, the other no.", "2026-10-29T09:10:00Z", _consent(HERS, LOVA, no, 2)),
    ):
        town.registration("ConsentGiven", why, at, OFFICE, body, case=CASE)


def referrals(town: Town) -> tuple[str, str, str]:
    """What comes before the coordinator hears of anybody. Gives his referral, hers, and one that did not go on."""
    for why, at, more, bar in (
        ("No strong threat has been assessed.", "10:00", {"threat_assessed": False}, "prerequisites"),
        ("He has not made up his mind.", "10:10", {"motivated": False}, "prerequisites"),
        ("That is somebody else's consent.", "10:20", {"consent": HERS}, "consent"),
    ):
        _refers(town, why, f"2026-10-29T{at}:00Z", more, **stays(bar))
    stopped = _refers(
        town,
        "Strictest need to know: the coordinator alone, not the police area.",
        "2026-10-29T10:30:00Z",
        {},
        route=OFFICE.to(police("0181")),
        **stays("receiver"),
    )
    _refers(
        town,
        "A consent belongs to the authority that registered it.",
        "2026-10-29T10:40:00Z",
        {},
        route=HUDDINGE.to(DEFECTION),
        **stays("consent"),
    )
    went = _refers(town, "Threat, motivation and consent: referred to the coordinator.", "2026-10-29T11:00:00Z", {})
    hers = {"subject": LOVA, "consent": HERS}
    _refers(
        town,
        "FB 6:13: one guardian's no beside another's yes is for a human.",
        "2026-10-29T11:10:00Z",
        hers,
        **goes_back("consent", doubtful=["consent"]),
    )
    town.registration(
        "ConsentGiven",
        "The other guardian has come round: given again it is a new version.",
        "2026-11-02T09:00:00Z",
        OFFICE,
        _consent(HERS, LOVA, yes("subject", "guardian", "guardian"), 2),
        case=CASE,
    )
    went_too = _refers(town, "Now the girl is referred too.", "2026-11-02T09:30:00Z", hers)
    town.unusable(
        "Nobody is referred through the public's intake.",
        town.envelope(
            "DefectionReferral",
            "2026-11-02T10:00:00Z",
            PUBLIC.to(DEFECTION),
            {"subject": NOEL, "threat_assessed": True, "motivated": True, "consent": HIS},
        ),
        "kind_not_allowed",
    )
    return went, went_too, stopped


def withdrawn_between(town: Town) -> None:
    """The same message before and after he takes his consent back."""
    for why, at, verdict in (
        ("His consent carries it.", "2026-11-16T09:00:00Z", release("OSL 12:2")),
        ("The same an hour after he took it back.", "2026-11-16T11:00:00Z", withhold("OSL 12:2", "consent")),
    ):
        if verdict.outcome == "withhold":
            town.registration(
                "ConsentWithdrawn",
                "He takes his consent back; it counts at once.",
                "2026-11-16T10:00:00Z",
                OFFICE,
                {"consent": HIS, "by": "subject"},
                case=CASE,
            )
        town.disclosure(
            why,
            at,
            OFFICE.to(DEFECTION),
            NOEL,
            [piece("housing", "Lägenheten i den andra kommunen är klar i december.", ["OSL 26:1"], verdict)],
            basis=["consent"],
            purpose="support",
            case=CASE,
        )
    why = "Nor is he referred again under it."
    _refers(town, why, "2026-11-16T11:30:00Z", {}, **stays("consent"))


def follow_ups(town: Town, his: str, hers: str, stopped: str) -> None:
    """Month by month, without names, between the two who know of it, as long as the referral's consent lives."""
    months: tuple[tuple[str, str, Route, str, str, Json], ...] = (
        ("Her first month, told to the coordinator.", "2026-11-30T09:00:00Z", OFFICE.to(DEFECTION), hers, "1", {}),
        (
            "The coordinator answers with what the police see.",
            "2026-12-01T09:00:00Z",
            DEFECTION.to(OFFICE),
            hers,
            "1",
            {"protected_data": "met"},
        ),
        (
            "He has taken his consent back: the municipality keeps his second month itself.",
            "2026-12-30T09:00:00Z",
            OFFICE.to(OFFICE),
            his,
            "2",
            {"housing": "met", "outcome": "discontinued"},
        ),
    )
    for why, at, route, referral, month, more in months:
        ground = None if route == OFFICE.to(OFFICE) else "consent"
        town.other("DefectionFollowUp", why, at, route, _month(referral, month, more), ground=ground)
    not_told = "Nor is his month told to the coordinator under it."
    body = _month(his, "2", {})
    town.other("DefectionFollowUp", not_told, "2026-12-30T09:30:00Z", OFFICE.to(DEFECTION), body, **stays("consent"))
    for why, at, route, referral in (
        ("Another municipality has no part in it.", "2026-12-30T10:00:00Z", HUDDINGE.to(DEFECTION), his),
        ("Nor does it go to a third.", "2026-12-30T10:10:00Z", OFFICE.to(HUDDINGE), his),
        (
            "A referral that was withheld has nothing to follow up.",
            "2026-12-30T10:20:00Z",
            OFFICE.to(DEFECTION),
            stopped,
        ),
    ):
        body = _month(referral, "2", {})
        town.other("DefectionFollowUp", why, at, route, body, **stays("not_own"))


def _month(referral: str, month: str, more: Json) -> Json:
    usual: Json = dict.fromkeys(NEEDS, "unmet") | {"debts": "unknown", "addiction": "not_needed", "contact": "met"}
    return {"referral": referral, "month": month, **usual, "outcome": "running", **more}


def _consent(name: str, about: Json, given_by: list[Json], guardians: int) -> Json:
    return consent(
        name,
        about,
        given_by,
        guardians,
        programme="defection",
        parties=["kommun-0181", "polismyndigheten"],
        categories=["threat", "network", "housing"],
        purposes=["support", "prevent"],
        valid_from="2026-10-29",
        valid_until="2027-04-30",
    )


def _refers(
    town: Town,
    why: str,
    at: str,
    more: Json,
    *,
    route: Route | None = None,
    outcome: str = "forward",
    **expected: Any,
) -> str:
    usual: Json = {"subject": NOEL, "threat_assessed": True, "motivated": True, "consent": HIS}
    ground = "consent" if outcome == "forward" else None
    way, body = route or OFFICE.to(DEFECTION), {**usual, **more}
    given: Json = {"case": CASE, "outcome": outcome, "ground": ground, **expected}
    return town.other("DefectionReferral", why, at, way, body, **given)
