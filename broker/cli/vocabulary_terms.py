"""Texts in Swedish and English for the words of the contract: kinds, categories, units, roles and the like."""

from broker.cli.terms import Terms

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

CATEGORIES: Terms = {
    "home_address": ("bostadsadress", "home address"),
    "phone_or_email": ("telefon eller e-post", "phone or e-mail"),
    "workplace": ("arbetsplats", "workplace"),
    "representative": ("ombud eller företrädare", "representative"),
    "username_or_ip": ("användarnamn eller ip-adress", "user name or IP address"),
    "comparable_contact": ("jämförbar kontaktuppgift", "comparable contact detail"),
    "school_attendance": ("skolnärvaro", "school attendance"),
    "school_placement": ("skolplacering", "school placement"),
    "school_incident": ("händelse i skolan", "school incident"),
    "school_support": ("stöd i skolan", "support at school"),
    "benefit": ("förmån", "benefit"),
    "employment": ("anställning", "employment"),
    "vehicle": ("fordon", "vehicle"),
    "housing": ("boende", "housing"),
    "stay_in_care": ("vistelse i vård", "stay in care"),
    "permit": ("tillstånd", "permit"),
    "company": ("företag", "company"),
    "migration_status": ("migrationsstatus", "migration status"),
    "custody_status": ("frihetsberövande", "custody status"),
    "social_record": ("socialtjänstens akt", "social record"),
    "health_record": ("journal", "health record"),
    "observation": ("iakttagelse", "observation"),
    "network": ("nätverk", "network"),
    "threat": ("hot", "threat"),
    "inquiry_opened": ("att utredning inletts", "that an inquiry is open"),
    "other": ("annat", "other"),
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

UNITS: Terms = {
    "registry": ("registratur", "registry"),
    "social_services": ("socialtjänst", "social services"),
    "family_counselling": ("familjerådgivning", "family counselling"),
    "contact_point": ("kontaktpunkt", "contact point"),
    "education_office": ("utbildningsförvaltning", "education office"),
    "school": ("skola", "school"),
    "leisure": ("fritidsverksamhet", "leisure"),
    "health_care": ("hälso- och sjukvård", "health care"),
    "child_psychiatry": ("barnpsykiatri", "child psychiatry"),
    "police_area": ("lokalpolisområde", "police area"),
    "defection_coordinator": ("avhopparsamordnare", "defection coordinator"),
    "bob_council": ("BOB-råd", "BOB council"),
    "crime_unit": ("brottsutredning", "crime unit"),
}

ROLES: Terms = {
    "officer": ("handläggare", "officer"),
    "caseworker": ("socialsekreterare", "caseworker"),
    "rektor": ("rektor", "head teacher"),
    "designated_staff": ("personal som huvudmannen utsett", "designated staff"),
    "teacher": ("lärare", "teacher"),
    "school_health": ("elevhälsa", "school health"),
    "prosecutor": ("åklagare", "prosecutor"),
    "coordinator": ("samordnare", "coordinator"),
    "individual": ("enskild", "individual"),
    "system": ("system", "system"),
}

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
