# METADATA
# title: SFS 1964:167, 34 § – Underrättelse till socialnämnden
# description: |
#   Socialnämnden ska omedelbart underrättas
#   1. när någon kan misstänkas för att före femton års ålder ha begått ett brott på vilket fängelse kan följa, och
#   2. när en utredning enligt 31 § har inletts.
#
#   Vid förhör med den unge i en utredning enligt 31 § första eller andra stycket ska en företrädare för socialtjänsten närvara om det inte finns synnerliga skäl mot det. Om det är fråga om en utredning enligt 31 § tredje stycket ska en sådan företrädare närvara vid förhör med den unge om det inte finns särskilda skäl mot det.
#
#   I fall som avses i 31 § andra stycket får ingen annan åtgärd än förhör med den unge vidtas innan socialnämnden har begärt att en utredning ska inledas. Om det finns särskilda skäl får dock även andra åtgärder vidtas.
#
#   Om brottsmisstanken kvarstår efter förhöret med den unge och efter andra vidtagna åtgärder, ska protokoll över förhöret och åtgärderna omgående sändas till socialnämnden.
# custom:
#   ref: 1964:167 34 §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "1965-01-01"
#   wording_known_from: "2023-07-01"
#   amended_by: Lag (2023:312)
#   as_of: "2026-08-22"
#   doubts:
#     - en: "The day from which this wording is in force is not seen: it is taken to be 2023-07-01, when other acts of the same reform (2023:312) took effect."
#       sv: "Från vilken dag lydelsen gäller har inte kunnat utläsas: den antas gälla från den 1 juli 2023, som reformen i övrigt (2023:312)."
#     - en: "That the notice of a child under fifteen rests on this paragraph and not on 6 § is an inference from its threshold and from 1 a §."
#       sv: "Att underrättelsen om ett barn under femton år grundas på denna paragraf och inte på 6 § är en slutsats av dess lägre krav på misstanke och av 1 a §."
#     - en: "Who notifies does not stand in the text: Polismyndigheten or Åklagarmyndigheten, as whoever leads the inquiry."
#       sv: "Vem som underrättar står inte i texten: Polismyndigheten eller Åklagarmyndigheten, som den som leder utredningen."
#   ground: lul_34
#   order: 36
#   holder: [polismyndigheten, aklagarmyndigheten]
#   receiver: [social_services, registry]
#   duty: true
#   reaches_unnamed: true
#   to_the_board: true
package statutes.lul.section_34

import data.facts
import data.offences
import data.statutes.lul.section_1a
import data.statutes.lul.section_31

conditions := {"holder", "receiver", "person", "age_then", "suspect", "offence"}

uses := {"offence", "inquiry_31_opened"}

at_once := true

# [I] whoever leads the investigation or the inquiry
holds contains "holder" if facts.holder.authority in {"polismyndigheten", "aklagarmyndigheten"}

# "Socialnämnden ska … underrättas": where no unit is stated the registry hands it to the board.
holds contains "receiver" if facts.social_board_desk(facts.receiver)

# --- "före femton års ålder": on the offence's day

# The age that is known: on the stated day, else today's, which it was at most.
_age := input.offence.subject_age

_age := input.persons[input.subject].age if is_null(input.offence)

# Whether the paragraph is the one for this age, as far as the day stated tells.
under_fifteen := "unknown" if {
	_age == null
} else := "yes" if {
	_age < 14
} else := "yes" if {
	_age == 14
	section_1a.set_aside == "below"
} else := "unknown" if {
	section_1a.set_aside == "unknown"
} else := "no"

# The day is not stated, and is taken to be the message's: the offence may have been committed at a younger age.
day_open if {
	not _dated
	under_fifteen == "no"
	_age < 18
}

_dated if {
	input.offence != null
	input.offence_dated
}

holds contains "age_then" if under_fifteen == "yes"

unknown contains "age_then" if under_fifteen == "unknown"

unknown contains "age_then" if day_open

# What would settle it (policies/missing): the degree, where its scales fall on both sides of four years; which offence
# it is; the day; the age.
of_age := "degree" if {
	section_1a.set_aside == "unknown"
	input.offence.degree == null
	count({row.degree | some row in offences.known(input.offence)}) > 1
} else := "offence" if {
	_unstated
	_age < 15
} else := "offence_date" if {
	input.offence != null
	day_open
} else := "age" if {
	not _unstated
	section_1a.set_aside != "unknown"
}

settling[i].age_then := {{"fact": of_age}} if some i, _ in input.items

# --- "någon kan misstänkas för att … ha begått ett brott"

holds contains "suspect" if {
	facts.committed
	input.offence.subject_is == "suspect"
}

holds contains "suspect" if {
	is_null(input.offence)
	section_31.opened
}

unknown contains "suspect" if _unstated

# "på vilket fängelse kan följa"
_prison := offences.both(offences.prison(input.offence), offences.punishable(input.offence))

holds contains "offence" if _prison == "reached"

# "när en utredning enligt 31 § har inletts"
holds contains "offence" if section_31.opened

unknown contains "offence" if _prison == "unknown"

unknown contains "offence" if _unstated

unknown contains "wording_unknown" if {
	not section_31.opened
	offences.wording_unknown(input.offence)
}

# Claimed, and of the offence nothing is said. With nothing claimed it means that no offence is in it.
_unstated if {
	is_null(input.offence)
	"lul_34" in input.basis
	not section_31.opened
}

# --- the one who is notified of, and [I] not others

holds_for[i] contains "person" if some i in facts.about_subject

open_for[i] contains "person" if some i in facts.beside_subject

doubts if offences.near_inferred_day(input.offence)

# "kan misstänkas": less than 6 § asks for. That an inquiry has begun is a fact, and nothing is asked.
asks_for[i].suspicion if {
	not section_31.opened
	some i, _ in input.items
}

reaches_all := true
