# METADATA
# title: Situation pictures and ongoing measures
# description: What is told about an area holds no personal data and no small numbers (2023:196 4 §); without persons it is open information, which needs no agreement.
package exchanges.pictures

kinds := {"SituationPicture", "MeasureNotice"}

closed contains "personal_data" if {
	input.kind in kinds
	not impersonal
}

impersonal if input.stated.personal_data == false

# A number that few can be meant by.
least := 5

small contains i if {
	input.kind == "SituationPicture"
	some i, n in input.stated.counts
	n < least
}

# Shown numbers tell a small one where one of them is the sum of it and others: which belong together is not known here.
telling contains [total, parts] if {
	perhaps_told
	counts := input.stated.counts
	count(counts) <= most
	some mask in numbers.range(1, bits.lsh(1, count(counts)) - 1)
	parts := {i | some i, _ in counts; bits.and(mask, bits.lsh(1, i)) != 0}
	count(parts & small) > 0
	some total, n in counts
	not total in (parts | small)
	n == sum([counts[i] | some i in parts])
}

# No number is a sum that a small one is part of, where none is as large as the least of the others and a small one.
shown := [n | some n in input.stated.counts; n >= least]

perhaps_told if max(shown) >= min(shown) + min([input.stated.counts[i] | some i in small])

perhaps_told if min(shown) <= sum([input.stated.counts[i] | some i in small])

# Then a second one is left out: the least of the others, or where all of them are small the sum itself.
seconds contains min([i | some i in (parts - small); input.stated.counts[i] == lowest]) if {
	some [_, parts] in telling
	lowest := min([input.stated.counts[i] | some i in (parts - small)])
}

seconds contains total if {
	some [total, parts] in telling
	count(parts - small) == 0
}

cuts contains place_of(i) if some i in (small | seconds)

# Of more numbers than this it can't be seen whether they tell a small one: a human looks.
most := 10

open contains "open_information" if {
	input.kind == "SituationPicture"
	not surveyed
}

surveyed if count(input.stated.counts) <= most

surveyed if {
	is_array(input.stated.counts)
	not perhaps_told
}

place_of(i) := concat("/", ["counts", format_int(i, 10), "n"])

cut_by contains "open_information" if input.kind == "SituationPicture"
