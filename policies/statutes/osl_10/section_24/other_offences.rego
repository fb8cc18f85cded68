# METADATA
# title: SFS 2009:400, 10 kap. 24 § – Utredning av begångna brott
# description: |
#   Sekretess som följer av andra sekretessbestämmelser än dem som anges i 19-23 §§, 25 kap. 2 § första stycket och 26 kap. 1 a § första stycket hindrar inte att en uppgift av betydelse för utredningen av ett begånget brott lämnas till en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen eller någon annan myndighet som har till uppgift att ingripa mot brottet, om fängelse ingår i straffskalan för brottet.
# custom:
#   ref: OSL 10:24
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#     - en: Whether an authority of 2025:170 2 § other than prosecutor, Polismyndigheten and Säkerhetspolisen intervenes against the offence is open.
#       sv: Om någon annan myndighet som anges i 2025:170 2 § än en åklagarmyndighet, Polismyndigheten och Säkerhetspolisen har till uppgift att ingripa mot brottet är en öppen fråga.
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#   ground: osl_24
#   order: 19
#   holder: [facts.authority]
#   receiver: [sfs_2025_170/section_2]
package statutes.osl_10.section_24

import data.facts
import data.offences

conditions := {"holder", "receiver", "committed", "offence"}

uses := {"offence"}

# "andra sekretessbestämmelser än dem som anges i 19-23 §§, 25 kap. 2 § första stycket och 26 kap. 1 a § första stycket"
excepted := {
	"OSL 24:2 a", "OSL 24:8",
	"OSL 25:1", "OSL 25:2", "OSL 25:3", "OSL 25:4", "OSL 25:5", "OSL 25:6", "OSL 25:7", "OSL 25:8",
	"OSL 26:1", "OSL 26:1 a", "OSL 26:2", "OSL 26:3", "OSL 26:4", "OSL 26:5", "OSL 26:6",
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

# "om fängelse ingår i straffskalan för brottet"
_serious := offences.both(offences.prison(input.offence), offences.punishable(input.offence))

holds contains "offence" if _serious == "reached"

unknown contains "offence" if _serious == "unknown"

unknown contains "wording_unknown" if offences.wording_unknown(input.offence)

doubts if offences.near_inferred_day(input.offence)

asks := {"importance": true}
