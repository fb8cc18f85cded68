# METADATA
# title: SFS 2009:400, 10 kap. 20 § – Omedelbart polisiärt ingripande mot unga
# description: |
#   Sekretessen enligt 26 kap. 1 § hindrar inte att en uppgift som behövs för ett omedelbart polisiärt ingripande lämnas till Polismyndigheten när någon som kan antas vara under arton år påträffas av personal inom socialtjänsten
#   1. under förhållanden som uppenbarligen innebär överhängande och allvarlig risk för den unges hälsa eller utveckling, eller
#   2. om den unge påträffas när han eller hon begår brott.
# custom:
#   ref: OSL 10:20
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2014:633)
#   as_of: "2026-08-18"
#   doubts: []
#   ground: osl_20
#   order: 13
#   holder: [facts.social_services]
#   receiver: [polismyndigheten]
#   reaches_unnamed: true
package statutes.osl_10.section_20

import data.facts

_id := "osl_20"

conditions := {"holder", "receiver", "met_by_staff", "age"}

uses := {"met_by_staff", "presumed_under_18", "imminent_danger", "suspicion"}

# Where the age is known nothing is presumed; of the two points what does not hold carries nothing.
idle[i] contains "presumed_under_18" if {
	some i, _ in input.items
	not i in facts.perhaps_protecting_under(18)
}

idle[i] contains test if {
	item := input.items[i]
	some test in one_is_enough
	not facts.answer(item, _id, test)
}

names := {"OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "receiver" if facts.receiver.authority == "polismyndigheten"

# "påträffas av personal inom socialtjänsten"
holds contains "met_by_staff" if "met_by_staff" in input.circumstances

# "någon som kan antas vara under arton år"
holds_for[i] contains "age" if some i in facts.protecting_under(18)

holds_for[i] contains "age" if {
	facts.presumed_under_18
	some i in facts.perhaps_protecting_under(18)
}

unknown_for[i] contains "age" if some i in facts.perhaps_protecting_under(18)

one_is_enough := {"imminent_danger", "suspicion"}

# Point 1 "överhängande och allvarlig risk" or point 2 "påträffas när han eller hon begår brott": one of them is enough.
_enough contains i if {
	item := input.items[i]
	some test in one_is_enough
	facts.answer(item, _id, test)
}

asks_for[i][test] if {
	item := input.items[i]
	not i in _enough
	some test, other in {"imminent_danger": "suspicion", "suspicion": "imminent_danger"}
	_open_between(item, test, other)
}

_open_between(item, test, _) if not facts.answered(item, _id, test)

_open_between(item, _, other) if facts.answered(item, _id, other)
