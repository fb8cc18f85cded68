# METADATA
# title: SFS 2025:400, 15 kap. 4 § – Uppgifter om utbetalat ekonomiskt bistånd
# description: |
#   Socialnämnden ska på begäran lämna uppgifter om utbetalat ekonomiskt bistånd till en annan myndighet, om syftet är att undvika felaktiga utbetalningar från det allmänna eller en felaktig beskattning.
# custom:
#   ref: SoL 15:4
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
#   ground: sol_15_4
#   order: 40
#   holder: [social_services]
#   receiver: [facts.authority]
#   categories: [benefit]
#   duty: true
#   reaches_unnamed: true
package statutes.sol_15.section_4

import data.facts

conditions := {"holder", "receiver", "request", "purpose", "category"}

# "Socialnämnden"
holds contains "holder" if facts.social_board(facts.holder)

# "till en annan myndighet"
holds contains "receiver" if facts.authority(facts.receiver)

# "på begäran"
holds_for[i] contains "request" if some i in facts.on_request

# "om syftet är att undvika felaktiga utbetalningar från det allmänna eller en felaktig beskattning"
holds_for[i] contains "purpose" if some i in facts.for_purpose({"wrong_payment"})

# "uppgifter om utbetalat ekonomiskt bistånd"
holds_for[i] contains "category" if some i in facts.of_category({"benefit"})

reaches_all := true
