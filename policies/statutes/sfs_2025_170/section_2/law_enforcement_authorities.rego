# METADATA
# title: SFS 2025:170, 2 § – Inledande bestämmelser
# description: |
#   Med brottsbekämpande myndigheter avses i denna lag Ekobrottsmyndigheten, Kustbevakningen, Polismyndigheten, Skatteverket, Säkerhetspolisen, Tullverket och Åklagarmyndigheten.
# custom:
#   ref: 2025:170 2 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts: []
package statutes.sfs_2025_170.section_2

import data.facts

# "Med brottsbekämpande myndigheter avses …": the seven of the dated table.
_law_enforcement(party) if facts.listed(data.statutes.sfs_2025_170.section_2.authorities, party.authority)

receiver_is_law_enforcement if _law_enforcement(facts.receiver)
