# METADATA
# title: SFS 2009:400, 10 kap. 27 § – Generalklausul
# description: |
#   Utöver vad som följer av 2, 3, 5 och 15-26 §§ får en sekretessbelagd uppgift lämnas till en myndighet, om det är uppenbart att intresset av att uppgiften lämnas har företräde framför det intresse som sekretessen ska skydda.
#
#   Första stycket gäller inte i fråga om sekretess enligt 24 kap. 2 a och 8 §§, 25 kap. 1-8 §§, 26 kap. 1-6 §§, 29 kap. 1 och 2 §§, 31 kap. 1 § första stycket, 2 och 12 §§, 33 kap. 2 och 4 a §§, 36 kap. 3 § samt 40 kap. 2 och 5 §§.
#
#   Första stycket gäller inte heller om utlämnandet strider mot lag eller förordning.
# custom:
#   ref: OSL 10:27
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2021:644)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#     - en: "That OSL 25:8 a, 25:8 b, 25:16 and 25:17 a lie outside \"25 kap. 1-8 §§\" is an inference."
#       sv: Att OSL 25:8 a, 25:8 b, 25:16 och 25:17 a faller utanför ”25 kap. 1-8 §§” är en tolkning.
#   ground: osl_27
#   order: 20
#   holder: [facts.authority]
#   receiver: [facts.authority]
package statutes.osl_10.section_27

import data.facts

conditions := {"holder", "receiver"}

# Second paragraph
excepted := {
	"OSL 24:2 a", "OSL 24:8",
	"OSL 25:1", "OSL 25:2", "OSL 25:3", "OSL 25:4", "OSL 25:5", "OSL 25:6", "OSL 25:7", "OSL 25:8",
	"OSL 26:1", "OSL 26:1 a", "OSL 26:2", "OSL 26:3", "OSL 26:4", "OSL 26:5", "OSL 26:6",
	"OSL 29:1", "OSL 29:2",
	"OSL 31:1 1 st", "OSL 31:2", "OSL 31:12",
	"OSL 33:2", "OSL 33:4 a", "OSL 36:3",
	"OSL 40:2", "OSL 40:5",
}

holds contains "holder" if facts.authority(facts.holder)

# "lämnas till en myndighet"
holds contains "receiver" if facts.authority(facts.receiver)

# "om det är uppenbart att intresset av att uppgiften lämnas har företräde"
asks := {"obvious_interest": true}
