"""Headings and sentences: key -> (svenska, English). Values are filled in by name."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    # --- headings and columns
    "about": ("vad", "about"),
    "anonymous": ("anonym avsändare", "anonymous sender"),
    "answers": ("svarar på", "in reply to"),
    "assessed_by": ("prövas av", "assessed by"),
    "bars": ("hindrar", "bars"),
    "carries": ("bär", "carries"),
    "claimed": ("åberopat", "claimed"),
    "error": ("fel", "error"),
    "from": ("från", "from"),
    "item": ("uppgift", "item"),
    "kind": ("slag", "kind"),
    "lacks": ("saknar svar", "lacks an answer"),
    "line": ("rad", "line"),
    "message": ("meddelande", "message"),
    "messages": ("meddelanden", "messages"),
    "outcome": ("utfall", "outcome"),
    "own_notice": ("Underrättelse från samband", "Notice from the broker"),
    "record_number": ("post {n}", "record {n}"),
    "rule": ("lagrum", "provision"),
    "secrecy": ("sekretess", "secrecy"),
    "stated": ("uppgett", "stated"),
    "subject": ("person", "subject"),
    "sum": ("summa", "sum"),
    "the_sender": ("avsändaren själv", "the sender itself"),
    "time": ("svensk tid", "Swedish time"),
    "to": ("till", "to"),
    "to_assess": ("att pröva", "to assess"),
    "unusable_line": ("Oanvändbar rad", "Unusable line"),
    "unusable_lines": ("Oanvändbara rader", "Unusable lines"),
    # --- run and check
    "outcomes_heading": ("Utfall", "Outcomes"),
    "rules_heading": ("Lagrum som avgjorde", "Provisions that decided"),
    "asks_heading": ("Vad människor ska pröva", "What humans are asked to assess"),
    "decision_heading": ("Ett beslut bredvid lagtexten", "One decision beside the statute"),
    "quarantine_heading": ("Karantän", "Quarantine"),
    "log_heading": ("Granskningslogg", "Audit log"),
    "handled": ("{lines} rader, {rate}/s", "{lines} lines, {rate}/s"),
    "handled_bad": (
        "{lines} rader, varav {bad} i karantän ({codes}), {rate}/s",
        "{lines} lines, {bad} of them in quarantine ({codes}), {rate}/s",
    ),
    "and_more": ("… och {n} till: samband quarantine list", "… and {n} more: samband quarantine list"),
    "redrive_hint": (
        "När registret eller det andra utanför meddelandet är rättat: samband quarantine redrive --all",
        "When the register, or what else lies outside the message, is mended: samband quarantine redrive --all",
    ),
    "resend_hint": (
        "Där felet står i meddelandet: rätta det och sänd på nytt. Samma rad kan inte gå igenom.",
        "Where the fault is in the message: mend it and send it anew. The same line can't pass.",
    ),
    "nothing_recorded": ("Prövat på en kopia: inget är bokfört.", "Tried on a copy: nothing is recorded."),
    "keep_checkpoint": (
        "Spara kontrollpunkten utanför datamappen: den visar om loggen senare byts ut.",
        "Keep this checkpoint outside the data folder: it shows if the log is ever replaced.",
    ),
    "try_next": (
        "Prova: samband explain {message}\n       samband inbox polismyndigheten --peek\n       samband audit show",
        "Try: samband explain {message}\n     samband inbox polismyndigheten --peek\n     samband audit show",
    ),
    "shown_of": ("{n} av {all}: --limit visar fler", "{n} of {all}: --limit shows more"),
    "handling": ("läser", "reading"),
    "metrics_at": ("mätvärden: {url}", "metrics: {url}"),
    "serving": ("tar emot filer under {spool}", "takes files under {spool}"),
    "served": ("stoppad: det bokförda står fast", "stopped: what is recorded stands"),
    "serve_ended": (
        "samband serve slutade innan kvittona kom: sänd igen, det som redan är bokfört ger samma kvitto",
        "samband serve ended before the receipts came: send again, what is recorded gives the same receipt",
    ),
    "serve_silent": (
        "samband serve har inte svarat på {seconds} s: {file} ligger kvar och tas när det kan",
        "samband serve has not answered within {seconds} s: {file} stays and is taken when it can",
    ),
    "spool_grew": (
        "{folder}: en fil där ändrades medan den lästes: den ligger kvar och läses om; skriv under ett namn som "
        "börjar med punkt och byt namn när filen är hel",
        "{folder}: a file there was changed while it was read: it stays and is read again; write under a name that "
        "begins with a dot and rename the file when it is whole",
    ),
    "checkpoint_not_kept": (
        "kontrollpunkten kan inte skrivas till {folder}: brokern går vidare, men ingenting sparas där",
        "the checkpoint can't be written to {folder}: the broker goes on, but nothing is kept there",
    ),
    "spool_open": (
        "{folder}: fler än ägaren får skriva i mappen, så den läses inte: chmod go-w",
        "{folder}: others than its owner may write in the folder, so it is not read: chmod go-w",
    ),
    "spool_too_large": (
        "{folder}: en fil där är större än 1 GiB och läses inte: dela den",
        "{folder}: a file there is larger than 1 GiB and is not read: divide it",
    ),
    "spool_unknown": (
        "{folder}: ingen registrerad myndighet heter så: mappen läses inte",
        "{folder}: no registered authority has that name: the folder is not read",
    ),
    "spool_unreadable": (
        "{folder}: en fil där kan inte läsas, eller dess kvitton inte skrivas: rätta rättigheterna",
        "{folder}: a file there can't be read, or its receipts not be written: mend the permissions",
    ),
    "verifying": ("verifierar", "verifying"),
    "interrupted": (
        "avbrutet efter {lines} rader: det bokförda står fast, kör igen så fortsätter det",
        "interrupted after {lines} lines: what is recorded stands, run again to go on",
    ),
    "interrupted_check": ("avbrutet efter {lines} rader", "interrupted after {lines} lines"),
    # --- decisions
    "appeal_within": (
        "inom {weeks} veckor, säkrast räknat från {day} ({ref})",
        "within {weeks} weeks, most safely counted from {day} ({ref})",
    ),
    "answered_against": ("svaret talar emot: {what}", "the answer is against it: {what}"),
    "day_unknown": ("dagen för ikraftträdandet är inte känd", "the day in force is not known"),
    "doubtful": ("tveksamt", "doubtful"),
    "for_function": ("bara för: {what}", "only for: {what}"),
    "grounds_hidden": ("{n} andra lagrum bär inte (--all)", "{n} other provisions do not carry (--all)"),
    "in_force_from": ("gäller från {day}", "in force from {day}"),
    "no_statute": ("utan lagrum", "no provision"),
    "no_ground": ("inget lagrum kan åberopas", "no provision can be claimed"),
    "not_met": ("inte uppfyllt: {what}", "not met: {what}"),
    "not_reached": ("når inte sekretessen enligt {what}", "does not reach secrecy under {what}"),
    "other_policy": (
        "Prövningen ovan är gjord om enligt nu gällande regelverk, som är ett annat.",
        "What grounds found is asked again under the policy installed now, which is another.",
    ),
    "policy": ("regelverk {revision}", "policy {revision}"),
    "rests_on_inference": ("vilar på en tolkning: {rules}", "rests on an inference: {rules}"),
    "unanswered": ("svar saknas: {what}", "no answer: {what}"),
    "unclear": ("oklart: {what}", "unclear: {what}"),
    "was_fetched": ("det återkallade var redan hämtat", "what is recalled had been fetched"),
    "was_not_fetched": (
        "det är inte bekräftat att det återkallade har hämtats",
        "it is not confirmed that what is recalled has been fetched",
    ),
    # --- the log
    "log_ok": (
        "Loggen är hel: {size} poster, {checkpoints} kontrollpunkter, rot {root}…",
        "The log is whole: {size} records, {checkpoints} checkpoints, root {root}…",
    ),
    "log_bad": ("Loggen är ÄNDRAD vid {place}: {text} ({code})", "The log is CHANGED at {place}: {text} ({code})"),
    "record": ("post", "record"),
    "log_empty": (
        "Loggen är tom: ingenting omfattas, så det här visar ingenting",
        "The log is empty: nothing is covered, so this shows nothing",
    ),
    "own_key": (
        "Nyckeln ligger bredvid loggen: det här visar bara att loggen stämmer med sig själv. Ge --key, "
        "och --checkpoint med en kontrollpunkt som är sparad någon annanstans",
        "The key lies beside the log: this shows only that the log agrees with itself. Give --key, "
        "and --checkpoint with a checkpoint that was kept elsewhere",
    ),
    "derived": (
        "Inkorgar, utkorg och register är de som loggen berättar om: {n} rader",
        "Inboxes, outbox and registers are those that the log tells of: {n} rows",
    ),
    "not_derived": (
        "Inkorgar, utkorg eller register är INTE de som loggen berättar om: {n} rader skiljer sig",
        "Inboxes, outbox or registers are NOT those that the log tells of: {n} rows differ",
    ),
    "contents_not_compared": (
        "innehållet i leveranser är inte jämfört: nyckeln token.key finns inte här, eller är en annan",
        "the contents of deliveries are not compared: the key token.key is not here, or is another",
    ),
    "from_before": (
        "{n} poster är från tiden före kontrollsummor för rader: deras rader är inte jämförda",
        "{n} records are from before rows had digests: their rows are not compared",
    ),
    "pseudonymous": (
        "Filen innehåller pseudonyma personuppgifter: samma person har samma beteckning i alla poster",
        "The file holds pseudonymous personal data: a person has the same token in all records",
    ),
    "reconciled": (
        "Leveranserna stämmer: {n} förmedlade, {n} i inkorgarna",
        "The deliveries agree: {n} forwarded, {n} in inboxes",
    ),
    "not_reconciled": (
        "Leveranserna stämmer INTE: {undelivered} utan leverans, {unrecorded} leveranser utan post",
        "The deliveries do NOT agree: {undelivered} without a delivery, {unrecorded} deliveries without a record",
    ),
    "key_from_export": (
        "Nyckeln är tagen ur filen själv: jämför den med den som loggens ägare har uppgett ({vkey})",
        "The key is taken from the file itself: compare it with the one that the log's owner has told you ({vkey})",
    ),
    "exporting": ("skriver", "writing"),
    "exported": ("{size} poster och {checkpoints} kontrollpunkter", "{size} records and {checkpoints} checkpoints"),
    "no_such_record": ("ingen sådan post: se samband audit show", "no such record: see samband audit show"),
    "no_records": ("inga poster", "no records"),
    "proof_heading": ("Bevis att posten finns i loggen", "Proof that the record is in the log"),
    "proof": (
        "post {seq} av {size}, RFC 9162: lövets hash och vägen upp till roten",
        "record {seq} of {size}, RFC 9162: the leaf's hash and the path up to the root",
    ),
    "proof_holds": (
        "Post {seq} fanns i loggen när den hade {size} poster och undertecknades",
        "Record {seq} stood in the log when it had {size} records and was signed",
    ),
    "proof_fails": ("Post {seq}: beviset håller inte: {why}", "Record {seq}: the proof does not hold: {why}"),
    "proof_no_proof": (
        "raden är inget bevis, eller posten täcks inte av någon kontrollpunkt",
        "the line is no proof, or no checkpoint covers the record",
    ),
    "proof_record_changed": ("posten är inte den som beviset gäller", "the record is not the one that the proof is of"),
    "proof_checkpoint": (
        "kontrollpunkten är inte undertecknad med loggens nyckel",
        "the checkpoint is not signed with the log's key",
    ),
    "proof_other_place": ("beviset gäller en annan kontrollpunkt", "the proof is of another checkpoint"),
    "proof_path": ("vägen leder inte till den undertecknade roten", "the path does not lead to the signed root"),
    "proof_kept": (
        "den sparade kontrollpunkten för samma antal poster visar en annan logg",
        "the kept checkpoint of the same size shows another log",
    ),
    "proof_shows": (
        "Det här visar: just den här posten, ord för ord, ingick i det som loggens nyckel har undertecknat",
        "This shows: this very record, word for word, was part of what the log's key has signed",
    ),
    "proof_does_not_show": (
        "Det visar inte: att det som posten berättar är riktigt, att inget annat har hänt, eller att loggen inte har "
        "skrivits om av den som har nyckeln; för det sista behövs --checkpoint, sparad någon annanstans",
        "It does not show: that what the record tells is right, that nothing else happened, or that nobody who holds "
        "the key has written the log anew; the last takes --checkpoint, kept elsewhere",
    ),
    "skipped_row": (
        "post {offset} i audit: {task} kunde inte ta in den ({reason})",
        "record {offset} of audit: {task} could not take it in ({reason})",
    ),
    "retried_row": ("post {offset} i audit: {task} har tagit in den nu", "record {offset} of audit: {task} has it now"),
    "none_skipped": ("Agenterna har tagit in allt.", "The agents have taken in everything."),
    "still_skipped": (
        "{n} kunde inte tas in nu heller: rapportera felet, se deploy/prometheus/README.md#sambandskipped",
        "{n} could not be taken in now either: report the fault, see deploy/prometheus/README.md#sambandskipped",
    ),
    "not_covered": (
        "post {seq} täcks inte av någon kontrollpunkt",
        "record {seq} is not covered by any checkpoint",
    ),
    "parties": ("från → till", "from → to"),
    "case": ("ärende", "case"),
    "number": ("nr", "no"),
    # --- commands that look
    "agreement": ("överenskommelse", "agreement"),
    "area_of": ("område {codes}", "area {codes}"),
    "categories": ("uppgifter", "categories"),
    "concern": ("oro", "concern"),
    "confirmed_by": ("bekräftad av", "confirmed by"),
    "consent": ("samtycke", "consent"),
    "decided_on_other": ("genom beslut på {message}", "by the decision on {message}"),
    "decision": ("beslut", "decision"),
    "effect": ("verkan", "effect"),
    "feedback": ("återkoppling", "feedback"),
    "empty_inbox": ("inkorgen är tom", "the inbox is empty"),
    "exempt": ("undantaget enligt {ref}", "exempt under {ref}"),
    "given": ("lämnat", "given"),
    "given_on": ("lämnat {day} ({who})", "given {day} ({who})"),
    "history": ("historik", "history"),
    "late": ("för sent", "late"),
    "notification": ("anmälan", "notification"),
    "of_guardians": ("{n} av {all} vårdnadshavare", "{n} of {all} guardians"),
    "order": ("föreläggande", "order"),
    "overdue": ("försenad", "overdue"),
    "penal_provision": ("straffbestämmelse", "penal provision"),
    "preserved": ("bevaras till", "kept until"),
    "removed_on": ("avlägsnat {moment}", "removed {moment}"),
    "recalled_by": ("återkallat genom {message}", "recalled by {message}"),
    "replaced_by": ("ersatt av {message}", "replaced by {message}"),
    "replaces_other": ("ersätter {message}", "replaces {message}"),
    "replaced_on": ("ersatt {day} av post {n}", "replaced {day} by record {n}"),
    "signed_no": ("nej", "no"),
    "signed_yes": ("ja", "yes"),
    "since": ("sedan {moment}", "since {moment}"),
    "state": ("läge", "state"),
    "version": ("version {n}", "version {n}"),
    "withdrawn_on": ("återkallat {day} ({who})", "withdrawn {day} ({who})"),
    "independent_sources": ("{n} oberoende källor", "{n} independent sources"),
    "letter_decision": ("skriftligt beslut medföljer (--json)", "a written decision comes with it (--json)"),
    "letter_statement": ("skriftligt besked medföljer (--json)", "a written statement comes with it (--json)"),
    "empty_quarantine": ("inget i karantän", "nothing in quarantine"),
    "guide_heading": ("Vad {asker} kan begära av {holder}", "What {asker} may ask of {holder}"),
    "id": ("id", "id"),
    "may_not_ask": (
        "en sådan aktör får inte begära uppgifter: vänd dig till myndigheten direkt",
        "this sort of party may not send requests: turn to the authority directly",
    ),
    "name": ("namn", "name"),
    "no_bytes": (
        "post {seq}: inget är sparat av raden: sänd den igen",
        "record {seq}: nothing of the line is kept: send it again",
    ),
    "no_proof": (
        "post {seq}: är från en äldre version, som inte sparade vem som sände den: be avsändaren sända den igen",
        "record {seq}: is of an earlier version, which did not keep who sent it: let the sender send it again",
    ),
    "no_proof_all": (
        "körs inte igen, från en äldre version: {n}. Vem som sände dem är inte sparat: be avsändaren sända igen",
        "not run again, of an earlier version: {n}. Who sent them is not kept: let the sender send again",
    ),
    "not_whole": (
        "post {seq}: bara början av raden är sparad: rätta den hos avsändaren och sänd på nytt",
        "record {seq}: only the beginning of the line is kept: correct it at the sender and send it again",
    ),
    "not_a_moment": (
        "--time: skriv en tid med zon, som 2026-03-02T09:00:00Z",
        "--time: write a time with its zone, as 2026-03-02T09:00:00Z",
    ),
    "not_an_id": (
        "skriv ett meddelandes id (UUID) eller en posts nummer",
        "give a message's id (UUID) or a record's number",
    ),
    "not_in_quarantine": (
        "post {seq} är inte i karantän: se samband quarantine list",
        "record {seq} is not in quarantine: see samband quarantine list",
    ),
    "not_kept": ("inte sparad", "not kept"),
    "nothing": ("inget här", "nothing here"),
    "one_or_all": ("ange en posts nummer eller --all", "give a record's number, or --all"),
    "parties_of": ("parter", "parties"),
    "principal": ("huvudman", "principal"),
    "purposes": ("ändamål", "purposes"),
    "all_on_cluster": (
        "på klustret körs allt som väntar: ange --all",
        "on the cluster all that waits is run again: give --all",
    ),
    "redriven_all": ("{n} körda igen: {told}", "{n} run again: {told}"),
    "redriven_already": (
        "post {seq} är redan körd igen, som post {again}",
        "record {seq} has been run again already, as record {again}",
    ),
    "redriven_as": ("körd som", "run again as"),
    "type": ("typ", "type"),
    "unanswered_count": ("{n} obesvarade", "{n} unanswered"),
    "unknown_authority": (
        "{name}: okänd myndighet: se samband register show, eller ange --register",
        "{name}: unknown authority: see samband register show, or give --register",
    ),
    "until": ("senast {moment}", "by {moment}"),
    "valid": ("gäller", "valid"),
    # --- replay
    "changed": ("ändrat", "changed"),
    "now": ("nu", "now"),
    "replayed": (
        "{asked} beslut prövade igen, {differing} annorlunda",
        "{asked} decisions asked again, {differing} differ",
    ),
    "replaying": ("prövar igen", "asking again"),
    "then": ("då", "then"),
    # --- keys
    "upgraded": ("{data}: från schema {old} till {new}.", "{data}: from schema {old} to {new}."),
    "database_made": ("{data}: tabeller gjorda (schema {new}).", "{data}: tables made (schema {new})."),
    "upgraded_already": ("{data}: har redan schema {new}.", "{data}: has schema {new} already."),
    "keys_stand": (
        "nycklar i {folder}: token.key ({tokens}) och log.key; loggens öppna nyckel: {log}",
        "keys in {folder}: token.key ({tokens}) and log.key; the log's public key: {log}",
    ),
    # --- ledger
    "ledger_stands": ("loggen: {size} poster, rot {root}…", "the log: {size} records, root {root}…"),
    # --- reconcile
    "corresponds": (
        "Utkorgar, logg och inkorgar stämmer: {agree} avstämda, {under_way} på väg",
        "Outboxes, log and inboxes agree: {agree} compared, {under_way} under way",
    ),
    "does_not_correspond": (
        "Utkorgar, logg och inkorgar stämmer INTE: {agree} avstämda, {under_way} på väg",
        "Outboxes, log and inboxes do NOT agree: {agree} compared, {under_way} under way",
    ),
    "difference": ("skillnad", "difference"),
    # --- provision
    "count": ("antal", "count"),
    "faults_more": ("{line} (och {n} till)", "{line} (and {n} more)"),
    "names_more": ("{names} … och {n} till", "{names} … and {n} more"),
    "needs_credentials": (
        "lösenord att göra: {n}; ange med --credentials i vilken mapp de ska skrivas",
        "passwords to be made: {n}; give the folder for them with --credentials",
    ),
    "needs_extra": (
        "kommandot behöver Kafkas klient: pip install 'samband[distributed]'",
        "the command needs Kafka's client: pip install 'samband[distributed]'",
    ),
    "not_settled": (
        "Kafka har inte allt efter {seconds} s: kör igen för att se vad som saknas",
        "Kafka does not have it all after {seconds} s: run again to see what is missing",
    ),
    "nothing_to_do": ("✓ Kafka är redan så som registret kräver.", "✓ Kafka is as the register asks already."),
    "plan_heading": ("Plan för Kafka", "Plan for Kafka"),
    "provisioned": ("✓ {n} ändringar gjorda på {seconds} s", "✓ {n} changes made in {seconds} s"),
    "provisioning": ("ställer i ordning", "provisioning"),
    "step": ("steg", "step"),
    "strangers": (
        "⚠ {n} rättigheter till sambands ämnen har andra än samband, som {who}: {right}",
        "⚠ {n} rights over the broker's topics are held by others, such as {who}: {right}",
    ),
    "suspended_users": ("avstängda: {names}", "suspended: {names}"),
    "to_what": ("vad som ska gälla", "what is to hold"),
    "who": ("vilka", "which"),
}
