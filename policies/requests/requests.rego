# METADATA
# title: The verdict on a request, and guidance for the one who is asked
# description: A request is withheld only for a ground that it claims and cannot have (contract, "Request").
package requests

import data.facts
import data.finding

had contains ground if {
	some ground in input.basis
	some i, _ in input.items
	finding.found[ground][i].status == "yes"
}

open contains ground if {
	some ground in input.basis
	some i, _ in input.items
	finding.found[ground][i].status == "refer"
}

outcome := "forward" if {
	not finding.claimed
} else := "forward" if {
	count(had) > 0
} else := "refer" if {
	count(open) > 0
} else := "withhold"

# The bars of claimed grounds, when nothing that is claimed can be had; with an open reading, an unknown wording.
bars contains finding.bar(ground, found) if {
	outcome == "withhold"
	some ground in input.basis
	some i, _ in input.items
	found := finding.found[ground][i]
}

bars contains "wording_unknown" if {
	outcome == "refer"
	some ground in open
	some i, _ in input.items
	finding.found[ground][i].wording_unknown
}

doubtful contains ground if {
	some ground in input.basis
	some i, _ in input.items
	finding.found[ground][i].status != "no"
	finding.found[ground][i].doubtful
}

# For each category: the grounds that may carry with the tests they ask, what is exempt, and what to write down.
guidance[item.category] := {
	"grounds": {g: {"ref": data.law.grounds[g].ref, "asks": found.asks} |
		some g in finding.tried
		found := finding.found[g][i]
		found.status != "no"
		not found.wrong_age
	},
	"bars": {"s170_8": data.law.bars.s170_8 | exempt_matter(item)},
	"note": note(item),
} if {
	some i, item in input.items
}

# What social services and health care hold is as a rule under the secrecy that 8 § names: 5-7 §§ then do not reach it.
exempt_matter(_) if facts.social_services(facts.holder)

exempt_matter(_) if facts.health_care(facts.holder)

exempt_matter(_) if "private_health_care" in facts.holder.kinds

exempt_matter(item) if item.category in {"social_record", "health_record"}

note(item) := "exempt_matter" if exempt_matter(item)

note(item) := "write_down_the_weighing" if not exempt_matter(item)
