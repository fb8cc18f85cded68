# METADATA
# title: SFS 2009:400, 26 kap. 9 e § – Sekretessbrytande bestämmelser
# description: |
#   Sekretessen enligt 1 § hindrar inte att Statens institutionsstyrelse lämnar uppgift som rör en enskild till Polismyndigheten, Säkerhetspolisen eller Tullverket i syfte att den mottagande myndigheten ska kunna förebygga, förhindra eller upptäcka brottslig verksamhet, om det på grund av konkreta omständigheter finns risk för att den enskilde kommer att utöva brottslig verksamhet som innefattar brott med fängelse i straffskalan.
#
#   Sekretessen hindrar inte heller att Statens institutionsstyrelse lämnar uppgift som rör misstanke om ett brott som har begåtts inom myndighetens verksamhet till Polismyndigheten, Säkerhetspolisen eller Tullverket.
#
#   En uppgift får inte lämnas enligt första eller andra stycket om det med hänsyn till planerade eller pågående insatser för den enskilde eller av andra särskilda skäl är olämpligt att uppgiften lämnas ut.
# custom:
#   ref: OSL 26:9 e
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts: []
#   ground: osl_26_9e
#   order: 24
#   holder: [statens-institutionsstyrelse]
#   receiver: [polismyndigheten, sakerhetspolisen, tullverket]
package statutes.osl_26.section_9e

import data.facts
import data.offences

conditions := {"holder", "receiver", "offence"}

uses := {"offence", "purpose", "in_own_institution"}

# First paragraph: where it happens is not asked; second: for what is not.
idle[i] contains "in_own_institution" if {
	not facts.committed
	some i, _ in input.items
}

idle[i] contains "purpose" if {
	facts.committed
	some i, _ in input.items
}

names := {"OSL 26:1"}

holds contains "holder" if facts.holder.authority == "statens-institutionsstyrelse"

holds contains "receiver" if facts.receiver.authority in {"polismyndigheten", "sakerhetspolisen", "tullverket"}

# First paragraph: to prevent, avert or detect; what is feared has prison in its scale
_feared contains i if {
	input.offence.committed == false
	some i in facts.for_purpose({"prevent", "avert", "detect"})
}

_prison := offences.both(offences.prison(input.offence), offences.punishable(input.offence))

holds_for[i] contains "offence" if {
	some i in _feared
	_prison == "reached"
}

unknown_for[i] contains "offence" if {
	some i in _feared
	_prison == "unknown"
}

unknown_for[i] contains "wording_unknown" if {
	some i in _feared
	offences.wording_unknown(input.offence)
}

# Second paragraph: "misstanke om ett brott som har begåtts inom myndighetens verksamhet"
holds contains "offence" if {
	facts.committed
	"in_own_institution" in input.circumstances
}

asks_for[i].concrete_risk if {
	not facts.committed
	some i, _ in input.items
}

asks_for[i].suspicion if {
	facts.committed
	some i, _ in input.items
}

asks_for[i].suspicion if {
	facts.asking
	some i, _ in input.items
}

doubts if offences.near_inferred_day(input.offence)

# Third paragraph
asks := {"not_unsuitable": true}
