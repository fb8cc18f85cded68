# METADATA
# title: SFS 1964:167, 38 e § – Allvarliga brott begångna av den som är fjorton år
# description: |
#   I fall som avses i 1 kap. 6 § andra stycket brottsbalken tillämpas de bestämmelser om handläggning av mål och ärenden om brott som gäller för en person som har fyllt femton år.
# custom:
#   ref: 1964:167 38 e §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "2026-09-10"
#   ceases: "2031-09-10"
#   amended_by: Lag (2026:1530)
#   as_of: "2026-09-10"
#   doubts: []
package statutes.lul.section_38e

# No rule of its own: why 6 § is tried for the one whom 1 a § takes out of 34 §.
