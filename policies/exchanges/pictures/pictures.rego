# METADATA
# title: Situation pictures and ongoing measures
# description: What is told about an area holds no personal data and no small numbers (2023:196 4 §); civil society gives and receives a picture under an agreement (2023:196 9 §).
package exchanges.pictures

import data.statutes.sfs_2023_196.section_9

kinds := {"SituationPicture", "MeasureNotice"}

closed contains "personal_data" if {
	input.kind in kinds
	not impersonal
}

impersonal if input.stated.personal_data == false

closed contains "out_of_agreement" if {
	input.kind == "SituationPicture"
	some party in [input.sender, input.recipient]
	"civil_society" in party.kinds
	count(section_9.in_force) == 0
}

# A number that few can be meant by.
least := 5

cuts contains place_of(i) if {
	input.kind == "SituationPicture"
	some i, n in input.stated.counts
	n < least
}

place_of(i) := concat("/", ["counts", format_int(i, 10), "n"])

cut_by contains "open_information" if input.kind == "SituationPicture"
