# METADATA
# title: SFS 2009:400, 12 kap. 3 § – Sekretess i förhållande till vårdnadshavare
# description: |
#   Sekretess till skydd för en enskild gäller, om den enskilde är underårig, även i förhållande till dennes vårdnadshavare. Sekretessen gäller dock inte i förhållande till vårdnadshavaren i den utsträckning denne enligt 6 kap. 11 § föräldrabalken har rätt och skyldighet att bestämma i frågor som rör den underåriges personliga angelägenheter, såvida inte
#   1. det kan antas att den underårige lider betydande men om uppgiften röjs för vårdnadshavaren, eller
#   2. det annars anges i denna lag.
#
#   Om sekretess inte gäller i förhållande till vårdnadshavaren förfogar denne enligt 2 § ensam eller, beroende på den underåriges ålder och mognad, tillsammans med den underårige över sekretessen till skydd för den underårige.
# custom:
#   ref: OSL 12:3
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   as_of: "2026-08-18"
#   doubts:
#     - en: One guardian's no beside another's yes (FB 6:13), an absent guardian, one who must not know and a child under 15 who says no are open.
#       sv: Vad som gäller när en vårdnadshavare säger nej och en annan ja (FB 6:13), när en vårdnadshavare är frånvarande eller inte får veta och när ett barn under 15 år säger nej är öppna frågor.
#     - en: That a later no about the same person ends an older yes, whoever registered either and for whatever programme, is an inference from the right to take back.
#       sv: Att ett senare nej om samma person upphäver ett äldre ja, vem som än har registrerat dem och för vilken samverkansform som helst, är en tolkning av rätten att ta tillbaka.
#     - en: "No age stands in the text: the lines at 15 and 18 rest on practice (compare LVU 1 §, from 2027-01-01 2026:1600 3:1-3, which keeps the line at 15, SoL 21:1)."
#       sv: "Lagtexten anger ingen ålder: gränserna vid 15 och 18 år vilar på praxis (jämför LVU 1 §, från och med den 1 januari 2027 2026:1600 3:1–3 som behåller gränsen vid 15 år, och SoL 21:1)."
package statutes.osl_12.section_3

import data.facts
import data.programmes

# The age from which the young person disposes together with the guardians: practice, and the line of LVU 1 § and SoL 21:1.
_own_from := 15

_majority := 18

# Whether the person's protection is lifted for this item: yes; confirm, as soon as the holder has seen to the consent;
# open, a human must look; or no. Where not every form about the person is here, nobody can tell.
lifted(person, item) := "open" if {
	not person.left_out == false
} else := "yes" if {
	"yes" in _states(person, item)
} else := "confirm" if {
	"confirm" in _states(person, item)
} else := "open" if {
	"open" in _states(person, item)
} else := "no"

_states(person, item) := {consent_status(consent, person, {item.category}) | some consent in _fitting(person, item)}

# The consents under which an item goes out, where it does.
carrying(person, item) := {consent |
	some consent in _fitting(person, item)
	consent_status(consent, person, {item.category}) in {"yes", "confirm"}
}

# Consents that cover parties, category, purpose and day, in writing (the broker's floor: the law asks no form).
_fitting(person, item) := {consent |
	some consent in person.consents
	consent.withdrawn == false
	consent.form == "written"
	facts.holder.authority in consent.parties
	facts.receiver.authority in consent.parties
	item.category in consent.categories
	item.purpose in consent.purposes
	consent.valid_from <= input.day
	consent.valid_until >= input.day
	_for_the_programme(consent)
}

_for_the_programme(_) if input.kind != "CaseSharing"

_for_the_programme(consent) if consent.programme == input.programme

# How a consent stands for information of these categories.
consent_status(consent, person, categories) := "no" if {
	ended(consent, person, categories)
} else := "open" if {
	_undecided(consent, person)
} else := "no" if {
	not carries(consent, person)
} else := "open" if {
	questioned(consent, person, categories)
} else := "open" if {
	_asks_for_more(consent, person)
} else := "confirm" if {
	not _by_itself(consent)
} else := "yes"

# --- whose register it stands in (contract, "Registrations"): the holder answers for the consent that it relies on

_by_itself(consent) if consent.registered_by == "sender"

# In a programme the parties of its agreement rely on one another, but not on the one who receives.
_by_itself(consent) if {
	consent.registered_by == "party"
	some agreement in programmes.agreement
	consent.registrant in agreement.parties
}

# --- a later no (contract, "A later no"): the latest word counts, whoever registered it and for whatever programme

_later(consent, person, categories) := {other |
	some other in person.consents
	not _before(other, consent)
	not _elsewhere(other, categories)
}

_before(other, consent) if other.order <= consent.order

_elsewhere(other, categories) if {
	count(categories & {category | some category in other.categories}) == 0
}

_own_no(form) if not form.subject_no == false

_guardians_no(form) if not form.guardians_no == 0

# By an adult or a young person who disposes, or by all guardians: the older yes no longer carries.
ended(consent, person, categories) if {
	some other in _later(consent, person, categories)
	of_all(other, person)
}

of_all(form, person) if {
	_own_no(form)
	person.age >= _own_from
}

of_all(form, _) if {
	form.guardians > 0
	form.guardians_no >= form.guardians
}

# [I] By a child under 15, by one of several guardians (FB 6:13), or by somebody whose age is not known: for a human.
questioned(consent, person, categories) if {
	some other in _later(consent, person, categories)
	of_some(other)
}

of_some(form) if _own_no(form)

of_some(form) if _guardians_no(form)

# --- the signatures; where the age is not known a human looks first

# What the law asks for; and what the agreements of its programme do, but for a plain disclosure: there the floor is enough.
carries(consent, person) if {
	not _undecided(consent, person)
	_signed(consent, person, _demanded(consent, person))
}

_demanded(consent, person) := set() if {
	input.kind == "Disclosure"
} else := _agreed(consent, person)

_signed(consent, person, rows) if {
	_own_signature(consent, person, rows)
	_guardians_sign(consent, person, rows)
}

# [I] A disclosure that stands on the floor where an agreement between the two asks for more is for a human.
_asks_for_more(consent, person) if {
	input.kind == "Disclosure"
	not _signed(consent, person, _agreed(consent, person))
}

_minor(person) if person.age < _majority

# The person's own: from 15, or from the age that an agreement asks for.

_own_needed(person, _) if person.age >= _own_from

_own_needed(_, rows) if {
	some row in rows
	row.subject
}

_own_signature(consent, person, rows) if {
	not _own_needed(person, rows)
	not _own_no(consent)
}

_own_signature(consent, _, _) if {
	consent.subject_yes
	not _own_no(consent)
}

# The guardians': all of them below 18, or as an agreement asks for.

_guardians_sign(_, person, rows) if {
	person.age >= _majority
	not _some_guardians(rows)
}

_guardians_sign(consent, _, _) if {
	consent.guardians > 0
	consent.guardians_yes >= consent.guardians
	consent.guardians_no == 0
}

_guardians_sign(consent, person, rows) if {
	person.age >= _majority
	not _all_guardians(rows)
	consent.guardians_yes > 0
	consent.guardians_no == 0
}

_some_guardians(rows) if {
	some row in rows
	row.guardians != null
}

_all_guardians(rows) if {
	some row in rows
	row.guardians == "all"
}

# What each agreement of the consent's programme asks for at the person's age: its row with the highest age reached.
_agreed(consent, person) := {row |
	some agreement in input.agreements
	agreement.programme == consent.programme
	agreement.valid_from <= input.day
	agreement.valid_until >= input.day
	reached := {row.from_age | some row in agreement.signers; row.from_age <= person.age}
	some row in agreement.signers
	row.from_age == max(reached)
}

# --- where a human must look

_undecided(_, person) if person.age == null

_undecided(consent, person) if {
	_guardians_split(consent, person)
	_own_possible(consent, person)
}

# FB 6:13: one guardian decides alone when the other is prevented. A signature is missing, and nobody has said no.
_undecided(consent, person) if {
	_minor(person)
	"guardian_absent" in input.circumstances
	not _signed(consent, person, _demanded(consent, person))
	consent.guardians_no == 0
	not _own_refused(consent, person)
}

_undecided(consent, person) if {
	_minor(person)
	"guardian_must_not_know" in input.circumstances
	not _own_refused(consent, person)
}

# A child under 15 who says no beside guardians who say yes.
_undecided(consent, person) if {
	person.age < _own_from
	_own_no(consent)
	_guardians_sign(consent, person, _demanded(consent, person))
}

# From fifteen the own no settles it, whoever is absent or must not know.
_own_refused(consent, person) if {
	person.age >= _own_from
	_own_no(consent)
}

# The own signature does not already settle it as a no.
_own_possible(consent, person) if _own_signature(consent, person, _demanded(consent, person))

_own_possible(consent, person) if {
	person.age < _own_from
	_own_no(consent)
}

_guardians_split(consent, person) if {
	_minor(person)
	consent.guardians_yes > 0
	consent.guardians_no > 0
}

# Why it is open, where that rests on an inference.
guardians_differ(person, item) if {
	lifted(person, item) == "open"
	some consent in _fitting(person, item)
	_guardians_split(consent, person)
}

said_no_later(person, item) if {
	lifted(person, item) == "open"
	some consent in _fitting(person, item)
	questioned(consent, person, {item.category})
}

# What the law asks for is signed, and an agreement asks for more.
more_signatures(person, item) if {
	lifted(person, item) == "open"
	some consent in _fitting(person, item)
	carries(consent, person)
	_asks_for_more(consent, person)
}

# A guardian is absent or must not know, or a child under 15 says no beside guardians who say yes.
who_disposes(person, item) if {
	person.age != null
	lifted(person, item) == "open"
	some consent in _fitting(person, item)
	_undecided(consent, person)
	not _guardians_split(consent, person)
}

# --- what is missing of a consent (policies/missing); undefined where somebody has said no, or not every form is here

lacks(person, item) := set() if {
	lifted(person, item) in {"yes", "confirm"}
} else := _lacking(person, item) if {
	person.left_out == false
	not _refused(person, item)
	not _kept_from_guardians(person)
}

_lacking(person, item) := _needed(person, item) | {{"fact": "age"} | person.age == null}

# Nobody goes to guardians who must not know.
_kept_from_guardians(person) if {
	_minor(person)
	"guardian_must_not_know" in input.circumstances
}

_kept_from_guardians(person) if {
	person.age == null
	"guardian_must_not_know" in input.circumstances
}

_refused(person, item) if {
	some form in person.consents
	not _elsewhere(form, {item.category})
	_said_no(form)
}

_said_no(form) if form.withdrawn

_said_no(form) if _own_no(form)

_said_no(form) if _guardians_no(form)

_needed(person, item) := {part |
	some consent in _fitting(person, item)
	consent.order == max({other.order | some other in _fitting(person, item)})
	some part in _unsigned(consent, person)
} if {
	count(_fitting(person, item)) > 0
} else := {{"consent": "consent"}} | {{"fact": "purpose"} | item.purpose == null}

_unsigned(consent, person) := {{"consent": "own_signature"} | not _own_signature(consent, person, _demanded(consent, person))} | {{"consent": "guardians_signatures"} | not _guardians_sign(consent, person, _demanded(consent, person))} if {
	person.age != null
} else := {{"consent": "own_signature"} | consent.guardians_yes < consent.guardians; not consent.subject_yes}

# --- why no form carries: what the nearest one lacks, for whoever reads why (decides nothing)

short_of(person, item) := {"no_form"} if {
	count(person.consents) == 0
} else := {lack |
	some consent in _fitting(person, item)
	some lack in _unsigned_or_ended(consent, person, item)
} if {
	count(_fitting(person, item)) > 0
} else := {lack |
	some consent in person.consents
	count(_misses(consent, item)) == fewest
	some lack in _misses(consent, item)
} if {
	fewest := min({count(_misses(consent, item)) | some consent in person.consents})
}

_misses(consent, item) := union({
	{"withdrawn" | consent.withdrawn != false},
	{"form" | consent.form != "written"},
	{"sending_party" | not facts.holder.authority in consent.parties},
	{"receiving_party" | not facts.receiver.authority in consent.parties},
	{"category" | not item.category in consent.categories},
	{"purpose" | not item.purpose in consent.purposes},
	{"not_yet" | consent.valid_from > input.day},
	{"ended" | consent.valid_until < input.day},
	{"programme" | not _for_the_programme(consent)},
})

_unsigned_or_ended(consent, person, item) := {"later_no"} if {
	ended(consent, person, {item.category})
} else := {part.consent | some part in _unsigned(consent, person)}
