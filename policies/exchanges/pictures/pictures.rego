# METADATA
# title: Situation pictures and ongoing measures
# description: What is told about an area holds no personal data and no small numbers (2023:196 4 §); without persons it is open information, which needs no agreement.
package exchanges.pictures

_kinds := {"SituationPicture", "MeasureNotice"}

closed contains "personal_data" if {
	input.kind in _kinds
	not _impersonal
}

_impersonal if input.stated.personal_data == false

# A number that few can be meant by.
_least := 5

_small contains i if {
	input.kind == "SituationPicture"
	some i, n in input.stated.counts
	n < _least
}

# Shown numbers tell a small one where one of them is the sum of it and others: which belong together is not known here.
_telling contains [total, parts] if {
	_perhaps_told
	counts := input.stated.counts
	count(counts) <= _most
	some mask in numbers.range(1, bits.lsh(1, count(counts)) - 1)
	parts := {i | some i, _ in counts; bits.and(mask, bits.lsh(1, i)) != 0}
	count(parts & _small) > 0
	some total, n in counts
	not total in (parts | _small)
	n == sum([counts[i] | some i in parts])
}

# No number is a sum that a small one is part of, where none is as large as the least of the others and a small one.
_shown := [n | some n in input.stated.counts; n >= _least]

_perhaps_told if max(_shown) >= min(_shown) + min([input.stated.counts[i] | some i in _small])

_perhaps_told if min(_shown) <= sum([input.stated.counts[i] | some i in _small])

# Then a second one is left out: the least of the others, or where all of them are small the sum itself.
_seconds contains min([i | some i in (parts - _small); input.stated.counts[i] == lowest]) if {
	some [_, parts] in _telling
	lowest := min([input.stated.counts[i] | some i in (parts - _small)])
}

_seconds contains total if {
	some [total, parts] in _telling
	count(parts - _small) == 0
}

cuts contains _place_of(i) if some i in (_small | _seconds)

# Of more numbers than this it can't be seen whether they tell a small one: a human looks.
_most := 10

open contains "open_information" if {
	input.kind == "SituationPicture"
	not _surveyed
}

_surveyed if count(input.stated.counts) <= _most

_surveyed if {
	is_array(input.stated.counts)
	not _perhaps_told
}

_place_of(i) := concat("/", ["counts", format_int(i, 10), "n"])

cut_by contains "open_information" if input.kind == "SituationPicture"
