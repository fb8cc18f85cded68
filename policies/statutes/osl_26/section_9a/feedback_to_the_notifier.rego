# METADATA
# title: SFS 2009:400, 26 kap. 9 a § – Sekretessbrytande bestämmelser
# description: |
#   Sekretessen enligt 1 § hindrar inte att uppgift om att beslut fattats enligt 20 kap. 2 § socialtjänstlagen (2025:400) eller uppgift om att sådan utredning som avses i den bestämmelsen redan pågår lämnas till den som har gjort en anmälan enligt 19 kap. 1 eller 2 § samma lag, om det med hänsyn till omständigheterna inte är olämpligt att uppgiften lämnas ut.
# custom:
#   ref: OSL 26:9 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-07-01"
#   amended_by: Lag (2025:436)
#   as_of: "2026-08-18"
#   doubts:
#     - en: That Barnombudsmannen (SoL 19:3) is answered only on its request, through SoL 19:6 second paragraph and OSL 10:28, is an inference.
#       sv: Att Barnombudsmannen (SoL 19:3) får besked endast på egen begäran, med stöd av SoL 19:6 andra stycket och OSL 10:28, är en tolkning.
#   ground: osl_26_9a
#   order: 23
#   holder: [social_services]
#   categories: [inquiry_opened]
package statutes.osl_26.section_9a

import data.facts
import data.statutes.sol_19.section_1

conditions := {"holder", "receiver", "notified", "category"}

names := {"OSL 26:1"}

# "beslut … enligt 20 kap. 2 §": the social board's
holds contains "holder" if facts.social_board(facts.holder)

holds contains "holder" if {
	input.kind == "ConcernFeedback"
	facts.social_board_desk(facts.holder)
}

# "den som har gjort en anmälan enligt 19 kap. 1 eller 2 § samma lag"
holds contains "receiver" if section_1.in_circle(facts.receiver)

holds contains "receiver" if {
	section_1.family_counselling(facts.receiver)
	_professional(facts.receiver)
}

_professional(party) if facts.municipality_or_region(party)

_professional(party) if facts.private_care(party)

# [I] 19:1 point 22: is an association that works with children "yrkesmässigt bedriven enskild verksamhet"?
open contains "receiver" if {
	not facts.authority(facts.receiver)
	facts.receiver.works_with_children
}

# "den som har gjort en anmälan": by name, of this child, here; or as the sender states, where it came another way.
# Feedback that answers no notification is stopped before (data.decision).
holds contains "notified" if input.kind == "ConcernFeedback"

holds contains "notified" if "recipient_has_notified" in input.circumstances

holds_for[i] contains "notified" if {
	some i in facts.about_somebody
	every key in input.items[i].persons {
		key in input.notified
	}
}

unknown contains "notified"

uses := {"recipient_has_notified"}

# Where the notification came here, nothing is stated of one that came another way.
idle[i] contains "recipient_has_notified" if {
	some i, _ in input.items
	"notified" in holds_for[i]
}

# [I] Barnombudsmannen notifies under 19:3: only on its request, by SoL 19:6 second paragraph and OSL 10:28.
holds_for[i] contains "receiver" if {
	facts.receiver.authority == "barnombudsmannen"
	input.day >= 20260115
	some i in facts.on_request
}

doubts if facts.receiver.authority == "barnombudsmannen"

# "uppgift om att beslut fattats … eller uppgift om att sådan utredning … redan pågår": nothing of its content
holds_for[i] contains "category" if some i in facts.of_category({"inquiry_opened"})

asks := {"not_unsuitable": true}
