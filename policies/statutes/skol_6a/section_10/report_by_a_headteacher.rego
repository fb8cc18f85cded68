# METADATA
# title: SFS 2010:800, 6 a kap. 10 § – Anmälan till Polismyndigheten vid misstanke om brott
# description: |
#   Om det kan misstänkas att ett brott har begåtts av någon som är elev ska rektorn anmäla brottet till Polismyndigheten om inte övervägande skäl talar emot det. Detta gäller om brottet har begåtts i samband med verksamheten i förskoleklassen, grundskolan, anpassade grundskolan, specialskolan, sameskolan, fritidshemmet, gymnasieskolan, anpassade gymnasieskolan eller kommunal vuxenutbildning.
# custom:
#   ref: skollagen 6 a:10
#   statute: Skollag (2010:800)
#   in_force: "2025-07-01"
#   ceases: "2028-07-01"
#   amended_by: Lag (2025:625)
#   as_of: "2026-08-20"
#   coming:
#     - from: "2028-07-01"
#       amended_by: Lag (2025:730)
#       text: |
#         Om det kan misstänkas att ett brott har begåtts av någon som är elev ska rektorn anmäla brottet till Polismyndigheten om inte övervägande skäl talar emot det. Detta gäller om brottet har begåtts i samband med verksamheten i grundskolan, anpassade grundskolan, specialskolan, sameskolan, fritidshemmet, gymnasieskolan, anpassade gymnasieskolan eller kommunal vuxenutbildning.
#   doubts:
#     - en: "The wording until 2028-06-30 (2025:730, transitional points 2 and 3) is that of prop. 2024/25:160: the consolidated text shows the later one alone."
#       sv: "Lydelsen till och med den 30 juni 2028 (2025:730, övergångsbestämmelserna 2 och 3) är den i prop. 2024/25:160: den konsoliderade texten visar bara den senare."
#     - en: "A unit that beside a form that is named runs a preschool, an international school or an activity under 25 kap. is open."
#       sv: "Vad som gäller för en enhet som vid sidan av en skolform som nämns bedriver förskola, internationell skola eller verksamhet enligt 25 kap. är en öppen fråga."
#     - en: Whether the duty breaks secrecy under OSL 25:1 is open.
#       sv: Om skyldigheten bryter sekretess enligt OSL 25:1 är en öppen fråga.
#   ground: skol_6a_10
#   order: 6
#   holder: [school, municipality, region, state_authority]
#   receiver: [polismyndigheten]
#   duty: true
package statutes.skol_6a.section_10

import data.facts

conditions := {"holder", "function", "receiver", "form", "suspect", "school"}

uses := {"offence"}

holds contains "holder" if facts.school(facts.holder)

# "ska rektorn anmäla"; 11 §: "den personal som huvudmannen utser"
holds contains "function" if facts.rektor_or_designated(facts.holder)

function := facts.function_of_7

holds contains "receiver" if facts.receiver.authority == "polismyndigheten"

# The forms named; preschool is not among them, and what is outside skolväsendet (6 a kap. 2 §) is not either.
_not_named := {form | some form in facts.holder.forms; form == "preschool"} | facts.outside_skolvasendet(facts.holder)

holds contains "form" if _not_named == set()

# [I] a unit with one of those and another form: in which was it?
open contains "form" if {
	_not_named != set()
	some form in facts.holder.forms
	not form in _not_named
}

# "Om det kan misstänkas att ett brott har begåtts av någon som är elev"
holds contains "suspect" if {
	facts.committed
	input.offence.subject_is == "suspect"
}

# "i samband med verksamheten"
holds contains "school" if input.offence.connected_with_school == true

# Not stated is not none, and not yes.
unknown contains "school" if input.offence.connected_with_school == null

# "om inte övervägande skäl talar emot det", also where nothing is secret
asks := {"suspicion": true, "overriding_reasons": false}

# [I] whether the duty breaks the secrecy of school health care.
reached[i] contains provision.named if {
	item := input.items[i]
	some provision in item.secrecy
	provision.provision != "OSL 25:1"
}

unclear[i] contains provision.named if {
	item := input.items[i]
	some provision in item.secrecy
	provision.provision == "OSL 25:1"
}
