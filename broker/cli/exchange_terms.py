"""Texts in Swedish and English for the exchanges without items: what they state, notices, appeals, registers."""

from broker.cli.terms import Terms

# --- what a message states


URGENCIES: Terms = {
    "routine": ("normal", "routine"),
    "urgent": ("brådskande", "urgent"),
    "immediate": ("omedelbar", "immediate"),
}

WARNINGS: Terms = {
    "conditions_sent": (
        "bara en del gick ut, men villkorstexten (conditions) gick med: se efter vad den säger",
        "only a part went out, but the text of conditions went with it: look at what it says",
    ),
}

REASONS: Terms = {
    "withheld": ("lämnas inte ut", "withheld"),
    "not_held": ("finns inte", "not held"),
    "cannot_say": ("kan inte säga", "cannot say"),
}

CONCERNS: Terms = {
    "violence": ("våld", "violence"),
    "neglect": ("omsorgsbrist", "neglect"),
    "crime": ("brottslighet", "crime"),
    "drugs": ("narkotika", "drugs"),
    "school_absence": ("skolfrånvaro", "absence from school"),
    "honour": ("hedersrelaterat våld och förtryck", "honour-related violence and oppression"),
    "network": ("kriminellt nätverk", "criminal network"),
    "other": ("annat", "other"),
}

STATUSES: Terms = {
    "opened": ("utredning inledd", "inquiry opened"),
    "not_opened": ("utredning inte inledd", "inquiry not opened"),
    "running": ("utredning pågår redan", "inquiry already running"),
}

HANDED_TO: Terms = {
    "guardian": ("vårdnadshavare", "guardian"),
    "social_board": ("socialnämnd", "social board"),
}

OUTCOMES: Terms = {
    "agreed": ("överens om nästa steg", "agreed on a next step"),
    "declined": ("avböjde", "declined"),
    "follow_up": ("följs upp", "to be followed up"),
    "running": ("pågår", "running"),
    "completed": ("fullföljt", "completed"),
    "discontinued": ("avbrutet", "discontinued"),
}
"""Of a talk with guardians, and of a defection."""

ORGANISATIONS: Terms = {
    "hvb": ("hem för vård eller boende (HVB)", "care home (HVB)"),
    "family_home": ("familjehem", "family home"),
    "defection_contractor": ("avhopparverksamhet", "defection contractor"),
    "association": ("förening", "association"),
    "other": ("annan", "other"),
}

LEVELS: Terms = {
    "national": ("nationell", "national"),
    "regional": ("regional", "regional"),
    "local": ("lokal", "local"),
}

ACTIONS: Terms = {
    "order": ("föreläggande att avlägsna", "order to remove"),
    "effect": ("besked om verkan", "report of effect"),
    "information": ("föreläggande att lämna upplysningar", "order to give information"),
    "suspicion": ("underrättelse om misstanke om brott", "notification of a suspected offence"),
}

STATED: Terms = {
    "urgency": ("brådska", "urgency"),
    "reason": ("skäl", "reason"),
    "concerns": ("oro", "concern"),
    "status": ("beslut", "decision"),
    "handed_to": ("överlämnas till", "handed to"),
    "outcome": ("resultat", "outcome"),
    "type": ("verksamhet", "organisation"),
    "level": ("nivå", "level"),
    "action": ("åtgärd", "action"),
}
"""Fields of `stated` whose value has a text, and `VALUES` with those texts."""

VALUES: dict[str, Terms] = {
    "urgency": URGENCIES,
    "reason": REASONS,
    "concerns": CONCERNS,
    "status": STATUSES,
    "handed_to": HANDED_TO,
    "outcome": OUTCOMES,
    "type": ORGANISATIONS,
    "level": LEVELS,
    "action": ACTIONS,
}

FLAGS: Terms = {
    "immediate": ("skydd kan behövas genast", "protection may be needed at once"),
    "anonymous": ("anonymt", "anonymous"),
    "feedback_requested": ("återkoppling begärd", "feedback requested"),
    "text": ("med egna ord därtill", "with words of its own"),
    "handed": ("överlämnat", "handed over"),
    "invited": ("socialtjänsten inbjuden", "social services invited"),
    "concern_met": ("skäl att anmäla oro", "cause for a notification of concern"),
    "named": ("en person är namngiven", "a person is named"),
    "personal_data": ("personuppgifter", "personal data"),
    "threat_assessed": ("hotbilden är bedömd", "the threat is assessed"),
    "motivated": ("personen är motiverad", "the person is motivated"),
    "closed_chat": ("sluten chatt", "closed chat"),
    "link_to_sweden": ("anknytning till Sverige", "link to Sweden"),
}
"""Fields of `stated` that say something when they are true."""

# --- what is left out, and how a refusal is appealed

CUTS: Terms = {
    "osl_26_9a": ("orden vid sidan av beskedet lämnas inte", "the words along with it are not given"),
    "open_information": ("små tal lämnas inte", "small numbers are not given"),
}

APPEALS: Terms = {
    "kammarratten": ("beslutet får överklagas till kammarrätten", "the decision may be appealed to kammarrätten"),
    "regeringen": ("beslutet får överklagas till regeringen", "the decision may be appealed to the Government"),
    "court_of_appeal": (
        "en domstols beslut överklagas i den ordning som gäller för den domstolen",
        "a court's decision is appealed in the order that holds for that court",
    ),
    "unclear": (
        "beslutet får överklagas till kammarrätten om skolan jämställs med en myndighet",
        "the decision may be appealed to kammarrätten if the school is equated with an authority",
    ),
    "none": ("beslutet kan inte överklagas här", "the decision can't be appealed here"),
}

COUNTED_FROM: Terms = {
    "decided": ("dagen för beslutet", "the day of the decision"),
    "received": ("den dag då mottagaren fick del av beslutet", "the day when the recipient got the decision"),
}

# --- notices


NOTICES: Terms = {
    "consent_registered": ("Samtycke registrerat", "Consent registered"),
    "consent_withdrawn": ("Samtycke återkallat", "Consent withdrawn"),
    "concerns_linked": ("Flera anmälningar om samma barn", "Several notifications of the same child"),
    "reminder": ("Påminnelse: tiden går snart ut", "Reminder: the time is soon out"),
    "overdue": ("Tiden har gått ut", "The time is out"),
    "escalated": ("Till kontaktpunkten: tiden har gått ut", "To the contact point: the time is out"),
    "last_reminder": ("Sista påminnelsen: tiden har gått ut", "Last reminder: the time is out"),
    "question_waits": ("Påminnelse: en motfråga väntar på svar", "Reminder: a question back waits for an answer"),
    "protection_term_ends": (
        "Tiden för den omedelbara skyddsbedömningen går ut",
        "The time for the immediate protection assessment ends",
    ),
    "inquiry_term_ends": ("Tiden för utredningen går ut", "The time for the inquiry ends"),
    "effect_overdue": ("Tiden för att avlägsna innehållet har gått ut", "The time to remove the content is out"),
    "preservation_ends_soon": ("Bevarandet upphör snart", "The preservation ends soon"),
    "preservation_ends": ("Bevarandet upphör", "The preservation ends"),
    "concern_not_notified": ("Oron är ännu inte anmäld", "The concern is not notified yet"),
}

CLOCKS: Terms = {
    "answer": ("svar på begäran", "answer to a request"),
    "protection": ("omedelbar skyddsbedömning", "immediate protection assessment"),
    "decision": ("beslut att inleda utredning eller inte", "decision to open an inquiry or not"),
    "feedback": ("information till anmälaren", "information to the notifier"),
    "inquiry": ("utredning", "inquiry"),
    "effect": ("avlägsnande efter föreläggande", "removal after an order"),
    "preservation": ("bevarande av avlägsnat innehåll", "preservation of removed content"),
    "concern": ("anmälan efter orossamtal", "notification after a talk with guardians"),
}

# --- registers

REQUEST_STATES: Terms = {
    "open": ("öppen", "open"),
    "paused": ("väntar på svar på motfråga", "waits for an answer to a question back"),
    "partly_answered": ("delvis besvarad", "partly answered"),
    "answered": ("besvarad", "answered"),
    "refused": ("avslagen", "refused"),
    "withdrawn": ("återkallad", "withdrawn"),
}

CONCERN_STATES: Terms = {
    "open": ("väntar på beslut", "waits for a decision"),
    "decided": ("beslutad", "decided"),
}

ORDER_STATES: Terms = {
    "open": ("väntar på verkan", "waits for effect"),
    "done": ("verkställt", "carried out"),
    "withdrawn": ("återkallat", "withdrawn"),
}

SIGNERS: Terms = {
    "subject": ("personen själv", "the person"),
    "guardian": ("vårdnadshavare", "guardian"),
}

FORMS: Terms = {
    "written": ("skriftligt", "written"),
    "oral": ("muntligt", "oral"),
}
