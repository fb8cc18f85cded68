# METADATA
# title: SFS 2009:400, 10 kap. 15 a § – Uppgift om enskilds personliga eller ekonomiska förhållanden
# description: |
#   Sekretess enligt 21-40 kap. hindrar inte att en uppgift lämnas till en annan myndighet, om det behövs för att
#   1. förebygga, förhindra eller upptäcka brottslig verksamhet,
#   2. utreda brott,
#   3. förebygga eller förhindra att en ekonomisk förmån, ett ekonomiskt stöd, en skatt eller en avgift beslutas, betalas ut eller tillgodoräknas felaktigt eller med ett för högt eller ett för lågt belopp,
#   4. upptäcka eller utreda sådant som avses i 3, eller
#   5. förebygga, förhindra, upptäcka eller utreda fusk och överträdelser av regler, villkor i beslut eller avtal.
#
#   En uppgift får inte lämnas om övervägande skäl talar för att det intresse som sekretessen ska skydda har företräde framför intresset av att uppgiften lämnas ut.
#
#   Första stycket gäller inte i fråga om sekretess enligt 24 kap. 2 a och 8 §§, 25 kap. 1-5 och 8 §§, 26 kap. 1 a § första stycket, 3, 4 och 6 §§, 29 kap. 1 och 2 §§, 31 kap. 1 § första stycket, 2 och 12 §§, 33 kap. 2 och 4 a §§, 36 kap. 3 § samt 40 kap. 2 och 5 §§.
# custom:
#   ref: OSL 10:15 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-12-01"
#   amended_by: Lag (2025:934)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#     - en: For committed offences and matter under 10:23, that 10:23 goes before 10:15 a point 2 as the stricter rule is an inference.
#       sv: Att OSL 10:23 som den strängare regeln går före OSL 10:15 a första stycket 2 i fråga om begångna brott och sekretess som anges i 10:23 är en tolkning.
#   ground: osl_15a
#   order: 8
#   holder: [facts.authority]
#   receiver: [facts.authority]
package statutes.osl_10.section_15a

import data.facts
import data.reach
import data.statutes.osl_10.section_23

conditions := {"holder", "receiver", "purpose"}

uses := {"purpose"}

holds contains "holder" if facts.authority(facts.holder)

# "till en annan myndighet"
holds contains "receiver" if facts.authority(facts.receiver)

# Points 1-5; to prosecute (lagföra) is not among them.
_purposes := {"prevent", "avert", "detect", "investigate", "wrong_payment", "cheating"}

holds_for[i] contains "purpose" if some i in facts.for_purpose(_purposes)

# Third paragraph
excepted := {
	"OSL 24:2 a", "OSL 24:8",
	"OSL 25:1", "OSL 25:2", "OSL 25:3", "OSL 25:4", "OSL 25:5", "OSL 25:8",
	"OSL 26:1 a 1 st", "OSL 26:3", "OSL 26:4", "OSL 26:6",
	"OSL 29:1", "OSL 29:2",
	"OSL 31:1 1 st", "OSL 31:2", "OSL 31:12",
	"OSL 33:2", "OSL 33:4 a", "OSL 36:3",
	"OSL 40:2", "OSL 40:5",
}

# "Sekretess enligt 21-40 kap."
chapters := {"from": 21, "to": 40}

# [I] "utreda brott" against 23 § "endast om": for a committed offence and secrecy that 23 § names, the stricter rule may hold.
open_for[i] contains "against_23" if {
	input.offence.committed
	item := input.items[i]
	some provision in item.secrecy
	reach.named(section_23.names, provision)
}

# "om det behövs för att": on request the asker has stated it.
asks_for[i].need if some i in facts.on_own_initiative

asks_for[i].overriding_reasons := false if some i in facts.under_secrecy
