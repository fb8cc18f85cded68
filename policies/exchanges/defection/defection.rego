# METADATA
# title: Defection (avhopparverksamhet)
# description: A strong threat that has been assessed, motivation and the person's own consent come first; the coordinator or the social board receives, and who follows up still has that consent. No statute defines a defector (dir. 2025:53).
package exchanges.defection

import data.facts
import data.statutes.osl_12.section_3

referral if input.kind == "DefectionReferral"

# Strictest need to know: the regional or local coordinator, or the social board (contract, "Nothing is lost for want of
# an address").
closed contains "receiver" if {
	referral
	not receives
}

receives if facts.receiver.unit == "defection_coordinator"

receives if facts.social_board(facts.receiver)

closed contains "prerequisites" if {
	referral
	not prerequisites
}

prerequisites if {
	input.stated.threat_assessed
	input.stated.motivated
}

# The consent that it names: the sender's own, on this person (gathered so), for defection, between these two.
closed contains "consent" if {
	referral
	count(carrying) == 0
	count(open_consents) == 0
}

open contains "consent" if {
	referral
	count(carrying) == 0
	count(open_consents) > 0
}

# [I] as of a consent in a Disclosure: one guardian's no beside another's yes (FB 6:13), and what else is open by an
# inference. An age or a form that is not known is a fact that is missing, and no inference.
doubtful contains "consent" if {
	referral
	count(carrying) == 0
	some pair in open_consents
	inferred(pair)
}

inferred([person, _]) if {
	person.left_out == false
	person.age != null
}

inferred([person, given]) if section_3.questioned(given, person, {category | some category in given.categories})

grounds contains "consent" if {
	referral
	count(carrying) > 0
}

fitting contains [person, given] if {
	some item in input.items
	some person in facts.concerned(item)
	some given in person.consents
	given.registered_by == "sender"
	named(given)
}

named(given) if {
	given.order == input.stated.consent
	given.withdrawn == false
	given.programme == "defection"
	given.form == "written"
	facts.holder.authority in given.parties
	facts.receiver.authority in given.parties
	given.valid_from <= input.day
	given.valid_until >= input.day
}

carrying contains pair if {
	some pair in fitting
	standing(pair) == "yes"
}

open_consents contains pair if {
	some pair in fitting
	standing(pair) == "open"
}

# A no to any of what the consent covers, said later, counts here too.
standing([person, given]) := "open" if {
	not person.left_out == false
} else := section_3.standing(given, person, {category | some category in given.categories})

consents contains pair[1].order if some pair in carrying

# What the consent would carry, but of a protected person, waits for a menprövning (OSL 21:3); harm closes a permission.
harm := harms if {
	referral
	count(carrying) > 0
	harms := {facts.answer(item, "consent", "harm") | some item in input.items; facts.answered(item, "consent", "harm")}
	some item in input.items
	some person in facts.concerned(item)
	person.protected
}

open contains "protected_identity" if harm == set()

asks contains "harm" if harm == set()

closed contains "protected_identity" if true in harm

# [I] from a private sender; one guardian's no beside another's yes (as OSL 12:2 on an item).
doubtful contains "consent" if {
	referral
	count(carrying) > 0
	not facts.authority(facts.holder)
}

# --- a follow-up goes between the referral's two parties, or is kept by one of them (contract, "Defection follow-up")

follow_up if input.kind == "DefectionFollowUp"

closed contains "not_own" if {
	follow_up
	not input.refers_to_own == true
}

# Who is told relies on the consent that the referral went out under, whoever of the two registered it.
told_to_another if {
	follow_up
	input.refers_to_own == true
	not facts.receiver.id == facts.holder.id
}

closed contains "consent" if {
	told_to_another
	not "yes" in followed
	not "open" in followed
}

open contains "consent" if undecided

# [I] as of the referral.
doubtful contains "consent" if undecided

undecided if {
	told_to_another
	not "yes" in followed
	"open" in followed
}

grounds contains "consent" if relied_on

relied_on if {
	told_to_another
	"yes" in followed
}

consents contains input.stated.consent if relied_on

# Of the person no more than the consent is known: no age but that of the referral's day, so nothing is signed anew.
followed contains alive(person, given) if {
	some person in facts.concerned(input.items["0"])
	some given in person.consents
	named(given)
}

alive(person, given) := "no" if {
	section_3.of_all(given, person)
} else := "no" if {
	section_3.ended(given, person, {category | some category in given.categories})
} else := "open" if {
	not person.left_out == false
} else := "open" if {
	section_3.of_some(given)
} else := "open" if {
	section_3.questioned(given, person, {category | some category in given.categories})
} else := "yes"
