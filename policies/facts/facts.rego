# METADATA
# title: Facts that several paragraphs ask about
# description: Who holds the information, who would receive it, and what sort of party each is. No paragraph decides here.
package facts

# In a request the asked party holds the information and the asker would receive it.
asking if input.kind == "InformationRequest"

holder := input.recipient if asking

holder := input.sender if not asking

receiver := input.sender if asking

receiver := input.recipient if not asking

# The message is to its own sender. Units of one authority that are apart are to each other as two authorities (OSL 8
# kap. 2 §): to another desk than it came from it is not.
to_itself if {
	input.sender.id == input.recipient.id
	not _to_another_desk
}

_to_another_desk if {
	input.recipient.desk
	input.recipient.desk != object.get(input.sender, "desk", null)
}

# Whether a dated table lists the id on the message's day.
listed(table, id) if {
	row := table[id]
	row.from <= input.day
	not ended(row)
}

ended(row) if {
	row.to != null
	row.to < input.day
}

# --- parties

public_kinds := {"state_authority", "municipality", "region", "court"}

# An authority (myndighet) in OSL's meaning: also those equated with one by 2 kap. 3 and 3 a §§.
default authority(_) := false

authority(party) if {
	some kind in party.kinds
	kind in public_kinds
} else if {
	"school" in party.kinds
	party.principal != "private"
} else if {
	data.statutes.osl_2.section_3.equated(party)
} else if {
	data.statutes.osl_2.section_3a.equated(party)
}

default municipal_company(_) := false

municipal_company(party) if "municipal_company" in party.kinds

default municipality_or_region(_) := false

municipality_or_region(party) if {
	some kind in party.kinds
	kind in {"municipality", "region"}
}

default private_care(_) := false

private_care(party) if {
	some kind in party.kinds
	kind in {"private_social_care", "private_health_care"}
}

# What an authority is in law: a municipality's school is its municipality.
kinds_in_law(party) := {kind | some kind in party.kinds} | {"municipality" | of_a_municipality(party)}

of_a_municipality(party) if startswith(party.authority, "kommun-")

# The activity that a rektor, or in leisure centres the designated staff, answers for.
default school(_) := false

school(party) if "school" in party.kinds

school(party) if {
	party.unit in {"school", "leisure"}
	some kind in party.kinds
	kind in {"municipality", "region", "state_authority"}
}

# Of what 25 kap. skollagen is about, 2025:170 7 § covers "öppen fritidsverksamhet" alone.
default covered_by_7(_) := false

covered_by_7(party) if party.unit == "leisure"

covered_by_7(party) if not _only_other_education(party)

_only_other_education(party) if {
	"school" in party.kinds
	count(party.forms) > 0
	every form in party.forms {
		form == "other_education"
	}
}

# Of a school's forms those outside skolväsendet: an international school (24 kap.), and what 25 kap. is about.
outside_skolvasendet(party) := {form | some form in party.forms; form in {"international", "other_education"}}

default rektor_or_designated(_) := false

rektor_or_designated(party) if party.role == "rektor"

rektor_or_designated(party) if data.statutes.skol_6a.section_11.designated(party)

function_of_7 := "designated_staff" if holder.unit == "leisure"

function_of_7 := "rektor" if holder.unit != "leisure"

# Social services (socialtjänst) in OSL's meaning: 26 kap. 1 § counts Statens institutionsstyrelse among them.
default social_services(_) := false

social_services(party) if {
	"municipality" in party.kinds
	party.unit in {"social_services", "family_counselling"}
}

social_services(party) if party.authority == "statens-institutionsstyrelse"

# The social board (socialnämnden)
default social_board(_) := false

social_board(party) if {
	"municipality" in party.kinds
	party.unit == "social_services"
}

# The board's desk for what only the board receives: a municipality's registry hands it on.
default social_board_desk(_) := false

social_board_desk(party) if social_board(party)

social_board_desk(party) if {
	"municipality" in party.kinds
	party.unit == "registry"
}

# An authority within public health care (myndighet inom hälso- och sjukvården)
default health_authority(_) := false

health_authority(party) if {
	municipality_or_region(party)
	party.unit in {"health_care", "child_psychiatry"}
}

# Where the secrecy of 25 kap. 1 § holds: health care, the school's medical care, and "annan medicinsk verksamhet".
default health_care(_) := false

health_care(party) if health_authority(party)

health_care(party) if school_medical_care(party)

health_care(party) if party.authority == "rattsmedicinalverket"

default school_medical_care(_) := false

school_medical_care(party) if {
	"school" in party.kinds
	authority(party)
	party.unit == "health_care"
}

school_medical_care(party) if {
	authority(party)
	school(party)
	party.role == "school_health"
}

# The law-enforcement authorities of 2025:170 2 §. Where one certainly holds, that others may is no open reading of it.
law_enforcement(party) if data.statutes.sfs_2025_170.section_2.authorities[party.authority]

# --- items

committed if input.offence.committed

# What social services and health care hold is as a rule under strong secrecy: that which 2025:170 8 § names.
default strongly_secret(_) := false

strongly_secret(item) if {
	presumed_secrecy
	count(item.persons) > 0
}

# The provision that it is under there, of what concerns a person: family counselling has one of its own.
presumed_secrecy := {"provision": "OSL 26:3", "named": "OSL 26:3", "statute": "OSL", "chapter": 26, "stycke": null} if {
	social_services(holder)
	holder.unit == "family_counselling"
} else := {"provision": "OSL 26:1", "named": "OSL 26:1", "statute": "OSL", "chapter": 26, "stycke": null} if {
	social_services(holder)
} else := {"provision": "OSL 25:1", "named": "OSL 25:1", "statute": "OSL", "chapter": 25, "stycke": null} if {
	health_care(holder)
} else := {"provision": "PSL 6:12", "named": "PSL 6:12", "statute": "PSL", "chapter": 6, "stycke": null} if {
	"private_health_care" in holder.kinds
}

strongly_secret(item) if item.category in {"social_record", "health_record"}

# Whom an item concerns: each of them stands in the input, once (data.question).
concerned(item) := [input.persons[key] | some key in item.persons]

# Whose age a rule on the care and protection of a child asks: the child's whom the matter is about, also where the item
# concerns somebody near; where the subject is adult, theirs whom the item concerns.
protecting(item) := [child] if {
	child := input.persons[input.subject]
	grown(child) == false
} else := concerned(item)

default grown(_) := false

grown(person) if {
	person.age != null
	person.age >= 18
}

# "någon som kan antas vara under arton år": said only where nobody knows the age.
presumed_under_18 if "presumed_under_18" in input.circumstances

each_under(persons, years) if {
	count(persons) > 0
	every person in persons {
		person.age != null
		person.age < years
	}
}

# Some age is not known, and every known one fits.
some_age_unknown(persons, years) if {
	some unknown in persons
	unknown.age == null
	every person in persons {
		younger_or_unknown(person, years)
	}
}

younger_or_unknown(person, _) if person.age == null

younger_or_unknown(person, years) if {
	person.age != null
	person.age < years
}

# --- items of one sort, as many paragraphs ask for them

on_request := {i | input.items[i].on_request}

# "utan föregående begäran"
on_own_initiative := {i | some i, _ in input.items} - on_request

of_category(categories) := {i | input.items[i].category in categories}

for_purpose(purposes) := {i | input.items[i].purpose in purposes}

# What is said of school matter by a holder that is no school.
school_matter_elsewhere := {i |
	not school(holder)
	item := input.items[i]
	startswith(item.category, "school_")
}

under_no_secrecy := {i | count(input.items[i].secrecy) == 0}

# A secrecy provision applies; of a request it is not yet known.
under_secrecy := {i | some i, _ in input.items} if {
	asking
} else := {i | count(input.items[i].secrecy) > 0}

about_nobody := {i | count(input.items[i].persons) == 0}

about_somebody := {i | count(input.items[i].persons) > 0}

# Of the one whom the matter is about and nobody else; a request asks of its subject.
about_subject := about_somebody if {
	asking
} else := {i | input.items[i].persons == [input.subject]}

# Of somebody else too.
beside_subject := about_somebody - about_subject

# Of somebody beside the child whom the matter is about.
near_a_child := {i |
	grown(input.persons[input.subject]) == false
	item := input.items[i]
	some key in item.persons
	key != input.subject
}

# Each person whom it concerns is under so many years; or may be.
under(years) := {i | item := input.items[i]; each_under(concerned(item), years)}

perhaps_under(years) := {i | item := input.items[i]; some_age_unknown(concerned(item), years)}

# The same of whose age a rule on the care and protection of a child asks.
protecting_under(years) := {i | item := input.items[i]; each_under(protecting(item), years)}

perhaps_protecting_under(years) := {i | item := input.items[i]; some_age_unknown(protecting(item), years)}

# --- answers: one for this ground wins over one for every ground

answer(item, ground, test) := item.answers[test][ground] if {
	item.answers[test][ground] in {true, false}
} else := item.answers[test]["*"] if {
	asks_like_others(ground, test)
}

# Where a ground puts a question of its own under a test's name, an answer given for every ground is none to it:
# LUL 34 § ("kan misstänkas", where others ask for more) and OSL 10:2 ("nödvändigt").
default asks_like_others(_, _) := true

asks_like_others("lul_34", "suspicion") := false

asks_like_others("osl_10_2", "necessary_for_own_task") := false

answered(item, ground, test) if answer(item, ground, test) in {true, false}

answering(ground, test) := {i | item := input.items[i]; answered(item, ground, test)}
