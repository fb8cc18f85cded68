# METADATA
# title: Councils against the recruitment of children (Bob-råd)
# description: National and regional councils are strategic and hear of no person; local ones concern named children, with a ground for each item. A council has no secrecy rule of its own.
package councils

strategic if input.level in {"national", "regional"}

# Items that name a person, in a council that may hear of none.
names_a_person contains i if {
	input.kind == "CouncilReferral"
	strategic
	some i, item in input.items
	count(item.persons) > 0
}

# Members by council: police, social services, child psychiatry, school, Prison and Probation Service, SiS and the rest.
outside if {
	input.kind == "CouncilReferral"
	some party in [input.sender, input.recipient]
	not member(party)
}

member(party) if party.authority in data.councils.members.authorities

member(party) if startswith(party.authority, data.councils.members.county_boards)

member(party) if {
	some kind in party.kinds
	kind in data.councils.members.kinds
}
