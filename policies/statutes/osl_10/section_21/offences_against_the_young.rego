# METADATA
# title: SFS 2009:400, 10 kap. 21 § – Misstankar om vissa begångna brott mot unga
# description: |
#   Sekretessen enligt 25 kap. 1 §, 2 § andra stycket och 3-5 §§, 26 kap. 1 §, 1 a § andra stycket, 3, 4 och 6 §§ samt 33 kap. 2 och 4 a §§ hindrar inte att en uppgift lämnas till en åklagarmyndighet eller Polismyndigheten, om uppgiften angår misstanke om brott
#   1. som riktats mot någon som inte har fyllt arton år, och
#   2. som avses i 3, 4 eller 6 kap. brottsbalken eller lagen (1982:316) om förbud mot könsstympning av kvinnor och oskuldsingrepp på kvinnor, eller försök, förberedelse eller stämpling till ett sådant brott, om en sådan gärning är belagd med straff.
# custom:
#   ref: OSL 10:21
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2025:965)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#   ground: osl_21
#   order: 14
#   holder: [facts.social_services, facts.health_care, state_authority]
#   receiver: [aklagarmyndigheten, polismyndigheten, ekobrottsmyndigheten]
package statutes.osl_10.section_21

import data.facts
import data.offences

conditions := {"holder", "receiver", "committed", "victim", "offence"}

uses := {"offence"}

names := {
	"OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4", "OSL 25:5",
	"OSL 26:1", "OSL 26:1 a 2 st", "OSL 26:3", "OSL 26:4", "OSL 26:6",
	"OSL 33:2", "OSL 33:4 a",
}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "holder" if facts.health_care(facts.holder)

# The secrecy of chapter 33 and of supervision (25:3) stands at state authorities.
holds contains "holder" if "state_authority" in facts.holder.kinds

# "en åklagarmyndighet eller Polismyndigheten"
holds contains "receiver" if facts.receiver.authority in {"aklagarmyndigheten", "polismyndigheten"}

# [I] whether Ekobrottsmyndigheten is "en åklagarmyndighet".
open contains "receiver" if facts.receiver.authority == "ekobrottsmyndigheten"

holds contains "committed" if facts.committed

# "riktats mot någon som inte har fyllt arton år"
holds contains "victim" if offences.victim_under_18(input.offence) == "yes"

unknown contains "victim" if offences.victim_under_18(input.offence) == "unknown"

# "3, 4 eller 6 kap. brottsbalken eller lagen (1982:316)", and attempt, preparation, conspiracy where they are punishable
_named_offence if offences.in_chapters(input.offence, {3, 4, 6})

_named_offence if input.offence.provision.statute == "1982:316"

# No penalty is asked for: a completed offence needs no scale, so no wording of one.
holds contains "offence" if {
	_named_offence
	input.offence.stage == "completed"
}

holds contains "offence" if {
	_named_offence
	offences.punishable(input.offence) == "reached"
}

unknown contains "offence" if {
	_named_offence
	offences.punishable(input.offence) == "unknown"
}

unknown contains "wording_unknown" if {
	_named_offence
	input.offence.stage != "completed"
	offences.wording_unknown(input.offence)
}

asks := {"suspicion": true}
