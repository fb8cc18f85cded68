# METADATA
# title: What is known of an offence
# description: Compares the offence stated with the dated table of penal scales (straffskalor). Answers are reached, below or unknown.
package offences

# Rows of the table for this provision and degree, whatever their day.
of_degree(offence) := {row |
	some row in data.offences.scales[offence.provision.provision]
	degree_fits(offence, row)
}

degree_fits(offence, _) if offence.degree == null

degree_fits(offence, row) if offence.degree == row.degree

# Rows whose wording is known to hold on the offence's day.
known(offence) := {row |
	some row in of_degree(offence)
	row.from <= offence.day
	not ended(row, offence.day)
}

ended(row, day) if {
	row.to != null
	row.to < day
}

# The table has the offence, but not in the wording of its day.
wording_unknown(offence) if {
	count(of_degree(offence)) > 0
	count(known(offence)) == 0
}

# The wording that makes the stage punishable is not that of its day.
wording_unknown(offence) if {
	offence.stage != "completed"
	some row in known(offence)
	row.stages_from > offence.day
}

# Whether the lowest penalty is at least so many months' prison.
minimum(offence, months) := whether({answer |
	some row in known(offence)
	answer := row.min_months >= months
})

# Whether prison is in the scale.
prison(offence) := whether({answer |
	some row in known(offence)
	answer := in_prison(row)
})

in_prison(row) if row.max_months == null

in_prison(row) := row.max_months > 0 if row.max_months != null

# Whether the act is punishable at the stage stated; the rule on stages has a day of its own.
punishable(offence) := whether({answer |
	some row in known(offence)
	answer := punishable_at(row, offence)
})

punishable_at(_, offence) if offence.stage == "completed"

punishable_at(row, offence) := offence.stage in row.stages if {
	offence.stage != "completed"
	row.stages_from <= offence.day
}

punishable_at(row, offence) := null if {
	offence.stage != "completed"
	row.stages_from > offence.day
}

# All rows agree, or it is not known: no row, or scales on both sides.
whether(answers) := "reached" if answers == {true}

whether(answers) := "below" if answers == {false}

whether(answers) := "unknown" if not answers in {{true}, {false}}

both(one, other) := "below" if "below" in {one, other}

both(one, other) := "reached" if {one, other} == {"reached"}

both(one, other) := "unknown" if {
	"unknown" in {one, other}
	not "below" in {one, other}
}

# The day in force of a row is inferred, and the offence lies within a year of it.
near_inferred_day(offence) if {
	some row in known(offence)
	row.doubtful
	offence.day < row.from + 10000
}

# [I] a repealed act's provision is read as its successor's, and stays an inference however long after.
near_inferred_day(offence) if {
	some row in known(offence)
	row.successor
}

in_chapters(offence, chapters) if {
	offence.provision.statute == "BrB"
	offence.provision.chapter in chapters
}

# 4-10 §§ terroristbrottslagen; attempt, preparation and conspiracy of 4 §
terrorist(offence) if {
	offence.provision.provision in {
		"2022:666 4 §", "2022:666 4 a §", "2022:666 5 §", "2022:666 6 §",
		"2022:666 7 §", "2022:666 8 §", "2022:666 9 §", "2022:666 10 §",
	}
	offence.stage == "completed"
}

terrorist(offence) if offence.provision.provision == "2022:666 4 §"

terrorist_or_security(offence) if terrorist(offence)

terrorist_or_security(offence) if in_chapters(offence, {18, 19})

# Whether the victim, or the one who was sold or given to, was under 18: yes or unknown, and nothing where not.
victim_under_18(offence) := "yes" if offence.victim_under_18 == true

victim_under_18(offence) := "yes" if {
	by_subject(offence)
	offence.subject_age < 18
}

victim_under_18(offence) := "unknown" if {
	offence.victim_under_18 == null
	not by_subject(offence)
}

by_subject(offence) if {
	offence.victim_under_18 == null
	offence.subject_is == "victim"
	offence.subject_age != null
}
