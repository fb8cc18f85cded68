# METADATA
# title: SFS 2026:1235, 15 § – Överklagande
# description: |
#   Den behöriga myndighetens beslut enligt denna lag får överklagas till allmän förvaltningsdomstol.
#
#   Prövningstillstånd krävs vid överklagande till kammarrätten.
# custom:
#   ref: 2026:1235 15 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1235.section_15

# No rule of its own: what an order must say of redress.
