# METADATA
# title: Who takes part in a programme of cooperation, and where its agreement reaches
# description: A case is shared under an agreement that both have confirmed, in its area and for its purposes (2023:196 9 §). Who usually takes part is a dated table with a source; it marks a doubt and closes nothing.
package programmes

import data.facts

# An agreement of the programme that is in force between the parties on the day, and is not of another place than the case's.
agreement contains row if {
	some row in input.agreements
	row.programme == input.programme
	row.valid_from <= input.day
	row.valid_until >= input.day
	not elsewhere(row)
}

elsewhere(row) if {
	not is_null(input.place)
	not reaches(row)
}

reaches(row) if count(row.area) == 0

reaches(row) if input.place in row.area

# [I] One of the two is not among those who usually take part: of a programme without a table (other, crime_alliance)
# nobody knows who does.
unusual if {
	input.kind == "CaseSharing"
	facts.listed(data.programmes.members, input.programme)
	some party in [facts.holder, facts.receiver]
	not usual(data.programmes.members[input.programme], party)
}

usual(row, party) if party.authority in row.authorities

usual(row, party) if {
	some kind in facts.kinds_in_law(party)
	kind in row.kinds
}

# Whether an item may be shared in the programme: what a consent in a CaseSharing asks for beside itself.
shared contains i if {
	input.kind != "CaseSharing"
	some i, _ in input.items
}

shared contains i if {
	item := input.items[i]
	some row in agreement
	reaches(row)
	item.purpose in row.purposes
}

# An agreement reaches the item if it reaches the case, and nobody has stated where the case is.
perhaps_shared contains i if {
	item := input.items[i]
	some row in agreement
	item.purpose in row.purposes
}
