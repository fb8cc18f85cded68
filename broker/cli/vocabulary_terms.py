"""Texts in Swedish and English for the words of the contract: kinds, categories, units, roles and the like."""

from broker import terms as shared
from broker.cli.terms import Terms

CATEGORIES = shared.CATEGORIES
ROLES = shared.ROLES
UNITS = shared.UNITS

KINDS: Terms = {
    "InformationRequest": ("Begäran om uppgifter", "Information request"),
    "Clarification": ("Förtydligande", "Clarification"),
    "Interim": ("Delsvar", "Interim answer"),
    "Disclosure": ("Utlämnande", "Disclosure"),
    "Refusal": ("Avslag", "Refusal"),
    "Recall": ("Återkallelse", "Recall"),
    "ConsentGiven": ("Samtycke", "Consent"),
    "ConsentWithdrawn": ("Återkallat samtycke", "Consent withdrawn"),
    "CooperationAgreement": ("Överenskommelse", "Agreement"),
    "CaseSharing": ("Delning i samverkan", "Case sharing"),
    "ConcernNotification": ("Orosanmälan", "Concern notification"),
    "ConcernDecision": ("Beslut om oro", "Concern decision"),
    "ConcernFeedback": ("Återkoppling", "Concern feedback"),
    "CustodyHandover": ("Överlämnande", "Custody handover"),
    "GuardianConversation": ("Orossamtal", "Guardian conversation"),
    "Tip": ("Tips", "Tip"),
    "OffenceReport": ("Brottsanmälan", "Offence report"),
    "SupportEnquiry": ("Fråga om stöd", "Support enquiry"),
    "OrganisationConcern": ("Oro för verksamhet", "Organisation concern"),
    "SituationPicture": ("Lägesbild", "Situation picture"),
    "MeasureNotice": ("Besked om åtgärd", "Measure notice"),
    "CouncilReferral": ("Ärende till råd", "Council referral"),
    "DefectionReferral": ("Avhopparärende", "Defection referral"),
    "DefectionFollowUp": ("Avhoppsuppföljning", "Defection follow-up"),
    "ChannelReport": ("Kanalanmälan", "Channel report"),
    "ChannelAction": ("Kanalåtgärd", "Channel action"),
}

AUTHORITY_KINDS: Terms = {
    "state_authority": ("statlig myndighet", "state authority"),
    "municipality": ("kommun", "municipality"),
    "region": ("region", "region"),
    "court": ("domstol", "court"),
    "municipal_company": ("kommunalt bolag", "municipal company"),
    "school": ("skola", "school"),
    "private_social_care": ("enskild socialtjänst", "private social care"),
    "private_health_care": ("enskild vård", "private health care"),
    "civil_society": ("civilsamhälle", "civil society"),
    "digital_platform": ("digital plattform", "digital platform"),
    "public_intake": ("allmänhetens intag", "public intake"),
}

APPROVALS: Terms = {
    "legal_person_2_5": ("juridisk person, godkänd i skolväsendet", "a legal person, approved in the school system"),
    "other": ("enskild, ej godkänd så", "private, not approved so"),
    "not_stated": ("enskild, godkännande ej angivet", "private, approval not stated"),
}
"""How a private school's principal is approved."""

PURPOSES: Terms = {
    "prevent": ("förebygga brottslig verksamhet", "prevent criminal activity"),
    "avert": ("förhindra brottslig verksamhet", "avert criminal activity"),
    "detect": ("upptäcka brottslig verksamhet", "detect criminal activity"),
    "investigate": ("utreda brott", "investigate offences"),
    "prosecute": ("lagföra brott", "prosecute offences"),
    "support": ("stöd", "support"),
    "wrong_payment": ("felaktig utbetalning", "wrong payment"),
    "cheating": ("fusk", "cheating"),
    "other": ("annat", "other"),
}

PROGRAMMES: Terms = {
    "sig": ("SIG", "SIG"),
    "sspf": ("SSPF", "SSPF"),
    "trefas": ("Trefas", "Trefas"),
    "losam": ("LOSAM", "LOSAM"),
    "ratt_kurva": ("Rätt kurva", "Rätt kurva"),
    "bob_local": ("lokalt BOB-råd", "local BOB council"),
    "defection": ("avhopparverksamhet", "defection"),
    "crime_alliance": ("samverkan mot organiserad brottslighet", "alliance against organised crime"),
    "iop": ("idéburet offentligt partnerskap", "partnership with civil society"),
    "other": ("annan", "other"),
}

INBOX_TYPES: Terms = {
    "delivery": ("leverans", "delivery"),
    "receipt": ("kvitto", "receipt"),
    "notice": ("underrättelse", "notice"),
}

STATES: Terms = {
    "in_force": ("gäller", "in force"),
    "not_yet": ("gäller ännu inte", "not yet in force"),
    "ended": ("har upphört", "ended"),
    "replaced": ("ersatt", "replaced"),
    "withdrawn": ("återkallat", "withdrawn"),
    "one_party": ("väntar på motpart", "waits for another party"),
}
