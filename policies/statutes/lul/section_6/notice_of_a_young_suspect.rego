# METADATA
# title: SFS 1964:167, 6 § – Lag med särskilda bestämmelser om unga lagöverträdare
# description: |
#   Om någon som inte har fyllt arton år är skäligen misstänkt för ett brott som kan leda till fängelse, ska socialnämnden genast underrättas. Av underrättelsen ska det framgå huruvida den misstänkte har tillfrågats om han eller hon vill delta i medling enligt lagen (2002:445) om medling med anledning av brott och hur den misstänkte ställt sig till ett deltagande.
#
#   Om den unge har gripits, anhållits eller häktats på grund av brottsmisstanken, ska socialnämnden underrättas om detta och om skälen för det samtidigt med underrättelsen om brottsmisstanken eller annars genast efter frihetsberövandet.
# custom:
#   ref: 1964:167 6 §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "1965-01-01"
#   wording_known_from: "2017-01-01"
#   amended_by: Lag (2016:930)
#   as_of: "2026-08-21"
#   doubts:
#     - en: "The day from which this wording is in force is not seen: it is taken to be that of the amending act 2016:930."
#       sv: "Från vilken dag lydelsen gäller har inte kunnat utläsas: den antas gälla från det att ändringslagen (2016:930) trädde i kraft."
#     - en: That Polismyndigheten is the one who notifies (whoever leads the investigation) is an inference from practice.
#       sv: Att det är Polismyndigheten som underrättar (den som leder utredningen) är en slutsats av hur bestämmelsen tillämpas i praktiken.
#     - en: "That the one whom 34 § names is told of under that paragraph alone is an inference. Where the offence's day is not stated, the age on it could be under fifteen: both are tried."
#       sv: "Att den som omfattas av 34 § underrättas om enligt bara den paragrafen är en slutsats. Är brottets dag inte angiven kan åldern då ha varit under femton år: båda prövas."
#   ground: lul_6
#   order: 29
#   holder: [sfs_2025_170/section_2]
#   receiver: [social_services, registry]
#   duty: true
#   reaches_unnamed: true
#   to_the_board: true
package statutes.lul.section_6

import data.facts
import data.offences
import data.statutes.lul.section_34

conditions := {"holder", "receiver", "age", "age_then", "suspect", "offence", "incomplete"}

uses := {"offence", "lul_notice"}

at_once := true

holds contains "holder" if facts.holder.authority == "polismyndigheten"

# [I] whoever leads the investigation; in practice the Police.
open contains "holder" if facts.law_enforcement(facts.holder)

# "ska socialnämnden genast underrättas": where no unit is stated the registry hands it to the board.
holds contains "receiver" if facts.social_board_desk(facts.receiver)

# "någon som inte har fyllt arton år"
holds_for[i] contains "age" if some i in facts.under(18)

unknown_for[i] contains "age" if some i in facts.perhaps_under(18)

# Not the one whom 34 § names: under fifteen on the offence's day, but for the gravest offences of a fourteen-year-old
# (1 a, 38 e §§).
holds contains "age_then" if section_34.under_fifteen == "no"

unknown contains "age_then" if section_34.under_fifteen == "unknown"

doubts if section_34.day_open

holds contains "suspect" if {
	facts.committed
	input.offence.subject_is == "suspect"
}

# "ett brott som kan leda till fängelse"
_prison := offences.both(offences.prison(input.offence), offences.punishable(input.offence))

holds contains "offence" if _prison == "reached"

unknown contains "offence" if _prison == "unknown"

unknown contains "wording_unknown" if offences.wording_unknown(input.offence)

doubts if offences.near_inferred_day(input.offence)

# "Av underrättelsen ska det framgå": what is not in it is a human's to add.
holds contains "incomplete" if {
	_mediation_told
	_deprivation_told
}

unknown contains "incomplete"

# "huruvida den misstänkte har tillfrågats om han eller hon vill delta i medling … och hur den misstänkte ställt sig"
_mediation_told if input.lul_notice.mediation_asked == false

_mediation_told if {
	input.lul_notice.mediation_asked == true
	input.lul_notice.mediation_answer in {"yes", "no", "undecided"}
}

# "Om den unge har gripits, anhållits eller häktats …, ska socialnämnden underrättas om detta och om skälen för det"
_deprivation_told if input.lul_notice.deprived_of_liberty == "none"

_deprivation_told if {
	input.lul_notice.deprived_of_liberty in {"apprehended", "arrested", "detained"}
	input.lul_notice.why
}

# What is not in it (policies/missing).
_lacking contains "lul_notice" if is_null(input.lul_notice)

_lacking contains "mediation_asked" if input.lul_notice.mediation_asked == null

_lacking contains "mediation_answer" if {
	input.lul_notice.mediation_asked == true
	input.lul_notice.mediation_answer == null
}

_lacking contains "deprived_of_liberty" if input.lul_notice.deprived_of_liberty == null

_lacking contains "why" if {
	input.lul_notice.deprived_of_liberty in {"apprehended", "arrested", "detained"}
	input.lul_notice.why == false
}

settling[i].incomplete := {{"fact": field} | some field in _lacking} if some i, _ in input.items

settling[i].age_then := {{"fact": section_34.of_age}} if some i, _ in input.items

# "skäligen misstänkt"
asks := {"suspicion": true}

reaches_all := true
