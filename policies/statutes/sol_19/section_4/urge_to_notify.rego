# METADATA
# title: SFS 2025:400, 19 kap. 4 § – Uppmaning att anmäla oro
# description: |
#   Var och en som får kännedom om eller misstänker att ett barn far illa bör anmäla det till socialnämnden.
# custom:
#   ref: SoL 19:4
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
#   ground: sol_19_4
#   order: 33
#   only_for: [ConcernNotification]
package statutes.sol_19.section_4

import data.facts
import data.statutes.sol_19.section_1

conditions := {"holder", "receiver", "age"}

# "Var och en": private persons and associations too; for family counsellors 19:2 holds instead.
holds contains "holder" if {
	not facts.authority(facts.holder)
	not section_1.family_counselling(facts.holder)
}

# "bör" breaks no secrecy (OSL 8:1, 10:28): whether an authority's work touches children (19:1 point 21) is not known.
unknown contains "holder" if facts.authority(facts.holder)

# "till socialnämnden"
holds contains "receiver" if facts.social_board_desk(facts.receiver)

holds_for[i] contains "age" if some i in facts.under(18)

unknown_for[i] contains "age" if some i in facts.perhaps_under(18)

# Who notifies states that a child may fare badly; an answer to the contrary stops the notification.
asks_for[i].child_at_risk if some i in facts.answering("sol_19_4", "child_at_risk")

reaches_all := true
