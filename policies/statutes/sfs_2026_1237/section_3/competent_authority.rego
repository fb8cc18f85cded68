# METADATA
# title: SFS 2026:1237, 3 § – Behörig myndighet
# description: |
#   Polismyndigheten är behörig myndighet enligt lagen (2026:1235) om avlägsnande av rekryteringsinnehåll online.
# custom:
#   ref: 2026:1237 3 §
#   statute: Förordning (2026:1237) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1237.section_3

authority(party) if party.authority == "polismyndigheten"
