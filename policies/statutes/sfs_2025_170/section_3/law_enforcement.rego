# METADATA
# title: SFS 2025:170, 3 § – Inledande bestämmelser
# description: |
#   Med brottsbekämpande verksamhet avses i denna lag sådan verksamhet som en brottsbekämpande myndighet bedriver för att förebygga, förhindra eller upptäcka brottslig verksamhet eller för att utreda eller lagföra brott.
# custom:
#   ref: 2025:170 3 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts: []
package statutes.sfs_2025_170.section_3

import data.facts

# "förebygga, förhindra eller upptäcka brottslig verksamhet eller … utreda eller lagföra brott"
_purposes := {"prevent", "avert", "detect", "investigate", "prosecute"}

law_enforcement_purpose contains i if some i in facts.for_purpose(_purposes)
