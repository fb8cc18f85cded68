# METADATA
# title: SFS 2026:1637, 6 kap. 7 § – Upplysningens innehåll
# description: |
#   En upplysning enligt 6 § ska innehålla information om
#   1. barnets eller den unges namn, person- eller samordningsnummer och kontaktuppgifter,
#   2. det särskilda villkorets innehåll och omfattning, och
#   3. huruvida det särskilda villkoret gäller inom ramen för utdömd ungdomsvård.
#
#   Om upplysningen avser ett barn ska den även innehålla information om
#   1. vem som är barnets vårdnadshavare och kontaktuppgifter till den personen, och
#   2. kontaktuppgifter till den eller dem som har ansvar för att ha uppsikt över barnet, om barnet enligt det särskilda villkoret ska uppehålla sig på en annan anvisad plats som kan likställas med bostad.
# custom:
#   ref: 2026:1637 6:7
#   statute: Lag (2026:1637) om insatser inom socialtjänsten när samtycke saknas
#   in_force: "2027-01-02"
#   amended_by: Lag (2026:1637)
#   as_of: "2026-08-27"
#   doubts:
#     - sv: Att en kontaktuppgift inte är känd är också ett svar.
#       en: That a contact is not known is an answer too.
#     - sv: En person vars ålder inte är känd behandlas som ett barn.
#       en: A person whose age is not known is treated as a child.
package statutes.sfs_2026_1637_6.section_7

import data.facts

# Points 1-3, and where the condition holds: without it nobody knows whether somebody else looks after the child.
_of_everyone := {"name", "number", "contact", "text", "times", "place", "within_youth_care"}

# "Om upplysningen avser ett barn"
_of_a_child contains "guardians" if not _adult

# "på en annan anvisad plats"
_of_a_child contains "in_charge" if {
	not _adult
	not input.stated.elsewhere == false
}

_adult if {
	some person in facts.concerned(input.items["0"])
	person.age >= 18
}

complete if (_of_everyone | _of_a_child) - {field | some field in input.stated.given} == set()
