"""Short texts in Swedish and English for every stable id that can be shown: (svenska, English).

Ids are stable English and never change; these texts may. Statute text is not here: it comes verbatim from the policy.
A test holds this list to the code and the policy: an id without both texts is a fault.
"""

from broker import terms as shared

Terms = shared.Terms
TESTS = shared.TESTS

OUTCOMES: Terms = {
    "forward": ("förmedlas", "forwarded"),
    "partial": ("förmedlas delvis", "forwarded in part"),
    "refer": ("åter till avsändaren", "back to the sender"),
    "withhold": ("lämnas inte", "withheld"),
    "quarantine": ("karantän", "quarantine"),
    "release": ("lämnas", "released"),
    "notice": ("underrättelse", "notice"),
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
    "takedown": ("föreläggande att avlägsna rekryteringsinnehåll", "order to remove recruitment content"),
    "open_information": ("öppen uppgift utan person", "open information about nobody"),
    "sol_19_4": ("uppmaning till var och en att anmäla oro", "everyone is urged to notify of concern"),
    "polislagen_6": ("polisens samarbete med socialtjänsten", "the police's cooperation with the social services"),
    "polislagen_12": ("polisens omhändertagande av ett barn", "the police take care of a child"),
}

BARS: Terms = {
    "s170_2": ("mottagaren är ingen brottsbekämpande myndighet", "the recipient is not a law-enforcement authority"),
    "s170_3": ("ändamålet är inte brottsbekämpning", "the purpose is not law enforcement"),
    "s170_8": ("uppgiften är undantagen från skyldigheten", "the information is exempt from the duty"),
    "protected_identity": ("skyddad identitet: men ska prövas", "protected identity: harm must be weighed"),
    "wording_unknown": ("lydelsen den dagen är inte känd", "the wording on that day is not known"),
    "not_own": (
        "det hör inte till något som avsändaren har sänt eller fått, eller är huvudmannens sak",
        "it belongs to nothing that the sender has sent or received, or is its principal's to do",
    ),
    "not_party": ("avsändaren är inte själv part i samtycket", "the sender is not itself a party to the consent"),
    "registration": (
        "en registrering återkallas inte så: sänd återkallelsen av samtycket, den nya versionen eller det nya beslutet",
        "a registration is not recalled: send the withdrawal, the new version or the new decision",
    ),
    "request_recalled": (
        "begäran är återkallad: uppgiften kan ändå lämnas på eget initiativ",
        "the request has been recalled: what it asked for may be given on one's own initiative",
    ),
    "out_of_agreement": (
        "ingen överenskommelse når uppgiften eller parten",
        "no agreement reaches the item or the party",
    ),
    "personal_data": ("innehåller personuppgifter", "holds personal data"),
    "receiver": ("meddelanden av detta slag går inte till den mottagaren", "this kind does not go to that recipient"),
    "no_area": (
        "ange område: tips och anmälningar går till lokalpolisområdet",
        "name the area: tips and reports go to the police area",
    ),
    "by_item": (
        "om en namngiven person lämnas uppgifterna var för sig, i ett utlämnande",
        "of a named person, information is given item by item, in a disclosure",
    ),
    "prerequisites": (
        "förutsättningarna finns inte: bedömd hotbild och egen motivation",
        "the prerequisites are missing: an assessed threat and the person's own motivation",
    ),
    "no_provision": (
        "ange den bestämmelse som hindrar: ett avslag på grund av sekretess vilar på en",
        "name the provision that stands in the way: a refusal for secrecy rests on one",
    ),
    "dsa_10": (
        "det är inte ett föreläggande från polisen till en plattform med rättslig grund, vad det gäller, "
        "hur det överklagas, vem som får svaret och språk",
        "it is not an order from the police to a platform with its legal basis, what it concerns, "
        "how it is appealed, who receives the answer, and language",
    ),
    "secrecy_not_named": (
        "ange vilken bestämmelse om sekretess som gäller: uppgiften har sagts omfattas av någon",
        "name the secrecy provision that applies: it has been said that one does",
    ),
    "dsa_18": ("misstankar går från en plattform till polisen", "suspicions go from a platform to the police"),
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
    "equated": (
        "skolan jämställs med en myndighet: hur huvudmannen är godkänd och vilka skolformer som drivs avgör det",
        "the school is equated with an authority: how its principal is approved, and its forms, decide it",
    ),
    "guardians_differ": ("vårdnadshavarna har svarat olika", "the guardians differ"),
    "later_no": (
        "ett barn eller en av vårdnadshavarna har sagt nej senare",
        "a child, or one of the guardians, has said no later",
    ),
    "more_signatures": (
        "överenskommelsen kräver fler underskrifter än samtycket har",
        "the agreement asks for more signatures than the consent has",
    ),
    "against_23": (
        "bestämmelsen om utredning av begångna brott kan stå i vägen",
        "the provision on inquiries into offences committed may stand against it",
    ),
    "place": (
        "det är barnets hemkommun, eller skydd behövs genast",
        "it is the child's municipality, or protection is needed at once",
    ),
    "no_person": ("uppgiften rör ingen person", "it concerns nobody"),
    "order": ("meddelandet är ett föreläggande", "the message is an order"),
    "legal_basis": ("den rättsliga grunden är angiven", "the legal basis is stated"),
    "reasons": ("skälen är angivna", "the reasons are stated"),
    "provision": ("straffbestämmelsen är angiven", "the penal provision is stated"),
    "locators": ("innehållets exakta adresser är angivna", "the content's exact addresses are stated"),
    "redress": ("hur det överklagas är angivet", "how it is appealed is stated"),
    "effect_to": ("vem som får besked om verkan är angivet", "who is told of the effect is stated"),
    "territory": ("var det gäller är angivet", "where it holds is stated"),
    "language": ("språket är angivet", "the language is stated"),
    "recruits": ("brottet är av den sort som lagen nämner", "the offence is of the sort that the act names"),
    "linked": ("anknytningen till Sverige är angiven", "the link to Sweden is stated"),
    "not_terrorist": ("brottet är inte ett terroristbrott", "the offence is not a terrorist offence"),
    "secrecy_not_named": ("den sekretess som gäller är angiven", "the secrecy that applies is named"),
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
    "not_your_request": (
        "svarar på något som inte är ställt till avsändaren",
        "answers something that was not put to the sender",
    ),
    "sender_mismatch": ("avsändaren är en annan än den som sänder", "the sender is not the one that sends"),
    "clock_skew": ("tiden skiljer mer än fem minuter", "the time differs more than five minutes"),
    "bad_headers": ("för många eller för stora huvuden", "too many or too large headers"),
    "not_connected": ("mottagaren har ingen inkorg här", "the recipient has no inbox here"),
    "poison": ("kunde inte hanteras, efter flera försök", "could not be handled, after several tries"),
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
    "leaf_mixed": ("bara somliga poster anger sin plats", "only some records say their place"),
    "leaf_hash": ("posten är inte den som bokfördes", "the record is not the one that was recorded"),
    "column": ("en sökkolumn skiljer sig från posten", "a search column differs from the record"),
    "column_unknown": ("en sökkolumn som posten inte har", "a search column that the record does not have"),
}

UNLIKE: Terms = {
    "row_changed": ("raden är en annan än den som loggen berättar om", "the row is another than the log tells of"),
    "row_missing": ("raden saknas", "the row is missing"),
    "row_unrecorded": ("raden finns inte i loggen", "the log tells of no such row"),
    "line_missing": ("raden saknas i inkorgen, eller är ändrad", "the line is not in the inbox, or is changed"),
    "line_unrecorded": ("loggen berättar inte om raden, eller den är ändrad", "the log tells of no such line"),
}

TABLES: Terms = {
    "inbox": ("inkorg", "inbox"),
    "outbox": ("utkorg", "outbox"),
    "consents": ("samtycken", "consents"),
    "agreements": ("överenskommelser", "agreements"),
    "answerables": ("begäranden och anmälningar", "requests and notifications"),
    "matters": ("frister", "terms"),
}

DIFFERENCES: Terms = {
    "message_twice": ("meddelande avgjort två gånger", "message decided twice"),
    "position_unrecorded": ("meddelande i utkorg utan post", "message in an outbox without a record"),
    "position_unknown": ("post utan meddelande i utkorg", "record without a message in an outbox"),
    "record_twice": ("två poster för ett meddelande", "two records of one message"),
    "record_out_of_order": ("post i annan ordning än utkorgen", "record out of its outbox's order"),
    "undelivered": ("post utan leverans", "record without a delivery"),
    "delivery_unrecorded": ("leverans utan post", "delivery without a record"),
    "delivery_twice": ("levererat två gånger", "delivered twice"),
    "wrong_recipient": ("levererat till fel mottagare", "delivered to the wrong recipient"),
    "delivered_before_record": ("levererat före posten", "delivered before its record"),
    "receipt_missing": ("post utan kvitto till avsändaren", "record without a receipt to its sender"),
    "receipt_unrecorded": ("kvitto utan post", "receipt without a record"),
    "receipt_twice": ("två kvitton", "two receipts"),
    "other_content": ("annat innehåll än posten berättar om", "other content than the record tells of"),
    "wrong_receipt": (
        "fel kvitto",
        "the wrong receipt",
    ),
    "unreadable": ("går inte att läsa", "can't be read"),
}

STATUSES: Terms = {
    "yes": ("bär", "carries"),
    "refer": ("saknar svar", "lacks an answer"),
    "no": ("bär inte", "does not carry"),
}

CHANGES: Terms = {
    "add": ("läggs till", "added"),
    "change": ("ändras", "changed"),
    "remove": ("tas bort", "removed"),
}

THINGS: Terms = {
    "topic": ("ämne", "topic"),
    "right": ("rättighet", "right"),
    "password": ("lösenord", "password"),
    "quota": ("kvot", "quota"),
}

CLUSTER_FAULTS: Terms = {
    "broker_setting": ("ska vara {wanted}, är {found}", "must be {wanted}, is {found}"),
    "copies": (
        "har {found} kopior, ska ha {wanted}: flytta med kafka-reassign-partitions",
        "has {found} copies, must have {wanted}: move it with kafka-reassign-partitions",
    ),
    "no_authorizer": ("saknas: alla får allt", "is not set: everybody may do everything"),
    "no_reauthentication": (
        "ska vara över 0: annars gäller ett utbytt lösenord så länge en förbindelse är öppen",
        "must be above 0: else a replaced password serves for as long as a connection is open",
    ),
    "partitions": (
        "har {found} partitioner, ska ha {wanted}: ordningen går inte att återställa, gör ämnet på nytt",
        "has {found} partitions, must have {wanted}: the order can't be restored, make the topic anew",
    ),
    "too_few_brokers": (
        "ska ha minst {wanted} mäklare, har {found}",
        "must have at least {wanted} brokers, has {found}",
    ),
}
