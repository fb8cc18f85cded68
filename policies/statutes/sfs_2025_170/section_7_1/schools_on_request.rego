# METADATA
# title: SFS 2025:170, 7 § första och tredje styckena – Uppgiftsskyldighet för skolan
# description: |
#   En rektor inom skolväsendet ska lämna en uppgift som finns i den verksamhet som rektorn ansvarar för, om den begärs av en brottsbekämpande myndighet och behövs i den brottsbekämpande verksamheten. En uppgift ska inte lämnas om det finns en bestämmelse om sekretess eller tystnadsplikt som är tillämplig på uppgiften och övervägande skäl talar för att det intresse som sekretessen eller tystnadsplikten ska skydda har företräde framför intresset av att uppgiften lämnas ut.
#
#   Skyldigheten att lämna uppgifter gäller även en rektor vid en internationell skola som avses i 24 kap. skollagen (2010:800). För öppen fritidsverksamhet som avses i 25 kap. skollagen och för fritidshem som inte är integrerade med en skolenhet eller förskoleenhet gäller skyldigheten för den personal som huvudmannen utser.
# custom:
#   ref: 2025:170 7 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts:
#     - en: That school matter held outside a school unit is still 7 § matter is an inference; for a placement the reading is open.
#       sv: Att skoluppgifter som finns utanför en skolenhet ändå är uppgifter som avses i 7 § är en tolkning; för uppgift om skolplacering är frågan öppen.
#     - en: That 7 § reaches the school counsellor (OSL 23:2) but not the school nurse (OSL 25:1) is an inference from the list in 8 §.
#       sv: Att 7 § omfattar skolkuratorns uppgifter (OSL 23:2) men inte skolsköterskans (OSL 25:1) är en slutsats av uppräkningen i 8 §.
#     - en: "Of the activities under 25 kap. skollagen only öppen fritidsverksamhet is covered: where a school runs nothing else, and the unit is not leisure, which one it is is open."
#       sv: "Av verksamheterna i 25 kap. skollagen omfattas bara öppen fritidsverksamhet: om en skola inte bedriver något annat, och enheten inte är fritid, är det en öppen fråga vilken det är."
#   ground: s170_7_request
#   order: 4
#   holder: [school, municipality, region, state_authority]
#   receiver: [sfs_2025_170/section_2]
#   duty: true
package statutes.sfs_2025_170.section_7_1

import data.facts
import data.statutes.sfs_2025_170.section_2
import data.statutes.sfs_2025_170.section_3
import data.statutes.sfs_2025_170.section_8

conditions := {"holder", "function", "s170_2", "s170_3", "request", "s170_8"}

# "en uppgift som finns i den verksamhet som rektorn ansvarar för"
holds contains "holder" if facts.school(facts.holder)

# [I] school matter held outside a school unit is still the rektor's to give; a placement may not be.
holds_for[i] contains "holder" if {
	facts.municipality_or_region(facts.holder)
	some i in (facts.school_matter_elsewhere - facts.of_category({"school_placement"}))
}

open_for[i] contains "holder" if {
	facts.municipality_or_region(facts.holder)
	some i in facts.school_matter_elsewhere
}

doubts_for contains i if some i in facts.school_matter_elsewhere

# [I] "rektor inom skolväsendet", "öppen fritidsverksamhet": which of the activities of 25 kap. skollagen it is, nobody has said.
open contains "activity" if not facts.covered_by_7(facts.holder)

# "en rektor"; for leisure centres "den personal som huvudmannen utser"
holds contains "function" if facts.rektor_or_designated(facts.holder)

function := facts.function_of_7

holds contains "s170_2" if section_2.receiver_is_law_enforcement

holds_for[i] contains "s170_3" if some i in section_3.law_enforcement_purpose

holds_for[i] contains "s170_8" if some i in section_8.not_exempt

# "om den begärs av en brottsbekämpande myndighet"
holds_for[i] contains "request" if some i in facts.on_request

# "övervägande skäl talar för att det intresse som sekretessen eller tystnadsplikten ska skydda har företräde"
asks_for[i].overriding_reasons := false if some i in facts.under_secrecy

reaches_all := true
