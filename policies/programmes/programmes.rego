# METADATA
# title: Who may take part in a programme of cooperation, and where its agreement reaches
# description: Members of each programme are a dated table with a source. A case is shared between members, under an agreement that both have confirmed, in its area and for its purposes (2023:196 9 §).
package programmes

import data.facts

# An agreement of the programme that is in force between the parties on the day and reaches the place of the case.
agreement contains found if {
	some found in input.agreements
	found.programme == input.programme
	found.valid_from <= input.day
	found.valid_until >= input.day
	reaches(found)
}

reaches(found) if count(found.area) == 0

reaches(found) if input.place in found.area

# Both parties may take part. A programme without a table (other, crime_alliance) is as open as its agreement.
members_only if not data.programmes.members[input.programme]

members_only if {
	member(facts.holder)
	member(facts.receiver)
}

member(party) if {
	row := data.programmes.members[input.programme]
	facts.listed(data.programmes.members, input.programme)
	takes_part(row, party)
}

takes_part(row, party) if party.authority in row.authorities

takes_part(row, party) if {
	some kind in party.kinds
	kind in row.kinds
}

# Whether an item may be shared in the programme: what a consent in a CaseSharing asks for beside itself.
shared contains i if {
	input.kind != "CaseSharing"
	some i, _ in input.items
}

shared contains i if {
	members_only
	some i, item in input.items
	some found in agreement
	item.purpose in found.purposes
}
