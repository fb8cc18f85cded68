# METADATA
# title: SFS 2009:400, 2 kap. 3 a § – Lagens tillämpningsområde
# description: |
#   Det som föreskrivs i tryckfrihetsförordningen om rätt att ta del av allmänna handlingar hos myndigheter ska i tillämpliga delar också gälla handlingar hos enskilda juridiska personer som är godkända som huvudmän inom skolväsendet enligt 2 kap. 5 § skollagen (2010:800), om handlingarna hör till den verksamhet som omfattas av godkännandet. Sådana huvudmän ska vid tillämpningen av denna lag jämställas med myndigheter.
#
#   För sådana huvudmän som avses i 29 kap. 15 § skollagen gäller dock 29 kap. 16-16 e §§ skollagen i stället för 2 kap. 6 § andra stycket, 15, 16 och 18 §§ tryckfrihetsförordningen och 4 kap. 1 § första stycket 1 och 2 § och 5 kap. 1 och 2 §§ denna lag.
# custom:
#   ref: OSL 2:3 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2027-01-01"
#   amended_by: Lag (2026:714)
#   as_of: "2026-08-18"
#   doubts:
#     - sv: Pedagogisk omsorg och öppen förskola (25 kap. skollagen) antas inte omfattas av ett godkännande enligt 2 kap. 5 §.
#       en: Activities under chapter 25 of skollagen are taken not to be covered by an approval under 2:5.
#     - sv: Att godkännandet inte är angivet, eller att skolan även bedriver annan verksamhet, avgörs av en människa.
#       en: Where the approval is not stated, or the school runs other activities too, a human decides.
package statutes.osl_2.section_3a

# "jämställas med myndigheter": of a school of which all is known, and that runs nothing beside what is approved.
default equated(_) := false

equated(party) if {
	_may_be_equated(party)
	party.approved == "legal_person_2_5"
	_others(party) == set()
}

# Not known whether it is approved under 2:5, or to which of its activities the information belongs.
default unclear(_) := false

unclear(party) if {
	_may_be_equated(party)
	not equated(party)
}

# "enskilda juridiska personer som är godkända som huvudmän inom skolväsendet enligt 2 kap. 5 § skollagen"
default _may_be_equated(_) := false

_may_be_equated(party) if {
	"school" in party.kinds
	party.principal == "private"
	party.approved != "other"
	not _only_others(party)
	input.day >= 20270101
}

# "om handlingarna hör till den verksamhet som omfattas av godkännandet": an international school is approved under
# 24 kap. 3 a §, and what 25 kap. is about needs no approval under 2:5.
_others(party) := {form | some form in party.forms; form in {"international", "other_education"}}

_only_others(party) if {
	count(party.forms) > 0
	_others(party) == {form | some form in party.forms}
}

# The same school, as if it were.
as_equated(party) := object.union(party, {
	"approved": "legal_person_2_5",
	"forms": [form | some form in party.forms; not form in _others(party)],
})
