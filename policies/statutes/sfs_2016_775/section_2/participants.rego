# METADATA
# title: SFS 2016:775, 2 § – Förordning om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
# description: |
#   Myndigheter som är skyldiga att lämna uppgifter enligt lagen (2016:774) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet är Arbetsförmedlingen, Arbetsmiljöverket, Bolagsverket, Centrala studiestödsnämnden, Ekobrottsmyndigheten när den bedriver polisiär verksamhet, Finansinspektionen, Fondtorgsnämnden, Försäkringskassan, Inspektionen för strategiska produkter, Inspektionen för vård och omsorg, Kommerskollegium, Kriminalvården, Kronofogdemyndigheten, Kustbevakningen, Migrationsverket, Pensionsmyndigheten, Polismyndigheten, Skatteverket, Säkerhetspolisen, Tillväxtverket, Trafikverket, Transportstyrelsen, Tullverket och Utbetalningsmyndigheten.
# custom:
#   ref: 2016:775 2 §
#   statute: Förordning (2016:775) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
#   in_force: "2016-08-15"
#   amended_by: Förordning (2025:334)
#   as_of: "2025-05-12"
#   doubts:
#     - en: Whether Ekobrottsmyndigheten acts in its police work cannot be seen in a message.
#       sv: Om Ekobrottsmyndigheten bedriver polisiär verksamhet framgår inte av ett meddelande.
package statutes.sfs_2016_775.section_2

import data.facts

listed(party) if facts.listed(data.statutes.sfs_2016_775.section_2.authorities, party.authority)

# [I] the list is read in the wording of 2025:334, in force from 2025-07-01; earlier wordings were not seen.
earlier_list if input.day < 20250701
