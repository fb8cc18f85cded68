# METADATA
# title: Refusals
# description: What is withheld names its provision, and the test of a duty that reaches the matter; the receiver gets a written decision with how it is appealed (OSL 6 kap. 7 and 8 §§). Not held, and cannot say, are answers of their own.
package exchanges.refusal

import data.facts
import data.finding
import data.statutes.osl_6.section_8

withheld if {
	input.kind == "Refusal"
	not another_reason
}

another_reason if input.stated.reason in {"not_held", "cannot_say"}

open contains "no_provision" if {
	withheld
	not rested
}

rested if input.stated.ref != null

# The duties that the request could rest on, category by category; the provision stands as the item's secrecy.
reaching[ground] contains i if {
	withheld
	rested
	not outside_the_duty
	some ground in finding.own_grounds
	some i, _ in finding.status[ground]
}

# The refusal rests on a limit of the duties themselves.
outside_the_duty if input.stated.ref.provision in {"2025:170 2 §", "2025:170 3 §", "2025:170 8 §"}

# Its test lacks an answer, or is answered for release: the duty is then still open.
open contains ground if some ground, _ in reaching

asks contains test if {
	some ground, indexes in reaching
	some i in indexes
	some test in finding.unanswered(ground, i)
}

# How the decision is appealed: to whom, and where an authority decides within what time. A court has an order of its own.
appeal contains {"to": section_8.to, "ref": ref, "within": within} if {
	withheld
	ref := {"none": null, "kammarratten": "OSL 6:8", "regeringen": "OSL 6:8", "court_of_appeal": "OSL 6:8", "unclear": "OSL 2:3 a"}[section_8.to]
}

default within := null

within := {"weeks": row.weeks, "ref": row.ref, "safest_from": safest_from} if {
	section_8.to in {"kammarratten", "regeringen"}
	some row in data.exchanges.refusal.appeal_within
	row.from <= input.day
	not facts.ended(row)
}

# "part som företräder det allmänna": that an authority which asks is one is an inference, so it counts from the earlier day.
safest_from := "decided" if facts.authority(facts.receiver)

safest_from := "received" if not facts.authority(facts.receiver)
