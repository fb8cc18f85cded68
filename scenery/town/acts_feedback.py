"""Sixth story, second part: the board decides on the notifications (SoL 20:2), and tells who asked (SoL 19:6)."""

from scenery.town.acts_concern import CASE, POLICE, SOCIAL, TEACHER, Reported
from scenery.town.places import PUBLIC, social
from scenery.town.writing import Json, Town, goes_back, judgements, stays

OPENED = {"status": "opened", "decided_on": "2026-10-05"}
RUNNING = {"status": "running", "decided_on": "2026-10-05"}
TELLING = "osl_26_9a"
FITS = judgements("socialsekreterare", not_unsuitable=True)


def decision(town: Town, reported: Reported) -> None:
    """The fourteen days end with the decision. It is the board's own, recorded with itself."""
    for why, at, reply, body in (
        ("Within fourteen days: an inquiry is opened.", "2026-10-05T08:00:00Z", reported.teacher, OPENED),
        (
            "The inquiry runs already: the nurse's notification joins it.",
            "2026-10-05T08:05:00Z",
            reported.nurse,
            RUNNING,
        ),
        ("So does that of the police.", "2026-10-05T08:10:00Z", reported.police, RUNNING),
        ("And the anonymous one.", "2026-10-05T08:15:00Z", reported.unnamed, RUNNING),
    ):
        town.registration("ConcernDecision", why, at, SOCIAL, body, in_reply_to=reply, case=CASE)
    town.registration(
        "ConcernDecision",
        "A decision on no notification at all.",
        "2026-10-05T08:20:00Z",
        SOCIAL,
        OPENED,
        **stays("not_own"),
    )
    another, school = social("0126"), TEACHER
    town.unusable(
        "A board can't decide on a notification that another board received.",
        town.envelope(
            "ConcernDecision", "2026-10-05T09:00:00Z", another.to(another), OPENED, in_reply_to=reported.teacher
        ),
        "not_your_request",
    )
    town.unusable(
        "A school decides on no inquiry.",
        town.envelope("ConcernDecision", "2026-10-05T09:10:00Z", school.to(school), OPENED),
        "kind_not_allowed",
    )
    town.unusable(
        "The decision stays with the board: what the reporter may hear is feedback.",
        town.envelope("ConcernDecision", "2026-10-05T09:20:00Z", SOCIAL.to(TEACHER), OPENED),
        "wrong_recipient",
    )


def feedback(town: Town, reported: Reported) -> None:
    """Opened, not opened or running, and no more; to those of SoL 19:1 and 19:2 only."""
    greeting = "Tack för din anmälan."
    replies: tuple[tuple[str, str, Json, Json], ...] = (
        (
            "OSL 26:9 a asks whether telling is unsuitable: nobody has answered.",
            "2026-10-06T07:00:00Z",
            OPENED,
            goes_back(TELLING, asks=["not_unsuitable"]),
        ),
        (
            "Answered: the teacher hears that an inquiry is open; the words along with it stay with the board.",
            "2026-10-06T09:00:00Z",
            {**OPENED, "text": greeting, "assessments": FITS},
            {"ground": TELLING, "bars": [TELLING], "partial": True},
        ),
    )
    for why, at, body, outcome in replies:
        route = SOCIAL.to(TEACHER)
        town.other("ConcernFeedback", why, at, route, body, in_reply_to=reported.teacher, case=CASE, **outcome)
    town.other(
        "ConcernFeedback",
        "The board finds it unsuitable that the nurse is told.",
        "2026-10-06T09:10:00Z",
        SOCIAL.to(TEACHER),
        {**RUNNING, "assessments": judgements("socialsekreterare", not_unsuitable=False)},
        in_reply_to=reported.nurse,
        **stays(TELLING),
        case=CASE,
    )
    town.other(
        "ConcernFeedback",
        "A private person gets none, also one who gave a name and asked.",
        "2026-10-06T09:20:00Z",
        SOCIAL.to(PUBLIC),
        {**RUNNING, "assessments": FITS},
        in_reply_to=reported.relative,
        **stays(TELLING),
        case=CASE,
    )
    town.other(
        "ConcernFeedback",
        "Nobody can answer the anonymous one: that the public's intake passed it on is stored nowhere.",
        "2026-10-06T09:30:00Z",
        SOCIAL.to(PUBLIC),
        {**RUNNING, "assessments": FITS},
        in_reply_to=reported.unnamed,
        **stays(TELLING),
        case=CASE,
    )
    town.other(
        "ConcernFeedback",
        "The police are told another thing than what is recorded: a human looks before it goes.",
        "2026-10-06T09:40:00Z",
        SOCIAL.to(POLICE),
        {"status": "not_opened", "decided_on": "2026-10-05", "assessments": FITS},
        in_reply_to=reported.police,
        **goes_back("not_as_decided"),
        case=CASE,
    )
    town.other(
        "ConcernFeedback",
        "Late: more than a week after the decision. It goes all the same; the clock has told of it.",
        "2026-10-15T08:00:00Z",
        SOCIAL.to(POLICE),
        {**RUNNING, "assessments": FITS},
        in_reply_to=reported.police,
        ground=TELLING,
        case=CASE,
    )
