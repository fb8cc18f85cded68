"""The whole story in order, with the three files that it makes."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from scenery.town import (
    acts_answers,
    acts_area,
    acts_casework,
    acts_concern,
    acts_custody,
    acts_days,
    acts_defection,
    acts_faults,
    acts_feedback,
    acts_group,
    acts_organisations,
    acts_platform,
    acts_programmes,
    acts_protected,
    acts_public,
    acts_recruiter,
    acts_reports,
    acts_robbery,
    acts_school,
    acts_seen,
    acts_social,
)
from scenery.town.places import AUTHORITIES
from scenery.town.writing import Town

FOLDER = Path(__file__).parent


@cache
def town() -> Town:
    """The town, built. A line is decided with what earlier lines have recorded, so the order of the acts matters."""
    built = Town()
    september(built)
    october(built)
    november(built)
    acts_days.birthday(built)
    acts_days.new_rule(built)
    acts_days.unknown_wording(built)
    acts_days.new_orders(built)
    acts_days.private_school(built)
    acts_days.partnership_ends(built)
    return built


def september(built: Town) -> None:
    """The stories of the boy with the parcels, the group, the recruiter, the robbery and the protected girl."""
    request = acts_school.school_is_asked(built)
    acts_school.own_initiative(built)
    acts_social.concern(built)
    acts_social.police_are_told(built)
    acts_faults.damaged(built)
    acts_faults.repeated(built)
    acts_group.agreement(built)
    acts_group.saga(built)
    acts_group.emil_and_tyra(built)
    acts_group.noel(built)
    acts_casework.group_meets(built)
    acts_casework.councils(built)
    acts_recruiter.contact_details(built)
    acts_recruiter.state_authorities(built)
    acts_recruiter.not_to_be_had(built)
    acts_faults.not_allowed(built, request)
    acts_robbery.robbery(built)
    acts_robbery.younger_ones(built)
    acts_robbery.opinion(built)
    acts_robbery.home_for_care(built)
    acts_reports.schools(built)
    acts_reports.social_services(built)
    acts_reports.extremism(built)
    acts_protected.asked_about_her(built)
    acts_protected.harm(built)


def october(built: Town) -> None:
    """A child that several worry about, the night patrol, and all that people in the area tell and ask."""
    reported = acts_concern.three_reporters(built)
    acts_concern.not_so_simple(built)
    acts_concern.protected(built)
    acts_feedback.decision(built, reported)
    acts_feedback.feedback(built, reported)
    acts_custody.handovers(built)
    acts_custody.conversations(built)
    acts_answers.school_answers(built)
    acts_answers.state_refuses(built)
    acts_answers.taken_back(built)
    acts_public.tips(built)
    acts_public.tips_that_stop(built)
    acts_public.reports(built)
    acts_public.support(built)
    acts_organisations.bad_actors(built)
    acts_area.partnership(built)
    acts_area.pictures(built)
    acts_area.measures(built)
    acts_programmes.programmes(built)
    acts_programmes.unusual_members(built)
    acts_programmes.councils(built)


def november(built: Town) -> None:
    """Two who want to leave, and a channel that hires children."""
    acts_defection.consents(built)
    his, hers, stopped = acts_defection.referrals(built)
    acts_platform.reported(built)
    ordered = acts_platform.orders(built)
    acts_platform.effects(built, ordered)
    acts_platform.information(built)
    acts_defection.withdrawn_between(built)
    acts_defection.follow_ups(built, his, hers, stopped)
    acts_social.condition(built)
    acts_seen.unseen(built)


def messages() -> bytes:
    """`messages.jsonl`: one message a line; not all of it is UTF-8, for one line is broken on purpose."""
    return b"".join(line + b"\n" for line in town().lines)


def expected_lines() -> bytes:
    """`expected.jsonl`: what the author expects of each line."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in town().expected)


def authorities() -> bytes:
    """`authorities.json`: the register file, one party a line."""
    rows: list[dict[str, Any]] = AUTHORITIES
    return ("[\n" + ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n]\n").encode()


FILES: dict[str, Callable[[], bytes]] = {
    "messages.jsonl": messages,
    "authorities.json": authorities,
    "expected.jsonl": expected_lines,
}
"""Each file's name and what makes its content."""
