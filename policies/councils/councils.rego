# METADATA
# title: Councils against the recruitment of children (Bob-råd)
# description: National and regional councils are strategic; local ones concern named children, with a ground for each item. A council has no secrecy rule of its own. Who usually takes part is a table with a source; it marks a doubt and closes nothing.
package councils

import data.facts

strategic if input.level in {"national", "regional"}

# [I] Items that name a person, in a council that is strategic.
names_a_person contains i if {
	strategic
	some i in facts.about_somebody
}

# [I] One of the two is not among those who usually take part: police, social services, child psychiatry, school, Prison
# and Probation Service, SiS and the rest.
unusual if {
	input.kind == "CouncilReferral"
	some party in [input.sender, input.recipient]
	not usual(party)
}

usual(party) if party.authority in data.councils.members.authorities

usual(party) if startswith(party.authority, data.councils.members.county_boards)

usual(party) if {
	some kind in facts.kinds_in_law(party)
	kind in data.councils.members.kinds
}
