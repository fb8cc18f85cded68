"""Third story: the man believed to hire children, and the firm that pays them.

Contact details under 4 §, state authorities under 5 §, cooperation under 2016:774, and requests that can't be had.
"""

from scenery.town.people import ADAM, ELLIOT, FIRM, NOEL, SAGA, YARA
from scenery.town.places import (
    ASSOCIATION,
    CLINIC,
    CRIME_UNIT,
    HOUSING_COMPANY,
    SJOGLIMT,
    TALLKOTTEN,
    education,
    social,
    state,
)
from scenery.town.writing import Town, judgements, none_applies, piece, refer, release, withhold

CASE = "SYD-2026-0398"
NEED = "Polisen utreder vem som värvar barn till budkörning och behöver uppgifterna för att nå och avgränsa kretsen."


def contact_details(town: Town) -> None:
    """4 § of 2025:170, PSL 6:15 beside it."""
    insurance = state("forsakringskassan")
    asked = town.request(
        "4 § is claimed for contact details: any authority may be asked.",
        "2026-09-17T07:00:00Z",
        CRIME_UNIT.to(insurance),
        ADAM,
        purpose="detect",
        need=NEED,
        categories=["phone_or_email", "home_address"],
        basis=["s170_4"],
        case=CASE,
    )
    town.disclosure(
        "4 §: the second item lacks the answer on exceptional reasons (synnerliga skäl).",
        "2026-09-18T09:00:00Z",
        insurance.to(CRIME_UNIT),
        ADAM,
        [
            piece(
                "phone_or_email",
                "budfirman@exempel.invalid",
                ["OSL 28:1"],
                release("2025:170 4 §"),
                answers=judgements("handläggare", exceptional_reasons=False),
            ),
            piece("home_address", "Exempelvägen 12.", ["OSL 28:1"], refer("2025:170 4 §", "exceptional_reasons")),
        ],
        basis=["s170_4"],
        in_reply_to=asked,
    )
    asked = town.request(
        "A private clinic has both duties: of the stay (PSL 6:15) and of contact details (4 §).",
        "2026-09-18T10:00:00Z",
        CRIME_UNIT.to(CLINIC),
        ADAM,
        purpose="investigate",
        need=NEED,
        categories=["stay_in_care", "phone_or_email"],
        basis=["psl_6_15", "s170_4"],
        doubtful=["psl_6_15"],
        case=CASE,
    )
    town.disclosure(
        "PSL 6:15 tells whether he stays there, 4 § how he is reached; his record is reached by neither.",
        "2026-09-18T13:00:00Z",
        CLINIC.to(CRIME_UNIT),
        ADAM,
        [
            piece(
                "stay_in_care",
                "Han är inskriven sedan den 16 september.",
                ["PSL 6:12"],
                release("PSL 6:15", doubtful=["psl_6_15"]),
            ),
            piece("phone_or_email", "070-000 00 00", ["PSL 6:12"], release("2025:170 4 §")),
            piece("health_record", "Diagnos.", ["PSL 6:12"], withhold("PSL 6:15", "psl_6_15")),
        ],
        basis=["psl_6_15", "s170_4"],
        in_reply_to=asked,
        circumstances=["particular_case"],
        answers=judgements("verksamhetschef", exceptional_reasons=False),
    )


def state_authorities(town: Town) -> None:
    """5 § of 2025:170, OSL 6:5 and 2016:774."""
    migration = state("migrationsverket")
    asked = town.request(
        "5 § is claimed of an authority that it lists; the girl has a samordningsnummer.",
        "2026-09-18T07:30:00Z",
        CRIME_UNIT.to(migration),
        YARA,
        purpose="prevent",
        need="Flickan kan ha värvats på sitt boende. Polisen behöver veta var hon är registrerad.",
        categories=["migration_status", "other"],
        basis=["s170_5"],
        case=CASE,
    )
    town.disclosure(
        "5 §: released where secrecy does not clearly prevail; of what nobody asked for the need is asked as well.",
        "2026-09-21T08:00:00Z",
        migration.to(CRIME_UNIT),
        YARA,
        [
            piece(
                "migration_status",
                "Uppehållstillstånd, registrerad i Nacka.",
                ["OSL 37:1"],
                release("2025:170 5 §"),
                answers=judgements("beslutsfattare", secrecy_clearly_prevails=False),
            ),
            piece(
                "other",
                "Vad hon har berättat om sin familj.",
                ["OSL 37:1"],
                withhold("2025:170 5 §", "s170_5"),
                answers=judgements("beslutsfattare", secrecy_clearly_prevails=True),
            ),
            piece(
                "housing",
                "Vilka som bor på samma adress.",
                ["OSL 37:1"],
                refer("2025:170 5 §", "need"),
                answers=judgements("beslutsfattare", secrecy_clearly_prevails=False),
            ),
        ],
        basis=["s170_5"],
        in_reply_to=asked,
    )
    companies = state("bolagsverket")
    asked = town.request(
        "A request about an organisation, with no ground claimed.",
        "2026-09-21T09:00:00Z",
        CRIME_UNIT.to(companies),
        FIRM,
        purpose="investigate",
        need=NEED,
        categories=["company"],
        case=CASE,
    )
    town.disclosure(
        "OSL 6:5: what no secrecy covers is given to the authority that asks.",
        "2026-09-21T09:20:00Z",
        companies.to(CRIME_UNIT),
        FIRM,
        [
            piece(
                "company",
                "Registrerad 2026-02-03, en styrelseledamot.",
                [],
                release("OSL 6:5"),
                answers=none_applies("handläggare", "Bolagsregistret är offentligt."),
            )
        ],
        basis=["no_secrecy"],
        in_reply_to=asked,
    )
    town.disclosure(
        "2016:774: in the decided cooperation the duty goes between the authorities of the list.",
        "2026-09-21T10:00:00Z",
        state("forsakringskassan").to(state("skatteverket")),
        ADAM,
        [piece("benefit", "Sjukpenning sedan april, samtidigt lön.", ["OSL 28:1"], release("2016:774 2 §"))],
        basis=["s2016_774"],
        purpose="detect",
        answers=judgements("handläggare", need=True, overriding_reasons=False),
    )
    town.disclosure(
        "OSL 10:27: obvious interest between two municipalities, for a pupil's placement.",
        "2026-09-21T11:00:00Z",
        education("0126").to(education("0127")),
        SAGA,
        [piece("school_placement", "Hon byter skola den 5 oktober.", ["OSL 23:2"], release("OSL 10:27"))],
        basis=["osl_27"],
        purpose="support",
        answers=judgements("skolchef", obvious_interest=True),
    )


def not_to_be_had(town: Town) -> None:
    """Requests that are withheld for the ground they claim, and one whose reading is open."""
    town.request(
        "The asker is no law-enforcement authority: 2 §.",
        "2026-09-22T08:00:00Z",
        social("0127").to(TALLKOTTEN),
        ELLIOT,
        purpose="prevent",
        need="Nämnden planerar insatser.",
        categories=["school_attendance"],
        basis=["s170_7_request"],
        outcome="withhold",
        bars=["s170_2"],
    )
    town.request(
        "Wrong payments are no purpose of 3 §.",
        "2026-09-22T09:00:00Z",
        state("skatteverket").to(social("0181")),
        NOEL,
        purpose="wrong_payment",
        need="Kontroll av arbetsgivaravgifter.",
        categories=["employment"],
        basis=["s170_6"],
        outcome="withhold",
        bars=["s170_3"],
    )
    town.request(
        "An association is outside the duty of 6 §.",
        "2026-09-22T09:30:00Z",
        CRIME_UNIT.to(ASSOCIATION),
        NOEL,
        purpose="prevent",
        need=NEED,
        categories=["observation"],
        basis=["s170_6"],
        outcome="withhold",
        bars=["s170_6"],
        case=CASE,
    )
    town.request(
        "7 § second paragraph is the rektor's own initiative: never had on request.",
        "2026-09-22T09:45:00Z",
        CRIME_UNIT.to(SJOGLIMT),
        SAGA,
        purpose="prevent",
        need=NEED,
        categories=["school_incident"],
        basis=["s170_7_own"],
        outcome="withhold",
        bars=["s170_7_own"],
        case=CASE,
    )
    asked = town.request(
        "Whether a municipal company is bound by 6 § is open: back to the asker.",
        "2026-09-22T10:00:00Z",
        CRIME_UNIT.to(HOUSING_COMPANY),
        ADAM,
        purpose="detect",
        need=NEED,
        categories=["housing"],
        basis=["s170_6"],
        outcome="refer",
        doubtful=["s170_6"],
        case=CASE,
    )
    refusal = {"categories": ["housing"], "reason": "not_held"}
    town.unusable(
        "A request that was not forwarded can't be answered.",
        town.envelope("Refusal", "2026-09-22T10:30:00Z", HOUSING_COMPANY.to(CRIME_UNIT), refusal, in_reply_to=asked),
        "not_your_request",
    )
