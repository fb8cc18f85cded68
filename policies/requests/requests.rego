# METADATA
# title: The verdict on a request, and guidance for the one who is asked
# description: A request is withheld only for a ground that it claims and cannot have (contract, "Request").
package requests

import data.exchanges.texts
import data.facts
import data.finding

had contains ground if {
	some ground in input.basis
	some "yes" in finding.status[ground]
}

open contains ground if {
	some ground in input.basis
	some "refer" in finding.status[ground]
}

claim := "forward" if {
	not finding.claimed
} else := "forward" if {
	count(had) > 0
} else := "refer" if {
	count(open) > 0
} else := "withhold"

# What its words hold waits for a human also where the claim stands.
outcome := "refer" if {
	claim == "forward"
	count(texts.open) > 0
} else := claim

grounds contains ground if {
	outcome == "forward"
	some ground in had
}

# The bars of claimed grounds, when nothing that is claimed can be had; with an open reading, an unknown wording.
bars contains finding.bar(ground, i) if {
	outcome == "withhold"
	some ground in input.basis
	some i, _ in input.items
}

bars contains "wording_unknown" if {
	outcome == "refer"
	some ground in open
	some i, _ in input.items
	finding.wording_unknown(ground, i)
}

bars contains bar if {
	outcome == "refer"
	some bar in texts.open
}

doubtful contains ground if {
	some ground in input.basis
	some i, _ in finding.status[ground]
	finding.doubtful(ground, i)
}

# For each category: the grounds that may carry with the tests they ask, what is exempt, and what to write down.
guidance[item.category] := {
	"grounds": {g: {"ref": data.law.grounds[g].ref, "asks": (object.keys(finding.asks(g, i)) | unnamed(g))} |
		some g, items in finding.status
		items[i]
		not finding.wrong_age(g, i)
	},
	"bars": {"s170_8": data.law.bars.s170_8 | exempt_matter(item)},
	"note": note(item),
} if {
	some i, item in input.items
}

# Asked of an item that names no secrecy.
unnamed(ground) := {finding.no_provision | not data.law.grounds[ground].reaches_unnamed}

# What is as a rule under the secrecy that 8 § names: 5-7 §§ then do not reach it.
exempt_matter(item) if facts.strongly_secret(item)

note(item) := "exempt_matter" if exempt_matter(item)

note(item) := "write_down_the_weighing" if not exempt_matter(item)
