# METADATA
# title: SFS 2009:400, 10 kap. 22 a § – Misstankar om begången terroristbrottslighet
# description: |
#   Sekretessen enligt 25 kap. 1 § och 2 § andra stycket samt 26 kap. 1 § hindrar inte att en uppgift lämnas till Polismyndigheten eller Säkerhetspolisen, om uppgiften angår misstanke om
#   1. ett begånget brott enligt någon av 4-10 §§ terroristbrottslagen (2022:666), eller
#   2. ett begånget försök eller en begången förberedelse eller stämpling till terroristbrott enligt 4 § samma lag.
# custom:
#   ref: OSL 10:22 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#   ground: osl_22a
#   order: 16
#   holder: [facts.social_services, facts.health_care]
#   receiver: [polismyndigheten, sakerhetspolisen]
package statutes.osl_10.section_22a

import data.facts
import data.offences

conditions := {"holder", "receiver", "committed", "offence"}

uses := {"offence"}

names := {"OSL 25:1", "OSL 25:2 2 st", "OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "holder" if facts.health_care(facts.holder)

holds contains "receiver" if facts.receiver.authority in {"polismyndigheten", "sakerhetspolisen"}

holds contains "committed" if facts.committed

holds contains "offence" if offences.terrorist(input.offence)

asks := {"suspicion": true}
