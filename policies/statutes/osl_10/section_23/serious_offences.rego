# METADATA
# title: SFS 2009:400, 10 kap. 23 § – Utredning av begångna brott
# description: |
#   Om inte annat följer av 19-22 §§ får en uppgift av betydelse för utredningen av ett begånget brott som är sekretessbelagd enligt 24 kap. 2 a eller 8 §, 25 kap. 1 §, 2 § andra stycket eller 3-8 §§, 26 kap. 1 §, 1 a § andra stycket eller 2-6 §§, 31 kap. 1 § första stycket, 2 eller 12 §, 33 kap. 2 eller 4 a §, 36 kap. 3 § eller 40 kap. 2 eller 5 § lämnas till en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen eller någon annan myndighet som har till uppgift att ingripa mot brottet endast om utredningen angår
#   1. brott för vilket det lägsta straffet enligt straffskalan för brottet är fängelse i sex månader eller mer, eller
#   2. försök, förberedelse eller stämpling till brott för vilket det lägsta straffet enligt straffskalan för brottet är fängelse i ett år eller mer.
# custom:
#   ref: OSL 10:23
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#     - en: For committed offences and matter under 10:23, that 10:23 goes before 10:15 a point 2 as the stricter rule is an inference.
#       sv: Att OSL 10:23 som den strängare regeln går före OSL 10:15 a första stycket 2 i fråga om begångna brott och sekretess som anges i 10:23 är en tolkning.
#     - en: Whether an authority of 2025:170 2 § other than prosecutor, Polismyndigheten and Säkerhetspolisen intervenes against the offence is open.
#       sv: Om någon annan myndighet som anges i 2025:170 2 § än en åklagarmyndighet, Polismyndigheten och Säkerhetspolisen har till uppgift att ingripa mot brottet är en öppen fråga.
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#     - en: "That OSL 25:8 a, 25:8 b, 25:16 and 25:17 a lie outside \"3-8 §§\" is an inference."
#       sv: Att OSL 25:8 a, 25:8 b, 25:16 och 25:17 a faller utanför ”3-8 §§” är en tolkning.
#   ground: osl_23
#   order: 18
#   holder: [facts.authority]
#   receiver: [sfs_2025_170/section_2]
package statutes.osl_10.section_23

import data.facts
import data.offences

conditions := {"holder", "receiver", "committed", "offence"}

uses := {"offence"}

names := {
	"OSL 24:2 a", "OSL 24:8",
	"OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4", "OSL 25:5", "OSL 25:6", "OSL 25:7", "OSL 25:8",
	"OSL 26:1", "OSL 26:1 a 2 st", "OSL 26:2", "OSL 26:3", "OSL 26:4", "OSL 26:5", "OSL 26:6",
	"OSL 31:1 1 st", "OSL 31:2", "OSL 31:12",
	"OSL 33:2", "OSL 33:4 a", "OSL 36:3",
	"OSL 40:2", "OSL 40:5",
}

holds contains "holder" if facts.authority(facts.holder)

# "en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen"
holds contains "receiver" if facts.receiver.authority in {"aklagarmyndigheten", "polismyndigheten", "sakerhetspolisen"}

# [I] "någon annan myndighet som har till uppgift att ingripa mot brottet": does it intervene against this one?
open contains "receiver" if facts.law_enforcement(facts.receiver)

holds contains "committed" if facts.committed

# Point 1: at least six months; point 2: attempt, preparation or conspiracy where the offence has at least a year
_months := 6 if input.offence.stage == "completed"

_months := 12 if input.offence.stage != "completed"

_serious := offences.both(offences.minimum(input.offence, _months), offences.punishable(input.offence))

holds contains "offence" if _serious == "reached"

unknown contains "offence" if _serious == "unknown"

unknown contains "wording_unknown" if offences.wording_unknown(input.offence)

doubts if offences.near_inferred_day(input.offence)

# "en uppgift av betydelse för utredningen"
asks := {"importance": true}
