"""Short texts in Swedish and English for ids that only the report shows: vocabulary -> id -> (svenska, English).

What the commands show too comes from them (`Labels.borrowed`).
"""

from collections.abc import Mapping

from broker.terms import Terms

VOCABULARIES: Mapping[str, Terms] = {
    "states": {
        "answered": ("besvarad", "answered"),
        "partly_answered": ("delvis besvarad", "partly answered"),
        "refused": ("avslagen", "refused"),
        "withdrawn": ("återkallad", "withdrawn"),
        "asked_back": ("väntar på motfråga", "question back"),
        "open": ("öppen, i tid", "open, in time"),
        "overdue": ("öppen, försenad", "open, overdue"),
    },
    "clock_states": {
        "within": ("i tid", "in time"),
        "late": ("för sent", "late"),
        "ended": ("avslutad på annat sätt", "ended otherwise"),
        "running": ("pågår", "running"),
        "overdue": ("försenad", "overdue"),
    },
    "sectors": {
        "police": ("polis", "police"),
        "social_services": ("socialtjänst", "social services"),
        "school": ("skola", "school"),
        "health_care": ("hälso- och sjukvård", "health care"),
        "municipality": ("kommun i övrigt", "municipality, other"),
        "state": ("stat i övrigt, domstol", "state, other, and courts"),
        "civil_society": ("civilsamhälle", "civil society"),
        "digital_platform": ("digital plattform", "digital platform"),
        "public": ("allmänhet", "the public"),
    },
    "uses": {
        "claimed": ("åberopat i begäran", "claimed in requests"),
        "released_on_request": ("uppgifter lämnade på begäran", "items released on request"),
        "released_own": ("uppgifter lämnade på eget initiativ", "items released on own initiative"),
        "referred": ("uppgifter åter för prövning", "items back for assessment"),
        "withheld": ("uppgifter som inte lämnats", "items withheld"),
    },
    "consents": {
        "given": ("lämnade", "given"),
        "renewed": ("förnyade", "renewed"),
        "withdrawn": ("återkallade", "withdrawn"),
        "ran_out": ("löpte ut", "ran out"),
        "in_force": ("gäller 31 december", "in force on 31 December"),
    },
    "cases": {
        "started": ("personer, delning inledd", "persons, sharing started"),
        "ended": ("personer, delning avslutad", "persons, sharing ended"),
    },
    "agreements": {
        "in_force": ("gäller 31 december", "in force on 31 December"),
        "ended": ("upphörde under året", "ended during the year"),
        "one_party": ("väntar på motpart", "waits for another party"),
    },
    "concern_marks": {
        "immediate": ("omedelbart skydd kan behövas", "immediate protection may be needed"),
        "anonymous": ("anonym anmälare", "anonymous reporter"),
        "feedback_requested": ("återkoppling begärd", "feedback requested"),
    },
    "numbers": {
        "notifications": ("anmälningar", "notifications"),
        "decisions": ("beslut", "decisions"),
        "persons": ("personer", "persons"),
        "reports": ("anmälningar", "reports"),
    },
    "custody": {
        "handed_over": ("överlämnade", "handed over"),
        "not_yet": ("ännu inte överlämnade", "not yet handed over"),
    },
    "talks": {
        "invited_concern": ("socialtjänst inbjuden, oro", "social services invited, concern"),
        "invited_no_concern": ("socialtjänst inbjuden, ingen oro", "social services invited, no concern"),
        "not_invited_concern": ("inte inbjuden, oro", "not invited, concern"),
        "not_invited_no_concern": ("inte inbjuden, ingen oro", "not invited, no concern"),
    },
    "senders": {
        "anonymous": ("anonym avsändare", "anonymous sender"),
        "named": ("känd avsändare", "known sender"),
    },
    "needs": {
        "housing": ("boende", "housing"),
        "income": ("försörjning", "income"),
        "debts": ("skulder", "debts"),
        "addiction": ("beroende", "addiction"),
        "health": ("hälsa", "health"),
        "occupation": ("sysselsättning", "occupation"),
        "protected_data": ("skyddade personuppgifter", "protected personal data"),
        "contact": ("kontaktperson", "contact person"),
    },
    "need_answers": {
        "met": ("tillgodosett", "met"),
        "unmet": ("inte tillgodosett", "unmet"),
        "not_needed": ("inget behov", "not needed"),
        "unknown": ("okänt", "unknown"),
    },
    "channels": {
        "open_channel": ("öppen kanal", "open channel"),
        "closed_chat": ("sluten chatt", "closed chat"),
    },
    "barred": {
        "messages": ("meddelanden", "messages"),
        "items": ("uppgifter", "items"),
    },
    "quarantined": {
        "kept": ("kvar i karantän", "still in quarantine"),
        "run_again": ("kört igen", "run again"),
    },
    "measures": {
        "median_hours": ("median", "median"),
        "p90_hours": ("90 procent inom", "90 per cent within"),
        "share_within": ("andel i tid", "share in time"),
    },
    "terms": {
        "answer_immediate": ("svar på omedelbar begäran", "answer to an immediate request"),
        "answer_urgent": ("svar på brådskande begäran", "answer to an urgent request"),
        "answer_routine": ("svar på normal begäran", "answer to a routine request"),
        "feedback_at_once": ("information när utredning redan pågår", "information where an inquiry runs already"),
    },
    "units": {
        "hours": ("{n} tim", "{n} h"),
        "days": ("{n} dygn", "{n} days"),
        "months": ("{n} mån", "{n} months"),
    },
    "kinds": {
        "Disclosure": ("Utlämnande på begäran", "Disclosure on request"),
        "DisclosureOwn": ("Utlämnande på eget initiativ", "Disclosure on own initiative"),
    },
    "counties": {"none": ("utan län", "no county")},
    "paragraphs": {"none": ("utan lagrum", "no provision")},
    "any": {
        "sum": ("summa", "sum"),
        "unknown": ("uppgift saknas", "not stated"),
    },
    "months": {
        "01": ("januari", "January"), "02": ("februari", "February"), "03": ("mars", "March"),
        "04": ("april", "April"), "05": ("maj", "May"), "06": ("juni", "June"), "07": ("juli", "July"),
        "08": ("augusti", "August"), "09": ("september", "September"), "10": ("oktober", "October"),
        "11": ("november", "November"), "12": ("december", "December"),
    },
}  # fmt: skip
