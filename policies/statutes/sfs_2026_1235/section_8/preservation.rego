# METADATA
# title: SFS 2026:1235, 8 § – Bevarande i sex månader
# description: |
#   En värdtjänstleverantör ska bevara det rekryteringsinnehåll, och tillhörande data, som har avlägsnats eller gjorts oåtkomligt online till följd av ett föreläggande.
#
#   Rekryteringsinnehållet och tillhörande data ska bevaras i sex månader från det att innehållet avlägsnats eller gjorts oåtkomligt. Om föreläggandet har överklagats ska materialet alltid bevaras till dess att ärendet har avgjorts genom ett beslut som har fått laga kraft.
# custom:
#   ref: 2026:1235 8 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1235.section_8

# No rule of its own: the six months stand in `data.clocks`.
