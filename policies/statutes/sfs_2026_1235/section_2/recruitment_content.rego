# METADATA
# title: SFS 2026:1235, 2 § – Rekryteringsinnehåll
# description: |
#   Lagen gäller rekryteringsinnehåll som sprids till allmänheten online.
#
#   Med rekryteringsinnehåll avses innehåll som skäligen kan antas utgöra ett led i
#   1. straffbar förberedelse eller stämpling till ett brott för vilket det är föreskrivet fängelse i två år eller mer, eller
#   2. involverande av en underårig i brottslighet enligt 16 kap. 5 a § brottsbalken.
# custom:
#   ref: 2026:1235 2 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts:
#     - en: "That two years or more means the upper end of the scale is an inference."
#       sv: "Att två år eller mer avser straffskalans övre gräns är en tolkning."
#     - en: "Closed chats are not spread to the public; where the line goes is open."
#       sv: "Slutna chattar sprids inte till allmänheten; var gränsen går är en öppen fråga."
package statutes.sfs_2026_1235.section_2

import data.offences

# The penal provision that the order names, in every degree that it has, on the day of the order.
_offence := {"provision": input.stated.provision, "degree": null, "stage": "completed", "day": input.day}

# "involverande av en underårig i brottslighet enligt 16 kap. 5 a § brottsbalken"
recruits := "reached" if _offence.provision.provision == "BrB 16:5 a"

# "straffbar förberedelse eller stämpling till ett brott för vilket det är föreskrivet fängelse i två år eller mer"
recruits := offences.whether({answer |
	some row in offences.known(_offence)
	answer := _prepared_and_grave(row)
}) if {
	_offence.provision.provision != "BrB 16:5 a"
}

_prepared_and_grave(row) := count({"preparation", "conspiracy"} & {s | some s in row.stages}) > 0 if _two_years(row)

_prepared_and_grave(row) := false if not _two_years(row)

_two_years(row) if row.max_months == null

_two_years(row) if row.max_months >= 24
