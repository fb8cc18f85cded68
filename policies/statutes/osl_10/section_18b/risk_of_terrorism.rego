# METADATA
# title: SFS 2009:400, 10 kap. 18 b § – Förebyggande, förhindrande och upptäckande av brottslig verksamhet
# description: |
#   Sekretessen enligt 25 kap. 1 § och 2 § andra stycket samt 26 kap. 1 § hindrar inte att en uppgift som rör en enskild lämnas till Polismyndigheten eller Säkerhetspolisen, om det på grund av konkreta omständigheter finns risk för att den enskilde kommer att begå
#   1. brott enligt 4-10 §§ terroristbrottslagen (2022:666),
#   2. försök, förberedelse eller stämpling till terroristbrott enligt 4 § samma lag, eller
#   3. brott enligt 18 eller 19 kap. brottsbalken eller annat brott mot Sveriges säkerhet.
#
#   En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges i denna lag.
# custom:
#   ref: OSL 10:18 b
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#   ground: osl_18b
#   order: 11
#   holder: [facts.social_services, facts.health_care]
#   receiver: [polismyndigheten, sakerhetspolisen]
package statutes.osl_10.section_18b

import data.facts
import data.offences

conditions := {"holder", "receiver", "offence", "not_committed"}

uses := {"offence"}

names := {"OSL 25:1", "OSL 25:2 2 st", "OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "holder" if facts.health_care(facts.holder)

# "Polismyndigheten eller Säkerhetspolisen"
holds contains "receiver" if facts.receiver.authority in {"polismyndigheten", "sakerhetspolisen"}

# "risk för att den enskilde kommer att begå": points 1-3
holds contains "offence" if {
	offences.terrorist_or_security(input.offence)
	input.offence.subject_is == "suspect"
}

# "En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges"
holds contains "not_committed" if not facts.committed

asks := {"concrete_risk": true}
