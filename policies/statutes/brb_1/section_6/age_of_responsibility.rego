# METADATA
# title: SFS 1962:700, 1 kap. 6 § – Om brott och brottspåföljder
# description: |
#   För brott som någon har begått innan han eller hon fyllt femton år får det inte dömas till påföljd.
#
#   För brott som någon har begått när han eller hon var fjorton år får det dock dömas till påföljd om
#   1. det för brottet inte är föreskrivet lindrigare straff än fängelse i fyra år, eller
#   2. det är fråga om försök, förberedelse eller stämpling till sådant brott som avses i 1.
# custom:
#   ref: BrB 1:6
#   statute: Brottsbalk (1962:700)
#   in_force: "2026-09-10"
#   amended_by: Lag (2026:1528)
#   as_of: "2026-08-21"
#   doubts: []
package statutes.brb_1.section_6

import data.offences

# "när han eller hon var fjorton år": on the offence's day, which is taken to be the message's where none is stated.
_fourteen if input.offence.subject_age == 14

# "inte … föreskrivet lindrigare straff än fängelse i fyra år, eller … försök, förberedelse eller stämpling till sådant brott"
# The new wording holds for what is done from its first day.
judged := offences.minimum(input.offence, 48) if {
	_fourteen
	input.offence.day >= 20260910
	input.offence.day < 20310910
} else := "below"
