# METADATA
# title: SFS 2009:400, 10 kap. 18 c § – Förebyggande, förhindrande och upptäckande av brottslig verksamhet
# description: |
#   Sekretessen enligt 25 kap. 1 § och 26 kap. 1 § hindrar inte att en uppgift som rör en enskild eller en närstående till den enskilde lämnas till Polismyndigheten, om
#   1. det på grund av konkreta omständigheter finns risk för att den enskilde mot den närstående kommer att begå ett sådant brott som avses i 3, 4 eller 6 kap. brottsbalken för vilket det lägsta straffet enligt straffskalan för brottet är fängelse i ett år eller mer, och
#   2. det med hänsyn till planerade eller pågående insatser för den enskilde eller för den närstående, eller av andra särskilda skäl inte är olämpligt att uppgiften lämnas ut.
#
#   En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges i denna lag.
# custom:
#   ref: OSL 10:18 c
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts: []
#   ground: osl_18c
#   order: 10
#   holder: [facts.social_services, facts.health_care]
#   receiver: [polismyndigheten]
package statutes.osl_10.section_18c

import data.facts
import data.offences

conditions := {"holder", "receiver", "close_relation", "offence", "not_committed"}

uses := {"offence"}

names := {"OSL 25:1", "OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "holder" if facts.health_care(facts.holder)

holds contains "receiver" if facts.receiver.authority == "polismyndigheten"

# "en enskild eller en närstående till den enskilde"; "den enskilde mot den närstående"
holds contains "close_relation" if {
	input.offence.close_relation == true
	input.offence.subject_is in {"suspect", "victim"}
}

# Not stated is not none, and not yes.
unknown contains "close_relation" if {
	input.offence.close_relation == null
	input.offence.subject_is in {"suspect", "victim"}
}

# "sådant brott som avses i 3, 4 eller 6 kap. brottsbalken för vilket det lägsta straffet … är fängelse i ett år eller mer"
_feared if {
	offences.in_chapters(input.offence, {3, 4, 6})
	input.offence.stage == "completed"
}

holds contains "offence" if {
	_feared
	offences.minimum(input.offence, 12) == "reached"
}

unknown contains "offence" if {
	_feared
	offences.minimum(input.offence, 12) == "unknown"
}

unknown contains "wording_unknown" if {
	_feared
	offences.wording_unknown(input.offence)
}

# "En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges"
holds contains "not_committed" if not facts.committed

doubts if offences.near_inferred_day(input.offence)

asks := {"concrete_risk": true, "not_unsuitable": true}
