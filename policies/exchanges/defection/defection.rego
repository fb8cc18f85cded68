# METADATA
# title: Defection (avhopparverksamhet)
# description: A strong threat that has been assessed, motivation and the person's own consent come first; the coordinator alone receives. No statute defines a defector (dir. 2025:53).
package exchanges.defection

import data.facts
import data.statutes.osl_12.section_3

referral if input.kind == "DefectionReferral"

# Strictest need to know: the regional or local coordinator.
closed contains "receiver" if {
	referral
	facts.receiver.unit != "defection_coordinator"
}

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
	given.order == input.stated.consent
	given.registered_by == "sender"
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

# A follow-up goes between the referral's two parties, or is kept by one of them.
closed contains "not_own" if {
	input.kind == "DefectionFollowUp"
	not input.refers_to_own == true
}
