# METADATA
# title: Is the question whole?
# description: |
#   What a question to the law must hold: every field, of its type, every word a known one. Of a malformed question
#   nothing is decided, so that no rule has to ask what a missing field would have said. Names that are no closed list
#   (authorities, places, provisions) are not looked up here.
package question

import data.question.words

well_formed if {
	data.law.kinds[input.kind]
	is_number(input.day)
	party(input.sender)
	party(input.recipient)
	is_boolean(input.in_reply_to_request)
	boolean_or_null(input.refers_to_own)
	is_boolean(input.request_recalled)
	is_boolean(input.organisation)
	all_of(input.basis, data.law.grounds)
	all_of(input.circumstances, words.circumstance)
	offence(input.offence)
	is_array(input.agreements)
	every value in input.agreements {
		agreement(value)
	}
	is_object(input.persons)
	every value in input.persons {
		person(value)
	}
	is_object(input.items)
	every value in input.items {
		item(value)
	}
	not lacks_what_its_kind_has
}

# --- what some kinds have beside

lacks_what_its_kind_has if {
	data.law.kinds[input.kind].items
	not says_who_has_notified
}

# What rests on a ground is judged as one item, the message as a whole.
lacks_what_its_kind_has if {
	data.law.kinds[input.kind].grounds != null
	not input.items["0"]
}

lacks_what_its_kind_has if {
	input.kind == "CaseSharing"
	not shared
}

lacks_what_its_kind_has if {
	input.kind == "CouncilReferral"
	not on_a_level
}

lacks_what_its_kind_has if {
	data.law.kinds[input.kind].items
	not says_of_items
}

lacks_what_its_kind_has if {
	some field, form in data.question.flags[input.kind]
	not fits(form, field)
}

says_who_has_notified if {
	is_array(input.notified)
	every key in input.notified {
		input.persons[key]
	}
}

on_a_level if words.level[input.level]

says_of_items if {
	person_or_null(input.subject)
	all_of(input.request_basis, data.law.grounds)
	is_boolean(input.offence_dated)
	lul_notice(input.lul_notice)
}

person_or_null(key) if key == null

person_or_null(key) if input.persons[key]

lul_notice(value) if value == null

lul_notice(value) if {
	boolean_or_null(value.mediation_asked)
	word_or_null(words.mediation_answer, value.mediation_answer)
	word_or_null(words.deprivation, value.deprived_of_liberty)
	is_boolean(value.why)
}

shared if {
	words.programme[input.programme]
	string_or_null(input.place)
}

# A flag of one of these forms: a type, a type or null, a word or null of a list, words of a list.
fits("boolean", field) if is_boolean(input.stated[field])

fits("boolean or null", field) if boolean_or_null(input.stated[field])

fits("number", field) if is_number(input.stated[field])

fits("number or null", field) if number_or_null(input.stated[field])

fits("numbers", field) if {
	is_array(input.stated[field])
	every n in input.stated[field] {
		is_number(n)
	}
}

fits("string", field) if is_string(input.stated[field])

fits("string or null", field) if string_or_null(input.stated[field])

fits("provision or null", field) if input.stated[field] == null

fits("provision or null", field) if provision(input.stated[field])

fits({"word": list}, field) if words[list][input.stated[field]]

fits({"word or null": _}, field) if input.stated[field] == null

fits({"word or null": list}, field) if words[list][input.stated[field]]

fits({"words": list}, field) if all_of(input.stated[field], words[list])

fits({"words by name": list}, field) if {
	is_object(input.stated[field])
	every word in input.stated[field] {
		words[list][word]
	}
}

# --- its parts

party(value) if {
	is_string(value.id)
	is_string(value.authority)
	all_of(value.kinds, words.kind_of_authority)
	strings(value.forms)
	is_boolean(value.works_with_children)
	words.unit[value.unit]
	word_or_null(words.role, value.role)
	approval(value)
	desk(value)
}

# A desk is named, with what it may; most authorities have none.
desk(value) if count({"desk", "agreements"} & object.keys(value)) == 0

desk(value) if {
	is_string(value.desk)
	is_boolean(value.agreements)
}

# A private school says how its principal is approved; null: that is not stated.
approval(value) if value.principal == null

approval(value) if {
	is_string(value.principal)
	value.principal != "private"
}

approval(value) if {
	value.principal == "private"
	word_or_null(words.approval, value.approved)
}

item(value) if {
	words.category[value.category]
	word_or_null(words.purpose, value.purpose)
	is_boolean(value.on_request)
	is_array(value.secrecy)
	every named in value.secrecy {
		provision(named)
	}
	is_object(value.answers)
	every test, answers in value.answers {
		words.test[test]
		is_object(answers)
		every holds in answers {
			is_boolean(holds)
		}
	}
	is_array(value.persons)
	every key in value.persons {
		input.persons[key]
	}
}

provision(value) if {
	is_string(value.provision)
	is_string(value.named)
	is_string(value.statute)
	is_number(value.chapter)
	number_or_null(value.stycke)
}

person(value) if {
	number_or_null(value.age)
	is_boolean(value.protected)
	is_boolean(value.left_out)
	is_array(value.consents)
	every given in value.consents {
		consent(given)
	}
}

consent(value) if {
	words.programme[value.programme]
	words.form[value.form]
	strings(value.parties)
	all_of(value.categories, words.category)
	all_of(value.purposes, words.purpose)
	is_number(value.valid_from)
	is_number(value.valid_until)
	is_number(value.guardians)
	is_number(value.guardians_yes)
	is_number(value.guardians_no)
	is_boolean(value.subject_yes)
	is_boolean(value.subject_no)
	is_number(value.order)
	words.registered_by[value.registered_by]
	is_string(value.registrant)
	is_boolean(value.withdrawn)
}

agreement(value) if {
	words.programme[value.programme]
	all_of(value.purposes, words.purpose)
	strings(value.area)
	is_number(value.valid_from)
	is_number(value.valid_until)
	strings(value.parties)
	is_array(value.signers)
	every row in value.signers {
		is_number(row.from_age)
		is_boolean(row.subject)
		word_or_null(words.guardians, row.guardians)
	}
}

offence(value) if value == null

offence(value) if {
	provision(value.provision)
	is_boolean(value.committed)
	word_or_null(words.degree, value.degree)
	words.stage[value.stage]
	is_number(value.day)
	words.subject_is[value.subject_is]
	number_or_null(value.subject_age)
	boolean_or_null(value.victim_under_18)
	boolean_or_null(value.close_relation)
	boolean_or_null(value.connected_with_school)
}

# --- types

all_of(value, list) if {
	is_array(value)
	every word in value {
		list[word]
	}
}

strings(value) if {
	is_array(value)
	every word in value {
		is_string(word)
	}
}

word_or_null(_, value) if value == null

word_or_null(list, value) if list[value]

string_or_null(value) if value == null

string_or_null(value) if is_string(value)

number_or_null(value) if value == null

number_or_null(value) if is_number(value)

boolean_or_null(value) if value == null

boolean_or_null(value) if is_boolean(value)
