"""Short texts in Swedish and English for every stable id that can be shown: (svenska, English).

Ids are stable English and never change; these texts may. Statute text is not here: it comes verbatim from the policy.
A test holds this list to the code and the policy: an id without both texts is a fault.
"""

from collections.abc import Mapping

Terms = Mapping[str, tuple[str, str]]

OUTCOMES: Terms = {
    "forward": ("förmedlas", "forwarded"),
    "partial": ("förmedlas delvis", "forwarded in part"),
    "refer": ("åter till avsändaren", "back to the sender"),
    "withhold": ("lämnas inte", "withheld"),
    "quarantine": ("karantän", "quarantine"),
    "release": ("lämnas", "released"),
}

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
    "harm": ("men för den som har skyddad identitet", "harm to someone with a protected identity"),
    "maturity": ("den som samtycker har mognad för det", "the signer is mature enough"),
}

GROUNDS: Terms = {
    "s170_4": ("kontaktuppgifter på begäran", "contact details on request"),
    "s170_5": ("statliga myndigheters skyldighet", "duty of certain state authorities"),
    "s170_6": ("kommuners och regioners skyldighet", "duty of municipalities and regions"),
    "s170_7_request": ("skolans skyldighet på begäran", "the school's duty on request"),
    "s170_7_own": ("skolans skyldighet på eget initiativ", "the school's duty on its own initiative"),
    "skol_6a_10": ("rektors anmälan av elevs brott", "the head teacher's report of a pupil's offence"),
    "s2016_774": ("samverkan mot organiserad brottslighet", "cooperation against organised crime"),
    "osl_15a": ("mellan myndigheter, mot brott och fusk", "between authorities, against crime and cheating"),
    "osl_18a": ("socialtjänsten, unga under 21", "social services, young people under 21"),
    "osl_18b": ("fruktat terroristbrott eller säkerhetsbrott", "a terrorist or security offence that is feared"),
    "osl_18c": ("socialtjänsten, våld i nära relation", "social services, violence between people who are close"),
    "osl_19": ("förhindra eller avbryta vissa brott", "preventing or stopping certain offences"),
    "osl_20": ("omedelbart polisingripande mot unga", "immediate police action concerning the young"),
    "osl_21": ("begånget brott mot någon under 18", "an offence committed against someone under 18"),
    "osl_22": ("narkotika, dopning eller alkohol till någon under 18", "drugs, doping or alcohol to someone under 18"),
    "osl_22a": ("begången terroristbrottslighet", "terrorist offences committed"),
    "osl_23": ("utredning av allvarligt begånget brott", "inquiry into a serious offence committed"),
    "osl_24": ("utredning av begånget brott", "inquiry into an offence committed"),
    "osl_27": ("generalklausulen", "the general clause"),
    "osl_26_9": ("nödvändigt stöd åt unga, socialtjänst", "necessary support for the young, social services"),
    "osl_25_12": ("nödvändigt stöd åt unga, vård", "necessary support for the young, health care"),
    "osl_26_9a": ("att utredning inletts, till anmälaren", "that an inquiry is open, to the notifier"),
    "osl_26_9e": ("Statens institutionsstyrelse till polisen", "the board of institutional care to the police"),
    "sol_19_1": ("anmälan till socialnämnden", "notification to the social board"),
    "sol_20_6": ("uppgifter till socialnämndens utredning", "information for the social board's inquiry"),
    "sol_15_7": ("socialnämndens uppgifter på begäran", "the social board's information on request"),
    "psl_6_15": ("hälso- och sjukvårdens uppgifter på begäran", "health care's information on request"),
    "lul_6": ("underrättelse till socialnämnden om ung misstänkt", "notice of a young suspect to the social board"),
    "consent": ("samtycke häver sekretessen", "consent lifts the secrecy"),
    "no_secrecy": ("ingen sekretess gäller", "no secrecy applies"),
    "takedown": ("order att ta bort rekryterande innehåll", "order to take down recruiting content"),
    "open_information": ("öppen uppgift utan person", "open information about nobody"),
}

BARS: Terms = {
    "s170_2": ("mottagaren är ingen brottsbekämpande myndighet", "the recipient is not a law-enforcement authority"),
    "s170_3": ("ändamålet är inte brottsbekämpning", "the purpose is not law enforcement"),
    "s170_8": ("uppgiften är undantagen från skyldigheten", "the information is exempt from the duty"),
    "protected_identity": ("skyddad identitet: men ska prövas", "protected identity: harm must be weighed"),
    "wording_unknown": ("lydelsen den dagen är inte känd", "the wording on that day is not known"),
    "not_own": ("det som åberopas är inte avsändarens eget", "what it refers to is not the sender's own"),
    "out_of_agreement": (
        "ingen överenskommelse når uppgiften eller parten",
        "no agreement reaches the item or the party",
    ),
    "personal_data": ("innehåller personuppgifter", "holds personal data"),
}

CONDITIONS: Terms = {
    "holder": ("den som har uppgiften är en sådan som paragrafen nämner", "the paragraph names this sort of holder"),
    "receiver": ("mottagaren är en sådan som paragrafen nämner", "the paragraph names this sort of recipient"),
    "function": ("den som lämnar har den befattning som krävs", "the sender acts in the function required"),
    "s170_2": ("mottagaren är en brottsbekämpande myndighet", "the recipient is a law-enforcement authority"),
    "s170_3": ("ändamålet är brottsbekämpande", "the purpose is law enforcement"),
    "s170_8": ("uppgiften är inte undantagen från skyldigheten", "the information is not exempt from the duty"),
    "request": ("uppgiften är begärd", "the information was asked for"),
    "own_initiative": ("uppgiften lämnas på eget initiativ", "it is given on own initiative"),
    "person": ("uppgiften rör en fysisk person", "it concerns a natural person"),
    "category": ("uppgiften är av det slag som paragrafen nämner", "it is of the kind that the paragraph names"),
    "matter": ("uppgiften hör inte till skolans område", "it is not school matter"),
    "purpose": ("ändamålet är ett som paragrafen nämner", "the purpose is one that the paragraph names"),
    "age": ("personens ålder är inom paragrafens gräns", "the person's age is within the paragraph's limit"),
    "offence": ("brottet är av den sort paragrafen kräver", "the offence is of the sort required"),
    "committed": ("brottet är begånget", "the offence has been committed"),
    "not_committed": ("det gäller inte ett begånget brott", "it is not about an offence committed"),
    "victim": ("målsäganden är under 18 år", "the victim is under 18"),
    "suspect": ("personen är misstänkt för brottet", "the person is the suspect"),
    "close_relation": ("brottet är mellan närstående", "the offence is between people who are close"),
    "school": ("brottet har samband med skolans verksamhet", "the offence is connected with the school"),
    "form": ("skolformen är en som paragrafen nämner", "the form of school is one that is named"),
    "met_by_staff": ("personalen har själv träffat personen", "staff have met the person themselves"),
    "particular_case": ("uppgiften gäller ett särskilt fall", "it concerns a particular case"),
    "inquiry_open": ("en utredning pågår", "an inquiry is open"),
    "not_secret": ("ingen sekretess gäller för uppgiften", "no secrecy applies to it"),
    "consent": ("ett giltigt samtycke finns från var och en", "each person has given a valid consent"),
    "out_of_agreement": (
        "överenskommelsen gäller mellan parterna, för ändamålet och området",
        "the agreement holds between the parties, for the purpose and in the area",
    ),
    "guardians_differ": ("vårdnadshavarna har svarat olika", "the guardians differ"),
    "against_23": (
        "bestämmelsen om utredning av begångna brott kan stå i vägen",
        "the provision on inquiries into offences committed may stand against it",
    ),
    "in_force": ("paragrafen gäller den dagen", "the paragraph is in force on the day"),
    "wording_unknown": ("lydelsen den dagen är känd", "the wording on the day is known"),
}

NOTES: Terms = {
    "exempt_matter": (
        "Uppgifter av detta slag är i regel undantagna från skyldigheten. Skriv ned vilken sekretess som gäller.",
        "Information of this kind is as a rule exempt from the duty. Write down which secrecy applies.",
    ),
    "write_down_the_weighing": (
        "Skriv ned avvägningen: vilken paragraf, vilken prövning och vem som gjorde den.",
        "Write down the weighing: which paragraph, which test, and which function made it.",
    ),
}

ERRORS: Terms = {
    "too_large": ("större än 1 MiB", "larger than 1 MiB"),
    "invalid_avro": ("inte ett Avro-meddelande", "not one Avro message"),
    "invalid_utf8": ("inte UTF-8", "not UTF-8"),
    "not_json": ("inte JSON", "not JSON"),
    "not_object": ("inte ett JSON-objekt", "not a JSON object"),
    "too_deep": ("för djupt nästlat", "nested too deeply"),
    "field_twice": ("ett fält står två gånger", "a field is given twice"),
    "unknown_field": ("ett fält som inte finns i avtalet", "a field that is not in the contract"),
    "missing_field": ("ett fält saknas", "a field is missing"),
    "unknown_kind": ("okänt slag av meddelande", "unknown kind of message"),
    "unknown_value": ("ett värde som inte finns i avtalet", "a value that is not in the contract"),
    "wrong_type": ("fel typ av värde", "a value of the wrong type"),
    "invalid_value": ("ett värde som inte får stå där", "a value that is not allowed there"),
    "time_without_zone": ("tid utan zon", "time without zone"),
    "id_reused": ("id är redan taget av ett annat meddelande", "the id is taken by another message"),
    "not_your_request": ("svarar på en begäran som inte är ställd hit", "answers a request that was not put here"),
    "sender_mismatch": ("avsändaren är en annan än den som sänder", "the sender is not the one that sends"),
    "clock_skew": ("tiden skiljer mer än fem minuter", "the time differs more than five minutes"),
    "unknown_authority": ("okänd myndighet eller aktör", "unknown authority or party"),
    "engine_error": ("lagen kunde inte tillfrågas", "the law could not be asked"),
    "kind_not_allowed": ("avsändaren får inte sända detta slag", "this sender may not send this kind"),
    "wrong_recipient": ("en registrering går till den egna myndigheten", "a registration goes to the own authority"),
}

FINDINGS: Terms = {
    "truncated": ("posterna tar slut före en signerad kontrollpunkt", "the records end before a signed checkpoint"),
    "unsigned_tail": ("poster efter sista kontrollpunkten", "records after the last checkpoint"),
    "rollback": ("loggen är kortare än en sparad kontrollpunkt", "the log is shorter than a kept checkpoint"),
    "fork": ("loggen är en annan än den sparade kontrollpunktens", "another log than the kept checkpoint's"),
    "kept_signature": ("den sparade kontrollpunkten har fel signatur", "the kept checkpoint is not signed by this log"),
    "checkpoint_root": ("posterna är inte de som signerades", "the records are not those that were signed"),
    "checkpoint_signature": ("kontrollpunkten har fel signatur", "the checkpoint is not signed by this log"),
    "checkpoint_size": ("kontrollpunkten ligger under fel storlek", "the checkpoint is filed under another size"),
    "checkpoint_order": ("kontrollpunkterna ligger i fel ordning", "the checkpoints are out of order"),
    "checkpoint_chain": ("kontrollpunkten följer inte på den förra", "the checkpoint does not follow the one before"),
    "seq_gap": ("en post saknas eller ligger fel", "a record is missing or out of order"),
    "leaf_not_canonical": ("posten är inte i kanonisk form", "the record is not in canonical form"),
    "leaf_seq": ("posten är skriven för en annan plats", "the record was written for another place"),
    "leaf_hash": ("posten är inte den som bokfördes", "the record is not the one that was recorded"),
    "column": ("en sökkolumn skiljer sig från posten", "a search column differs from the record"),
    "column_unknown": ("en sökkolumn som posten inte har", "a search column that the record does not have"),
}

STATUSES: Terms = {
    "yes": ("bär", "carries"),
    "refer": ("saknar svar", "lacks an answer"),
    "no": ("bär inte", "does not carry"),
}
