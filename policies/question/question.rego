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
	every found in input.agreements {
		agreement(found)
	}
	is_object(input.persons)
	every found in input.persons {
		person(found)
	}
	is_object(input.items)
	every found in input.items {
		item(found)
	}
	not lacks_what_its_kind_has
}

# --- what some kinds have beside

lacks_what_its_kind_has if {
	data.law.kinds[input.kind].items
	not told_who_has_notified
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
	not told_of_items
}

lacks_what_its_kind_has if {
	some field, form in data.question.flags[input.kind]
	not fits(form, field)
}

told_who_has_notified if {
	is_array(input.notified)
	every key in input.notified {
		input.persons[key]
	}
}

on_a_level if words.level[input.level]

told_of_items if {
	person_or_null(input.subject)
	all_of(input.request_basis, data.law.grounds)
	is_boolean(input.offence_dated)
	lul_notice(input.lul_notice)
}

person_or_null(key) if key == null

person_or_null(key) if input.persons[key]

lul_notice(found) if found == null

lul_notice(found) if {
	boolean_or_null(found.mediation_asked)
	word_or_null(words.mediation_answer, found.mediation_answer)
	word_or_null(words.deprivation, found.deprived_of_liberty)
	is_boolean(found.why)
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

party(found) if {
	is_string(found.id)
	is_string(found.authority)
	all_of(found.kinds, words.kind_of_authority)
	string_or_null(found.principal)
	strings(found.forms)
	is_boolean(found.works_with_children)
	words.unit[found.unit]
	word_or_null(words.role, found.role)
	approval(found)
}

# A private school says how its principal is approved; null: that is not stated.
approval(found) if found.principal == null

approval(found) if {
	is_string(found.principal)
	found.principal != "private"
}

approval(found) if word_or_null(words.approval, found.approved)

item(found) if {
	words.category[found.category]
	word_or_null(words.purpose, found.purpose)
	is_boolean(found.on_request)
	is_array(found.secrecy)
	every named in found.secrecy {
		provision(named)
	}
	is_object(found.answers)
	every test, answers in found.answers {
		words.test[test]
		is_object(answers)
		every holds in answers {
			is_boolean(holds)
		}
	}
	is_array(found.persons)
	every key in found.persons {
		input.persons[key]
	}
}

provision(found) if {
	is_string(found.provision)
	is_string(found.named)
	is_string(found.statute)
	is_number(found.chapter)
	number_or_null(found.stycke)
}

person(found) if {
	number_or_null(found.age)
	is_boolean(found.protected)
	is_boolean(found.left_out)
	is_array(found.consents)
	every given in found.consents {
		consent(given)
	}
}

consent(found) if {
	words.programme[found.programme]
	words.form[found.form]
	strings(found.parties)
	all_of(found.categories, words.category)
	all_of(found.purposes, words.purpose)
	is_number(found.valid_from)
	is_number(found.valid_until)
	is_number(found.guardians)
	is_number(found.guardians_yes)
	is_number(found.guardians_no)
	is_boolean(found.subject_yes)
	is_boolean(found.subject_no)
	is_number(found.order)
	words.registered_by[found.registered_by]
	is_string(found.registrant)
	is_boolean(found.withdrawn)
}

agreement(found) if {
	words.programme[found.programme]
	all_of(found.purposes, words.purpose)
	strings(found.area)
	is_number(found.valid_from)
	is_number(found.valid_until)
	strings(found.parties)
	is_array(found.signers)
	every row in found.signers {
		is_number(row.from_age)
		is_boolean(row.subject)
		word_or_null(words.guardians, row.guardians)
	}
}

offence(found) if found == null

offence(found) if {
	provision(found.provision)
	is_boolean(found.committed)
	word_or_null(words.degree, found.degree)
	words.stage[found.stage]
	is_number(found.day)
	words.subject_is[found.subject_is]
	number_or_null(found.subject_age)
	boolean_or_null(found.victim_under_18)
	boolean_or_null(found.close_relation)
	boolean_or_null(found.connected_with_school)
}

# --- types

all_of(found, list) if {
	is_array(found)
	every word in found {
		list[word]
	}
}

strings(found) if {
	is_array(found)
	every word in found {
		is_string(word)
	}
}

word_or_null(_, found) if found == null

word_or_null(list, found) if list[found]

string_or_null(found) if found == null

string_or_null(found) if is_string(found)

number_or_null(found) if found == null

number_or_null(found) if is_number(found)

boolean_or_null(found) if found == null

boolean_or_null(found) if is_boolean(found)
