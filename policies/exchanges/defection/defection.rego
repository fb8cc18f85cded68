# METADATA
# title: Defection (avhopparverksamhet)
# description: A strong threat that has been assessed, motivation and the person's own consent come first; the coordinator or the social board receives, and who follows up still has that consent. No statute defines a defector (dir. 2025:53).
package exchanges.defection

import data.facts
import data.statutes.osl_12.section_3

_referral if input.kind == "DefectionReferral"

# Strictest need to know: the regional or local coordinator, or the social board (contract, "Nothing is lost for want of
# an address").
closed contains "receiver" if {
	_referral
	not _receives
}

_receives if facts.receiver.unit == "defection_coordinator"

_receives if facts.social_board(facts.receiver)

closed contains "prerequisites" if {
	_referral
	not _prerequisites
}

_prerequisites if {
	input.stated.threat_assessed
	input.stated.motivated
}

# The consent that it names: the sender's own, on this person (gathered so), for defection, between these two.
closed contains "consent" if {
	_referral
	count(_carrying) == 0
	count(_open_consents) == 0
}

open contains "consent" if {
	_referral
	count(_open_consents) > 0
}

# [I] as of a consent in a Disclosure: one guardian's no beside another's yes (FB 6:13), and what else is open by an
# inference. An age or a form that is not known is a fact that is missing, and no inference.
doubtful contains "consent" if {
	_referral
	some pair in _open_consents
	_inferred(pair)
}

_inferred([person, _]) if {
	person.left_out == false
	person.age != null
}

_inferred([person, consent]) if section_3.questioned(consent, person, {category | some category in consent.categories})

# Where nothing stops it, the consent carries.
grounds contains "consent" if _referral

_fitting contains [person, consent] if {
	item := input.items[_]
	some person in facts.concerned(item)
	some consent in person.consents
	consent.registered_by == "sender"
	_named(consent)
}

_named(consent) if {
	consent.order == input.stated.consent
	consent.withdrawn == false
	consent.programme == "defection"
	consent.form == "written"
	facts.holder.authority in consent.parties
	facts.receiver.authority in consent.parties
	consent.valid_from <= input.day
	consent.valid_until >= input.day
}

_carrying contains pair if {
	some pair in _fitting
	_consent_status(pair) == "yes"
}

_open_consents contains pair if {
	some pair in _fitting
	_consent_status(pair) == "open"
}

# A no to any of what the consent covers, said later, counts here too.
_consent_status([person, consent]) := "open" if {
	not person.left_out == false
} else := section_3.consent_status(consent, person, {category | some category in consent.categories})

consents contains pair[1].order if some pair in _carrying

# What the consent would carry, but of a protected person, waits for a menprövning (OSL 21:3); harm closes a permission.
_harm := harms if {
	_referral
	count(_carrying) > 0
	harms := {facts.answer(item, "consent", "harm") | some item in input.items}
	item := input.items[_]
	some person in facts.concerned(item)
	person.protected
}

open contains "protected_identity" if _harm == set()

asks contains "harm" if _harm == set()

closed contains "protected_identity" if true in _harm

# [I] from a private sender; one guardian's no beside another's yes (as OSL 12:2 on an item).
doubtful contains "consent" if {
	_referral
	count(_carrying) > 0
	not facts.authority(facts.holder)
}

# --- a follow-up goes between the referral's two parties, or is kept by one of them (contract, "Defection follow-up")

_follow_up if input.kind == "DefectionFollowUp"

closed contains "not_own" if {
	_follow_up
	not input.refers_to_own == true
}

# Who is told relies on the consent that the referral went out under, whoever of the two registered it.
_told_to_another if {
	_follow_up
	input.refers_to_own == true
	not facts.to_itself
}

closed contains "consent" if {
	_told_to_another
	not "yes" in _followed
	not "open" in _followed
}

open contains "consent" if _undecided

# [I] as of the referral.
doubtful contains "consent" if _undecided

_undecided if {
	_told_to_another
	not "yes" in _followed
	"open" in _followed
}

grounds contains "consent" if _relied_on

_relied_on if {
	_told_to_another
	"yes" in _followed
}

consents contains input.stated.consent if _relied_on

# Of the person no more than the consent is known: no age but that of the referral's day, so nothing is signed anew.
_followed contains _alive(person, consent) if {
	some person in facts.concerned(input.items["0"])
	some consent in person.consents
	_named(consent)
}

_alive(person, consent) := "no" if {
	section_3.of_all(consent, person)
} else := "no" if {
	section_3.ended(consent, person, {category | some category in consent.categories})
} else := "open" if {
	not person.left_out == false
} else := "open" if {
	section_3.of_some(consent)
} else := "open" if {
	section_3.questioned(consent, person, {category | some category in consent.categories})
} else := "yes"
