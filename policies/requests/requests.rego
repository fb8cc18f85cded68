# METADATA
# title: The verdict on a request, and guidance for the one who is asked
# description: A request is withheld only for a ground that it claims and cannot have (contract, "Request").
package requests

import data.exchanges.texts
import data.facts
import data.finding
import data.statutes.sfs_2025_170.section_8

carried contains ground if {
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
	count(carried) > 0
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
	some ground in carried
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
	"grounds": {g: {"ref": binding.ref, "force": binding.force, "asks": (object.keys(finding.asks(g, i)) | binding.asks)} |
		some g, binding in bindings
		finding.status[g][i]
		not finding.wrong_age(g, i)
		not [g, i] in excluded
	},
	"bars": {"s170_8": data.law.bars.s170_8 | matter == true},
	"note": note(matter),
} if {
	item := input.items[i]
	matter := exempt_matter(item)
}

bindings[ground] := {"ref": data.law.grounds[ground].ref, "force": force(ground), "asks": unnamed(ground)} if {
	some ground, _ in finding.status
}

# What the law excludes for what such a holder has of a person: what does not reach the secrecy that it is under as a rule,
# by the ground's own words (`names`, `excepted`), and what 8 § of 2025:170 exempts from.
excluded contains [ground, i] if {
	item := input.items[i]
	count(item.persons) > 0
	facts.presumed_secrecy
	some ground, _ in finding.status
	not [ground, i] in as_presumed
}

as_presumed contains [ground, i] if {
	presumed := object.union(input, {"items": {i: object.union(item, {"secrecy": [facts.presumed_secrecy]}) | some i, item in input.items}})
	here := {ground | some ground, _ in finding.status; not exempt(ground)}
	some [ground, i] in finding.with_status(here) with input as presumed
}

exempt(ground) if {
	[statute, section] := data.law.grounds[ground].at
	"s170_8" in data.statutes[statute][section].conditions
	facts.presumed_secrecy.provision in section_8.exempt
}

# How a ground binds: a duty; a permission; or narrow, for a situation or an offence of which nobody has said that it is one.
force(ground) := "narrow" if {
	narrow(ground)
} else := "duty" if {
	data.law.grounds[ground].duty
} else := "permission"

_of_an_offence := {"osl_18b", "osl_18c", "osl_21", "osl_22", "osl_22a"}

_of_an_investigation := {"osl_23", "osl_24", "lul_6", "lul_34", "skol_6a_10"}

narrow(ground) if {
	ground in _of_an_offence
	is_null(input.offence)
}

# "utredning av ett begånget brott", "misstänkt för ett brott": likely where that is what it is for.
narrow(ground) if {
	ground in _of_an_investigation
	is_null(input.offence)
	every _, item in input.items {
		not item.purpose in {"investigate", "prosecute"}
	}
}

_situations := {"osl_19": set(), "osl_20": {"met_by_staff"}, "osl_35_15a": {"serving_prison", "serving_youth_supervision"}}

# "förestående", "omedelbart polisiärt ingripande", "den som har dömts till".
narrow(ground) if {
	circumstances := _situations[ground]
	count(circumstances & {c | some c in input.circumstances}) == 0
}

# Asked of an item that names no secrecy.
unnamed(ground) := {finding.no_provision | not data.law.grounds[ground].reaches_unnamed}

# What is as a rule under the secrecy that 8 § names: 5-7 §§ then do not reach it.
default exempt_matter(_) := false

exempt_matter(item) if {
	count(item.persons) > 0
	facts.strongly_secret(item)
}

note(true) := "exempt_matter"

note(false) := "write_down_the_weighing"
