# METADATA
# title: SFS 2026:1235, 3 § – Anknytning till Sverige
# description: |
#   Lagen gäller endast rekryteringsinnehåll som
#   1. riktar sig till svenska medborgare eller personer som har hemvist i Sverige,
#   2. görs tillgängligt av någon som befinner sig i Sverige, eller
#   3. avser brott som ska begås i Sverige eller mot en svensk medborgare eller någon som har hemvist i Sverige.
# custom:
#   ref: 2026:1235 3 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1235.section_3

# The sender states that one of the three links is there.
linked if input.stated.link_to_sweden == true
