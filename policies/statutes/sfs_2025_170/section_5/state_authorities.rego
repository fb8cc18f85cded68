# METADATA
# title: SFS 2025:170, 5 § – Uppgiftsskyldighet för vissa statliga myndigheter
# description: |
#   En statlig myndighet som anges i tredje stycket ska lämna en uppgift till en brottsbekämpande myndighet, om uppgiften behövs i den brottsbekämpande verksamheten.
#
#   En uppgift ska inte lämnas om det finns en sekretessbestämmelse som är tillämplig på uppgiften och det står klart att det intresse som sekretessen ska skydda har företräde framför intresset av att uppgiften lämnas ut.
#
#   De myndigheter som omfattas av uppgiftsskyldigheten enligt första stycket är
#   - Arbetsförmedlingen,
#   - Arbetsmiljöverket,
#   - Bolagsverket,
#   - Centrala studiestödsnämnden,
#   - Finansinspektionen,
#   - Fondtorgsnämnden,
#   - Försäkringskassan,
#   - Inspektionen för vård och omsorg,
#   - Kriminalvården,
#   - Kronofogdemyndigheten,
#   - Lantmäteriet,
#   - länsstyrelserna,
#   - Migrationsverket,
#   - Naturvårdsverket,
#   - Pensionsmyndigheten,
#   - Skatteverket,
#   - Statens skolinspektion,
#   - Tillväxtverket,
#   - Transportstyrelsen,
#   - Utbetalningsmyndigheten, och
#   - utlandsmyndigheterna.
# custom:
#   ref: 2025:170 5 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts: []
#   ground: s170_5
#   order: 2
#   holder: [sfs_2025_170/section_5]
#   receiver: [sfs_2025_170/section_2]
#   duty: true
package statutes.sfs_2025_170.section_5

import data.facts
import data.statutes.sfs_2025_170.section_2
import data.statutes.sfs_2025_170.section_3
import data.statutes.sfs_2025_170.section_8

conditions := {"holder", "s170_2", "s170_3", "s170_8"}

uses := {"purpose"}

# "En statlig myndighet som anges i tredje stycket"
holds contains "holder" if facts.listed(data.statutes.sfs_2025_170.section_5.authorities, facts.holder.authority)

holds contains "s170_2" if section_2.receiver_is_law_enforcement

holds_for[i] contains "s170_3" if some i in section_3.law_enforcement_purpose

holds_for[i] contains "s170_8" if some i in section_8.not_exempt

# "behövs i den brottsbekämpande verksamheten": on request the asker has stated it.
asks_for[i].need if some i in facts.on_own_initiative

# "det står klart att det intresse som sekretessen ska skydda har företräde"
asks_for[i].secrecy_clearly_prevails := false if some i in facts.under_secrecy

reaches_all := true
