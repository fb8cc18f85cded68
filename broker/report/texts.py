"""The report's headings and sentences: key -> (svenska, English). Provisions are not named: the policy has them."""

from collections.abc import Mapping

from broker.terms import Terms

CHAPTERS: Terms = {
    "overview": ("Allt som passerat", "All that passed"),
    "requests": ("Begäran och svar", "Requests and answers"),
    "times": ("Svarstider", "Response times"),
    "own_initiative": ("På eget initiativ", "On own initiative"),
    "exchange": ("Utbyte mellan polis, skola och socialtjänst", "Exchange between police, schools and social services"),
    "casework": ("Samverkansformer och samtycken", "Programmes and consents"),
    "children": ("Oro för barn", "Concern for children"),
    "police": ("Omhändertagande och orossamtal", "Police custody and talks with guardians"),
    "community": ("Tips och anmälningar", "Tips and reports"),
    "defection": ("Avhoppare", "Defection"),
    "platforms": ("Rekrytering på digitala plattformar", "Recruitment on digital platforms"),
    "safeguards": ("Hinder och karantän", "Bars and quarantine"),
}

LEADS: Terms = {
    "overview": (
        "Varje meddelande har ett utfall: det förmedlas, helt eller delvis, det går åter till avsändaren för en"
        " prövning som bara en människa kan göra, eller det lämnas inte.",
        "Every message has one outcome: it is forwarded, whole or in part, it goes back to the sender for an"
        " assessment that only a human can make, or it is withheld.",
    ),
    "requests": (
        "Vad som begärts och lämnats ut, efter lagrum, utfall och slag av myndighet.",
        "What was asked for and given, by provision, outcome and kind of authority.",
    ),
    "times": (
        "Från begäran till det första svaret, och till dess att allt som begärts är lämnat eller avslaget. Tiden står"
        " still medan en motfråga väntar. Svaret räknas det år det kom.",
        "From the request to the first answer, and until all that was asked for is given or refused. The clock stands"
        " still while a question back waits. An answer counts in the year when it came.",
    ),
    "own_initiative": (
        "Uppgifter som lämnats utan att någon begärt dem.",
        "Information given although nobody had asked for it.",
    ),
    "exchange": (
        "Förmedlade meddelanden, från raden till kolumnen. Registreringar hos den egna myndigheten är inte med.",
        "Forwarded messages, from the row to the column. What an authority records with itself is left out.",
    ),
    "casework": (
        "Samtycken räknas per version, delningar per person och samverkansform. En delning har avslutats när det"
        " samtycke som bar den har återkallats eller löpt ut.",
        "Consents are counted by version, sharing by person and programme. Sharing has ended when the consent that"
        " carried it was withdrawn or ran out.",
    ),
    "children": (
        "Orosanmälningar till socialnämnden, och om beslut och återkoppling kom i tid.",
        "Notifications of concern to the social board, and whether decision and feedback came in time.",
    ),
    "police": (
        "Barn som polisen tagit om hand, till vem de lämnats över och hur snart, och samtal med vårdnadshavare.",
        "Children whom the police took charge of, whom they were handed to and how soon, and talks with guardians.",
    ),
    "community": (
        "Från enskilda, föreningar och andra. Om den som är anonym finns ingenting sparat.",
        "From individuals, associations and others. Nothing is kept of one who is anonymous.",
    ),
    "defection": (
        "Räknat i personer, efter den senaste uppföljningen under året. Ingen uppgift kan föras tillbaka till någon.",
        "Counted in persons, by the newest follow-up of the year. No figure can be traced to anyone.",
    ),
    "platforms": (
        "Förelägganden att avlägsna rekryteringsinnehåll, och tiden till dess att det var borta.",
        "Orders to remove recruiting content, and the time until it was gone.",
    ),
    "safeguards": (
        "Det som oftast hindrat att något lämnats, det som lämnats på ett ord som kan behöva ses efter, och rader som"
        " inte var användbara meddelanden.",
        "What most often kept something from being given, what was given on a word that may need a second look, and"
        " lines that were no usable messages.",
    ),
}

TABLES: Terms = {
    "overview": ("Meddelanden efter slag och utfall", "Messages by kind and outcome"),
    "months": ("Inkomna meddelanden per månad", "Messages received by month"),
    "counties": ("Inkomna meddelanden per län", "Messages received by county"),
    "requests_by_asker": ("Begäran efter den som begär", "Requests by who asks"),
    "answers_by_sender": ("Utlämnanden på begäran efter den som svarar", "Disclosures on request by who answers"),
    "refusals": ("Avslag efter den som svarar", "Refusals by who answers"),
    "request_states": (
        "Årets förmedlade begäranden, hur de stod vid årets slut, efter den tillfrågade",
        "The year's delivered requests as they stood when it ended, by who was asked",
    ),
    "paragraphs": ("Lagrum: åberopade och avgörande", "Provisions: claimed and decisive"),
    "first_answer": ("Tid till första svar, efter den tillfrågade", "Time to the first answer, by who was asked"),
    "last_answer": ("Tid till sista svar, efter den tillfrågade", "Time to the last answer, by who was asked"),
    "answer_by_urgency": ("Tid till första svar, efter skyndsamhet", "Time to the first answer, by urgency"),
    "own_initiative": ("Utlämnanden på eget initiativ efter avsändare", "Disclosures on own initiative by sender"),
    "matrix": ("Från raden till kolumnen", "From the row to the column"),
    "consents": ("Samtycken efter samverkansform", "Consents by programme"),
    "cases": ("Delning om personer efter samverkansform", "Sharing about persons by programme"),
    "sharings": ("Delningar efter samverkansform och utfall", "Sharing by programme and outcome"),
    "agreements": ("Samverkansöverenskommelser", "Cooperation agreements"),
    "councils": ("Ärenden till råd (BOB) efter nivå", "Referrals to councils (BOB) by level"),
    "pictures": ("Lägesbilder efter nivå", "Situation pictures by level"),
    "concerns": ("Orosanmälningar efter anmälare", "Notifications by reporter"),
    "concern_sorts": ("Vad oron gällt (en anmälan kan gälla flera)", "What the concern was (one may name several)"),
    "concern_marks": ("Särskilt om anmälningarna", "About the notifications"),
    "concern_decisions": ("Beslut om utredning", "Decisions on an inquiry"),
    "concern_clocks": ("Beslut, återkoppling och anmälan i tid", "Decision, feedback and notification in time"),
    "custody": ("Överlämnade barn, och tid till överlämnandet", "Children handed over, and the time it took"),
    "conversations": ("Orossamtal efter utfall", "Talks with guardians by outcome"),
    "tips": ("Tips och brottsanmälningar", "Tips and reports of offences"),
    "organisations": ("Oro för verksamhet", "Reports of organisations"),
    "defections": ("Hur det gått", "How it went"),
    "needs": ("Behov vid senaste uppföljningen", "Needs at the newest follow-up"),
    "removal_orders": (
        "Förelägganden att avlägsna, och tiden till verkan",
        "Orders to remove, and the time until effect",
    ),
    "platform_actions": ("Meddelanden med plattformar efter slag", "Messages with platforms by sort"),
    "channel_reports": ("Kanalanmälningar", "Channel reports"),
    "bars": ("Det som oftast hindrat", "What most often stood in the way"),
    "no_provision_applies": (
        "Lämnat utan sekretess, fast uppgifter av det slaget i regel omfattas av stark sekretess",
        "Given under no secrecy, although information of that kind is as a rule under strong secrecy",
    ),
    "quarantine": ("Karantän efter kod", "Quarantine by code"),
}

PAGE: Terms = {
    "title": ("Årsrapport {year}", "Yearly report {year}"),
    "subtitle": (
        "Informationsutbyte för att skydda barn från rekrytering till brott",
        "Information exchange to protect children from recruitment into crime",
    ),
    "span": (
        "Ur granskningsloggen: meddelanden från {first} till {last}.",
        "From the audit log: messages from {first} to {last}.",
    ),
    "nothing": ("Loggen har inga meddelanden detta år.", "The log has no messages this year."),
    "checkpoint": ("Kontrollpunkt: {size} poster, rot {root}", "Checkpoint: {size} records, root {root}"),
    "our_heading": ("egen rubrik", "our heading"),
    "headings": (
        "Rubrikerna är våra egna. Regeringens uppdrag att redovisa samverkan mot rekrytering av unga är känt bara"
        " genom pressen, och dess rubriker har inte hittats.",
        "The headings are our own. The Government's request for a report on cooperation against recruitment of the"
        " young is known only through the press, and its headings were not found.",
    ),
    "contents": ("Innehåll", "Contents"),
    "skip": ("Till innehållet", "Skip to content"),
    "key_figures": ("Året i korthet", "The year in brief"),
    "provisions": ("Lagrum: {refs}", "Provisions: {refs}"),
    "empty_table": ("{title}: inget under året.", "{title}: nothing this year."),
    "hidden": (
        "dold: ett litet tal, eller ett som skulle röja ett",
        "hidden: a small number, or one that would tell it",
    ),
    "plot_alt": ("Diagram: {title}. Alla värden står i tabellen.", "Chart: {title}. Every value is in the table."),
    "plot_most": ("Störst: {what} ({n}).", "Largest: {what} ({n})."),
    "method": ("Så är siffrorna gjorda", "How the figures are made"),
    "method_hidden": (
        "Tal från 1 till {most} visas som {sign}, för att ingen ska kunna kännas igen. Fler tal döljs där en summa"
        " annars skulle röja ett. Noll visas. Mått visas bara när talen de vilar på gör det.",
        "Numbers from 1 to {most} are shown as {sign}, so that nobody can be recognised. More are hidden where a sum"
        " would tell one. Zero is shown. Measures are shown only where the numbers that they rest on are.",
    ),
    "method_unit": (
        "Siffrorna räknar meddelanden och uppgifter om inget annat sägs, inte personer. Flera meddelanden kan gälla"
        " samma barn.",
        "Figures count messages and items unless something else is said, not persons. Several messages may concern"
        " one child.",
    ),
    "method_year": (
        "Ett meddelande hör till det år som dess egen tid ligger i, svensk tid. Rader i karantän räknas den dag de"
        " bokfördes. Länet är kommunens eller regionens; statliga myndigheter har inget.",
        "A message belongs to the year of its own time, in Sweden. Lines in quarantine count on the day when they"
        " were recorded. The county is the municipality's or region's; state authorities have none.",
    ),
    "method_terms": ("Tider som det mäts mot vid årets slut", "Terms that are measured against, as the year ends"),
    "term": ("tid för", "term for"),
    "length": ("längd", "length"),
    "source": ("lagrum", "provision"),
    "our_term": ("egen, ingen regel anger någon", "our own: no rule sets one"),
    "our_reading": ("{ref}, egen läsning", "{ref}, our reading"),
    "file_csv": ("Samma siffror som tabell: {name}", "The same figures as a table: {name}"),
    "does_not_carry": ("bär inte ({what})", "does not carry ({what})"),
    "first_rows": ("De {n} största, övriga i tabellen.", "The {n} largest; the others are in the table."),
    "hidden_part": ("dolt", "hidden"),
    "axis_hours": ("timmar", "hours"),
    "axis_days": ("dygn", "days"),
    "hour": ("{n} tim", "{n} h"),
    "days": ("{n} dygn", "{n} days"),
    "written": ("Skrivet: {files}", "Written: {files}"),
    "not_a_report_name": (
        "{file}: rapporten skrivs som .html (med en .csv bredvid) eller .csv: ge filen ett sådant namn",
        "{file}: a report is written as .html (with a .csv beside it) or .csv: give the file such a name",
    ),
}

KEY_FIGURES: Mapping[tuple[str, str, str], tuple[str, str]] = {
    ("overview", "sum", "sum"): ("meddelanden", "messages"),
    ("overview", "InformationRequest", "sum"): ("begäranden", "requests"),
    ("first_answer", "sum", "share_within"): ("första svar i tid", "first answers in time"),
    ("overview", "DisclosureOwn", "sum"): ("utlämnanden på eget initiativ", "disclosures on own initiative"),
    ("overview", "ConcernNotification", "sum"): ("orosanmälningar", "notifications of concern"),
    ("concern_clocks", "decision", "share_within"): ("beslut om utredning i tid", "decisions on inquiry in time"),
    ("consents", "sum", "in_force"): ("samtycken som gäller", "consents in force"),
    ("removal_orders", "effect", "share_within"): ("avlägsnat inom tiden", "removed in time"),
}
"""Table, row and column of each figure at the top."""
