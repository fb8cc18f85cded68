# METADATA
# title: SFS 2025:170, 1 § – Inledande bestämmelser
# description: |
#   Denna lag innehåller bestämmelser om skyldigheter för statliga myndigheter, kommuner, regioner och vissa andra att lämna uppgifter till de brottsbekämpande myndigheterna i deras brottsbekämpande verksamhet.
# custom:
#   ref: 2025:170 1 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts: []
package statutes.sfs_2025_170.section_1

# The scope needs no rule of its own: each duty below names who must give and who may receive.
