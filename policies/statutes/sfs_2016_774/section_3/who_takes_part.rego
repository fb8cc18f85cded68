# METADATA
# title: SFS 2016:774, 3 § – Lag om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
# description: |
#   Endast myndigheter som regeringen bestämmer ska vara skyldiga att lämna eller ska få ta emot uppgifter enligt denna lag.
# custom:
#   ref: 2016:774 3 §
#   statute: Lag (2016:774) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
#   in_force: "2016-08-15"
#   as_of: "2026-08-08"
#   doubts: []
package statutes.sfs_2016_774.section_3

import data.statutes.sfs_2016_775.section_2
import data.statutes.sfs_2016_775.section_3

# "Endast myndigheter som regeringen bestämmer": 2016:775
gives(party) if section_2.listed(party)

receives(party) if section_2.listed(party)

receives(party) if section_3.receives_only(party)
