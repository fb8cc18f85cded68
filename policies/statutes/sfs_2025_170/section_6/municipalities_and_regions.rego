# METADATA
# title: SFS 2025:170, 6 § – Uppgiftsskyldighet för kommuner och regioner
# description: |
#   En kommun eller en region ska lämna en uppgift till en brottsbekämpande myndighet, om uppgiften behövs i den brottsbekämpande verksamheten.
#
#   En uppgift ska inte lämnas om det finns en sekretessbestämmelse som är tillämplig på uppgiften och det står klart att det intresse som sekretessen ska skydda har företräde framför intresset av att uppgiften lämnas ut.
#
#   Paragrafen gäller inte för uppgifter som avses i 7 §.
# custom:
#   ref: 2025:170 6 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts:
#     - en: That school matter held outside a school unit is still 7 § matter is an inference; for a placement the reading is open.
#       sv: Att skoluppgifter som finns utanför en skolenhet ändå är uppgifter som avses i 7 § är en tolkning; för uppgift om skolplacering är frågan öppen.
#     - en: Whether a municipal company is bound here is open.
#       sv: Om ett kommunalt bolag omfattas av skyldigheten är en öppen fråga.
#   ground: s170_6
#   order: 3
#   holder: [municipality, region, municipal_company]
#   receiver: [sfs_2025_170/section_2]
#   duty: true
package statutes.sfs_2025_170.section_6

import data.facts
import data.statutes.sfs_2025_170.section_2
import data.statutes.sfs_2025_170.section_3
import data.statutes.sfs_2025_170.section_8

conditions := {"holder", "matter", "s170_2", "s170_3", "s170_8"}

uses := {"purpose"}

# "En kommun eller en region"
holds contains "holder" if facts.municipality_or_region(facts.holder)

# [I] whether a municipal company is a "kommun" here.
open contains "holder" if facts.municipal_company(facts.holder)

# "Paragrafen gäller inte för uppgifter som avses i 7 §."
holds_for[i] contains "matter" if {
	not facts.school(facts.holder)
	some i, _ in input.items
	not i in facts.school_matter_elsewhere
}

# [I] where a pupil is placed is known outside the school too.
open_for[i] contains "matter" if some i in (facts.school_matter_elsewhere & facts.of_category({"school_placement"}))

# [I] other school matter held outside a school unit is still what 7 § is about.
doubts_for contains i if some i in facts.school_matter_elsewhere

holds contains "s170_2" if section_2.receiver_is_law_enforcement

holds_for[i] contains "s170_3" if some i in section_3.law_enforcement_purpose

holds_for[i] contains "s170_8" if some i in section_8.not_exempt

# "behövs i den brottsbekämpande verksamheten": on request the asker has stated it.
asks_for[i].need if some i in facts.on_own_initiative

# "det står klart att det intresse som sekretessen ska skydda har företräde"
asks_for[i].secrecy_clearly_prevails := false if some i in facts.under_secrecy

reaches_all := true
