# METADATA
# title: SFS 2026:1637, 4 kap. 3 § – Särskilda villkor
# description: |
#   När socialnämnden har beslutat om insatser till ett barn eller en ung person får nämnden också besluta att barnet eller den unge ska följa ett eller flera särskilda villkor. Ett särskilt villkor får endast avse barnets eller den unges
#   1. skolgång,
#   2. deltagande i fritidsaktivitet,
#   3. deltagande i praktik, annan kompetenshöjande verksamhet eller annan sysselsättning,
#   4. skyldighet att iaktta nykterhet och drogfrihet, eller
#   5. skyldighet att under vissa tider uppehålla sig i bostaden eller på en annan anvisad plats som kan likställas med bostad.
# custom:
#   ref: 2026:1637 4:3
#   statute: Lag (2026:1637) om insatser inom socialtjänsten när samtycke saknas
#   in_force: "2027-01-02"
#   amended_by: Lag (2026:1637)
#   as_of: "2026-08-27"
#   doubts: []
package statutes.sfs_2026_1637_4.section_3

# No rule of its own: a notice is of a condition under point 5, and of no other.
