# METADATA
# title: Refusals
# description: What is withheld names a provision that exempts, or a ground whose weighing speaks against release; the receiver gets a written decision with how it is appealed (OSL 6 kap. 7 and 8 §§). Not held, and cannot say, are answers of their own.
package exchanges.refusal

import data.facts
import data.finding
import data.statutes.osl_6.section_8

_withheld if {
	input.kind == "Refusal"
	not _another_reason
}

_another_reason if input.stated.reason in {"not_held", "cannot_say"}

open contains "refusal_unfounded" if {
	_withheld
	not _founded
}

# It rests on what exempts by itself, or for each category on a ground whose weighing speaks against release.
_founded if _exempts(input.stated.ref)

_founded if {
	count(input.items) > 0
	every i, _ in input.items {
		some ground in _named
		finding.against(ground, i) != set()
	}
}

# The grounds whose paragraph it names; a refusal answers a request, so one of own initiative is none.
_named contains ground if {
	some ground, row in data.law.grounds
	row.ref == input.stated.ref.provision
	[statute, section] := row.at
	not "own_initiative" in data.statutes[statute][section].conditions
}

# "8 §": the limit of the duties of 2025:170.
_exempts(ref) if ref.provision == "2025:170 8 §"

# OSL's chapters on secrecy; what in them breaks it is a ground's paragraph.
_exempts(ref) if {
	ref.statute == "OSL"
	ref.chapter >= 15
	ref.chapter <= 43
	count(_named) == 0
}

# Tystnadsplikt in private activity
_exempts(ref) if data.exchanges.refusal.silence[ref.provision]

# Its test lacks an answer: asked for. Answered for release it is no reason to refuse.
asks contains test if {
	_withheld
	some ground in _named
	some i, _ in input.items
	some test in finding.unanswered(ground, i)
}

# How the decision is appealed: to whom, and where an authority decides within what time. A court has an order of its own.
appeal contains {"to": section_8.to, "ref": ref, "within": _within} if {
	_withheld
	ref := {"none": null, "kammarratten": "OSL 6:8", "regeringen": "OSL 6:8", "court_of_appeal": "OSL 6:8", "unclear": "OSL 2:3 a"}[section_8.to]
}

default _within := null

_within := {"weeks": row.weeks, "ref": row.ref, "safest_from": _safest_from} if {
	section_8.to in {"kammarratten", "regeringen"}
	some row in data.exchanges.refusal.appeal_within
	row.from <= input.day
	not facts.ended(row)
}

# "part som företräder det allmänna": that an authority which asks is one is an inference, so it counts from the earlier day.
_safest_from := "decided" if facts.authority(facts.receiver)

_safest_from := "received" if not facts.authority(facts.receiver)
