"""Words in Swedish and English for what every text for people names: tests, categories, units and roles.

The heart's own letters and the commands both use them. Ids are stable English and never change; these texts may.
"""

from collections.abc import Mapping

Terms = Mapping[str, tuple[str, str]]
"""Texts by id: (svenska, English)."""

TESTS: Terms = {
    "need": ("mottagaren behöver uppgiften", "the recipient needs it"),
    "exceptional_reasons": (
        "synnerliga skäl talar för sekretessens företräde",
        "exceptional reasons for secrecy to prevail",
    ),
    "secrecy_clearly_prevails": (
        "det står klart att sekretessintresset har företräde",
        "it is clear that the interest of secrecy prevails",
    ),
    "overriding_reasons": ("övervägande skäl talar mot att lämna", "overriding reasons against release"),
    "concrete_risk": ("konkreta omständigheter visar risk för brottslig verksamhet", "concrete facts show a risk"),
    "not_unsuitable": ("det är inte olämpligt att lämna", "release is not unsuitable"),
    "suspicion": ("misstanke om brott", "an offence is suspected"),
    "importance": ("uppgiften är av betydelse", "it is of importance"),
    "imminent_danger": ("överhängande fara eller ett förestående brott", "imminent danger or an imminent offence"),
    "obvious_interest": (
        "intresset av att lämna har uppenbart företräde",
        "the interest of release obviously prevails",
    ),
    "child_at_risk": ("ett barn far illa eller riskerar det", "a child is, or may be, harmed"),
    "recruitment_content": ("innehållet syftar till att rekrytera", "the content is meant to recruit"),
    "no_provision_applies": (
        "ingen bestämmelse om sekretess är tillämplig på uppgiften",
        "no provision on secrecy applies to the information",
    ),
    "harm": ("men för den som har skyddad identitet", "harm to someone with a protected identity"),
    "maturity": ("den som samtycker har mognad för det", "the signer is mature enough"),
    "consent_confirmed": (
        "samtycket är kontrollerat hos den som lämnar ut",
        "whoever gives out has seen to the consent",
    ),
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
