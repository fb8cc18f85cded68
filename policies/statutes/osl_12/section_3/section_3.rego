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
#     - en: One guardian's no beside another's yes (FB 6:13), an absent guardian and a child under 15 who says no are open.
#       sv: Vad som gäller när en vårdnadshavare säger nej och en annan ja (FB 6:13), när en vårdnadshavare är frånvarande och när ett barn under 15 år säger nej är öppna frågor.
#     - en: "No age stands in the text: the lines at 15 and 18 rest on practice (compare LVU 1 §, SoL 21:1)."
#       sv: "Lagtexten anger ingen ålder: gränserna vid 15 och 18 år vilar på praxis (jämför LVU 1 § och SoL 21:1)."
package statutes.osl_12.section_3

import data.facts

# The age from which the young person disposes together with the guardians: practice, and the line of LVU 1 § and SoL 21:1.
own_from := 15

majority := 18

# Whether the person's protection is lifted for this item: yes, open (a human must look) or no.
lifted(person, item) := "yes" if {
	some consent in fitting(person, item)
	carries(consent, person)
} else := "open" if {
	some consent in fitting(person, item)
	undecided(consent, person)
} else := "no"

# Consents that cover parties, category, purpose and day, in writing (the broker's floor: the law asks no form).
fitting(person, item) := {consent |
	some consent in person.consents
	consent.form == "written"
	facts.holder.authority in consent.parties
	facts.receiver.authority in consent.parties
	item.category in consent.categories
	item.purpose in consent.purposes
	consent.valid_from <= input.day
	consent.valid_until >= input.day
}

carries(consent, person) if {
	not undecided(consent, person)
	own_signature(consent, person)
	guardians_sign(consent, person)
}

minor(person) if person.age < majority

# --- the person's own signature: from 15, or from the age that an agreement asks for

own_needed(_, person) if person.age >= own_from

own_needed(consent, person) if {
	some row in agreed(consent, person)
	row.subject
}

own_signature(consent, person) if {
	person.age != null
	not own_needed(consent, person)
	not consent.subject_no
}

own_signature(consent, person) if {
	person.age != null
	consent.subject_yes
	not consent.subject_no
}

# --- the guardians' signatures: all of them below 18, or as an agreement asks for

guardians_sign(consent, person) if {
	person.age >= majority
	not agreement_asks_guardians(consent, person)
}

guardians_sign(consent, person) if {
	person.age != null
	consent.guardians > 0
	consent.guardians_yes >= consent.guardians
	consent.guardians_no == 0
}

guardians_sign(consent, person) if {
	person.age >= majority
	not agreement_asks_all(consent, person)
	consent.guardians_yes > 0
	consent.guardians_no == 0
}

agreement_asks_guardians(consent, person) if {
	some row in agreed(consent, person)
	row.guardians != null
}

agreement_asks_all(consent, person) if {
	some row in agreed(consent, person)
	row.guardians == "all"
}

# What each agreement of the consent's programme asks for at the person's age: its row with the highest age reached.
agreed(consent, person) := {row |
	some agreement in input.agreements
	agreement.programme == consent.programme
	agreement.valid_from <= input.day
	agreement.valid_until >= input.day
	reached := {row.from_age | some row in agreement.signers; row.from_age <= person.age}
	some row in agreement.signers
	row.from_age == max(reached)
}

# --- where a human must look

undecided(_, person) if person.age == null

undecided(consent, person) if {
	guardians_split(consent, person)
	own_possible(consent, person)
}

# FB 6:13: one guardian decides alone when the other is prevented.
undecided(consent, person) if {
	minor(person)
	"guardian_absent" in input.circumstances
	consent.guardians_yes < consent.guardians
	consent.guardians_no == 0
	own_possible(consent, person)
}

undecided(consent, person) if {
	minor(person)
	"guardian_must_not_know" in input.circumstances
	own_possible(consent, person)
}

# A child under 15 who says no beside guardians who say yes.
undecided(consent, person) if {
	person.age < own_from
	consent.subject_no
	guardians_sign(consent, person)
}

# The own signature does not already settle it as a no.
own_possible(consent, person) if own_signature(consent, person)

own_possible(consent, person) if {
	person.age < own_from
	consent.subject_no
}

guardians_split(consent, person) if {
	minor(person)
	consent.guardians_yes > 0
	consent.guardians_no > 0
}

guardians_differ(person, item) if {
	lifted(person, item) == "open"
	some consent in fitting(person, item)
	guardians_split(consent, person)
}
