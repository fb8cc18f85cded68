"""Exchanges between two authorities: unlawful requests, refusals, corrections, recalls, answers in parts."""

from typing import Any

from scenery.county.people import company
from scenery.county.scene import between
from scenery.county.story import Json, Story
from scenery.town.places import Desk
from scenery.town.writing import judgements, none_applies

_NEED = "Uppgifterna behövs i ett pågående ärende."


def _ask(story: Story, asker: Desk, asked: Desk, about: Json, categories: list[str], **more: Any) -> str:
    body = {**about, "purpose": "prevent", "need": _NEED, "categories": categories, **more}
    return story.send("InformationRequest", asker, asked, body, case=story.case("K"))


_NOT_HAD = (
    ("social", "school", "s170_7_request", "prevent", "school_attendance"),
    ("public", "school", "s170_7_request", "prevent", "school_attendance"),
    ("crime_unit", "company", "s170_6", "detect", "housing"),
    ("skatteverket", "registry", "s170_6", "wrong_payment", "employment"),
    ("crime_unit", "club", "s170_6", "prevent", "observation"),
    ("crime_unit", "school", "s170_7_own", "prevent", "school_incident"),
    ("crime_unit", "trafikverket", "s170_5", "detect", "vehicle"),
    ("crime_unit", "forsakringskassan", "s170_4", "detect", "benefit"),
    ("kriminalvarden", "social", "sol_15_7", "other", "stay_in_care"),
    ("crime_unit", "company", "s170_4", "detect", "home_address"),
)
"""Asker, asked, the ground claimed, purpose and category of requests that can't be had, or whose reading is open."""


def not_had(story: Story) -> None:
    """A request for a ground that can't be had, or one whose reading is open; nobody can answer it."""
    asker, asked, claimed, purpose, category = _NOT_HAD[story.turn("not had", len(_NOT_HAD))]
    person = {"subject": story.person(14, 20)}
    one, other = story.desk(asker), story.desk(asked)
    sent = _ask(story, one, other, person, [category], purpose=purpose, basis=[claimed])
    if asker != "public" and story.chance(0.3):
        story.wait((0.1, 2.0))
        body = {"categories": [category], "reason": "not_held"}
        story.send("Refusal", other, one, body, reply=sent)


def refused(story: Story) -> None:
    """A refusal in words: with its provision and test, or without what it needs."""
    asked, category, ref, test = story.rng.choice(
        (
            ("school", "school_support", "2025:170 7 §", "overriding_reasons"),
            ("school", "health_record", "OSL 25:1", ""),
            ("social", "social_record", "OSL 26:1", ""),
            ("forsakringskassan", "benefit", "2025:170 5 §", "secrecy_clearly_prevails"),
            ("registry", "permit", "2025:170 6 §", "secrecy_clearly_prevails"),
            ("social", "home_address", "2025:170 4 §", "exceptional_reasons"),
            ("registry", "permit", "FL 31 §", ""),
        )
    )
    police, other = story.desk("police"), story.desk(asked)
    sent = _ask(story, police, other, {"subject": story.person(14, 20)}, [category])
    between(story, other, police, sent)
    body: Json = {"categories": [category], "reason": "withheld", "text": "Uppgifterna lämnas inte ut.", "ref": ref}
    lot = story.rng.random()
    if lot < 0.2:
        body |= {"reason": story.rng.choice(("not_held", "cannot_say")), "ref": None}
    elif lot < 0.25:
        body["ref"] = None
    elif test and lot < 0.85:
        body["assessments"] = [{"test": test, "holds": lot < 0.8, "assessed_by": "beslutsfattare"}]
    story.send("Refusal", other, police, body, reply=None if lot > 0.95 else sent)


def corrected(story: Story) -> None:
    """A disclosure, its correction and its recall; and what somebody else tries with it."""
    school, police = story.desk("school"), story.desk("police")
    pupil = story.person(12, 17)

    def tell(sender: Desk, text: str, replaces: str | None = None) -> str:
        item = {"category": "school_incident", "content": text, "secrecy": ["OSL 23:2"]}
        answers = judgements("rektor", need=True, overriding_reasons=False)
        body = {"subject": pupil, "items": [item], "purpose": "prevent", "basis": ["s170_7_own"]}
        return story.send("Disclosure", sender, police, {**body, "assessments": answers, "replaces": replaces})

    first = tell(school, "En bil har väntat utanför skolan tre dagar i rad.")
    story.wait((0.1, 2.0))
    lot = story.rng.random()
    if lot < 0.5:
        second = tell(school, "Rättelse: två dagar, inte tre.", first)
        story.send("Recall", school, police, {"message": first, "text": "Ersatt av rättelsen."})
        if story.chance(0.2):
            story.send("Recall", school, story.desk("tullverket"), {"message": second})
    elif lot < 0.8:
        story.send("Recall", school, police, {"message": first, "text": "Gällde en annan elev."})
    elif lot < 0.9:
        tell(story.desk("preschool"), "Rättelse av en annan skolas uppgift.", first)
    else:
        story.send("Recall", story.desk("social"), police, {"message": first})


def seen(story: Story) -> None:
    """A request is opened and registered, handed over, or said not to be theirs; or somebody else says so."""
    police, board = story.desk("police"), story.desk("social")
    sent = _ask(story, police, board, {"subject": story.person(12, 17)}, ["social_record"])

    def say(sender: Desk, state: str, **more: Any) -> str:
        return story.send("Acknowledgement", sender, police, {"message": sent, "state": state, **more})

    match story.turn("seen", 4):
        case 0:
            first = say(board, "opened")
            say(board, "registered", reference=story.case("SN"))
            story.send("Acknowledgement", police, board, {"message": first, "state": "opened"})
        case 1:
            say(board, "handed_over", unit="education_office")
        case 2:
            say(board, "not_for_us")
        case _:
            say(story.desk("school"), "opened")
            story.send("Acknowledgement", board, story.desk("tullverket"), {"message": sent, "state": "opened"})


def in_parts(story: Story) -> None:
    """A request for several categories with no ground claimed, and an answer of several parts."""
    police, school = story.desk("police"), story.desk("school")
    about = {"subject": story.person(12, 17)}
    categories = ["school_attendance", "school_incident", "health_record"]
    sent = _ask(story, police, school, about, categories, urgency="urgent")
    between(story, school, police, sent)
    secrecy = (("OSL 23:2",), ("OSL 23:2",), ("OSL 25:1",))
    answers = [judgements("rektor", overriding_reasons=False), [], judgements("rektor", overriding_reasons=False)]
    items: list[Json] = [
        {"category": category, "content": "Uppgift ur akten.", "secrecy": list(under), "assessments": judgement}
        for category, under, judgement in zip(categories, secrecy, answers, strict=True)
    ]
    body = {**about, "items": items, "basis": ["s170_7_request"]}
    story.send("Disclosure", school, police, body, reply=sent)
    refusal = {"categories": ["health_record"], "reason": "withheld", "ref": "OSL 25:1", "text": "Elevhälsans uppgift."}
    story.send("Refusal", school, police, refusal, reply=sent)


def astray(story: Story) -> None:
    """An answer to what was asked of another, or about another; a registration with another; two grounds together."""
    police, school = story.desk("police"), story.desk("school")
    asked_about = {"subject": story.person(12, 17)}
    item: Json = {"category": "school_attendance", "content": "Frånvaro.", "secrecy": ["OSL 23:2"]}
    body: Json
    lot = story.turn("answer astray", 5)
    if lot < 3:
        sent = _ask(story, police, school, asked_about, ["school_attendance"])
        story.wait((0.1, 2.0))
        other = story.desk("private_school") if lot == 0 else school
        about = {"subject": story.person(12, 17)} if lot == 1 else asked_about
        to = story.desk("tullverket") if lot == 2 else police
        story.send("Disclosure", other, to, {**about, "items": [item], "purpose": "prevent"}, reply=sent)
    elif lot == 3:
        body = {"consent": "SIG-0", "by": "guardian"}
        story.send("ConsentWithdrawn", story.desk("social"), story.desk("club"), body)
    else:
        both = {**item, "category": "school_support", "secrecy": ["OSL 26:1", "OSL 23:2"]}
        body = {
            "subject": story.person(15, 20),
            "items": [both],
            "purpose": "investigate",
            "offence": {"provision": "BrB 8:5", "committed": True},
            "assessments": judgements("enhetschef", importance=True),
            "basis": ["osl_23", "osl_24"],
        }
        story.send("Disclosure", story.desk("social"), police, body)


def about_a_firm(story: Story) -> None:
    """What no secrecy covers, about a firm, asked for and given."""
    registrar, unit = story.desk("bolagsverket"), story.desk("crime_unit")
    about = {"organisation": company(story.rng)}
    sent = _ask(story, unit, registrar, about, ["company"], purpose="investigate")
    story.wait((0.1, 3.0))
    item: Json = {"category": "company", "content": "Registrerad i februari, en styrelseledamot."}
    if story.turn("about a firm", 2) == 0:
        item["assessments"] = none_applies("handläggare", "Bolagsregistret är offentligt.")
    story.send("Disclosure", registrar, unit, {**about, "items": [item], "basis": ["no_secrecy"]}, reply=sent)
