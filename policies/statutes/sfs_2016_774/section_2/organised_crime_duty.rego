# METADATA
# title: SFS 2016:774, 2 § – Lag om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
# description: |
#   Inom ramen för samverkan enligt denna lag ska en myndighet trots sekretess lämna uppgift till en annan myndighet om det behövs för den mottagande myndighetens deltagande i samverkan.
#
#   En uppgift ska inte lämnas om övervägande skäl talar för att det intresse som sekretessen ska skydda har företräde framför intresset av att uppgiften lämnas ut.
# custom:
#   ref: 2016:774 2 §
#   statute: Lag (2016:774) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
#   in_force: "2016-08-15"
#   as_of: "2026-08-08"
#   doubts:
#     - en: "Ekobrottsmyndigheten takes part only in police work: open."
#       sv: "Ekobrottsmyndigheten deltar endast när den bedriver polisiär verksamhet: om så är fallet är en öppen fråga."
#     - en: Earlier lists of 2016:775 than that of 2025:334 were not seen.
#       sv: Äldre lydelser av förteckningen i förordningen (2016:775) än den enligt förordning (2025:334) har inte granskats.
#     - en: That a message belongs to a specially decided cooperation is inferred from its programme or from the ground claimed.
#       sv: Att ett meddelande hör till en särskilt beslutad samverkan är en slutsats av det program som anges eller det lagrum som åberopas.
#   ground: s2016_774
#   order: 7
#   duty: true
#   only_when_claimed: true
package statutes.sfs_2016_774.section_2

import data.facts
import data.statutes.sfs_2016_774.section_3
import data.statutes.sfs_2016_775.section_2 as list

conditions := {"holder", "receiver", "purpose"}

uses := {"purpose"}

_economic_crime := "ekobrottsmyndigheten"

holds contains "holder" if {
	section_3.gives(facts.holder)
	facts.holder.authority != _economic_crime
}

holds contains "receiver" if {
	section_3.receives(facts.receiver)
	facts.receiver.authority != _economic_crime
}

# [I] "Ekobrottsmyndigheten när den bedriver polisiär verksamhet"
open contains "holder" if facts.holder.authority == _economic_crime

open contains "receiver" if facts.receiver.authority == _economic_crime

# 1 §: "för att förebygga, förhindra eller upptäcka brottslig verksamhet"
holds_for[i] contains "purpose" if some i in facts.for_purpose({"prevent", "avert", "detect"})

doubts if list.earlier_list

asks_for[i].need if some i in facts.on_own_initiative

# "övervägande skäl talar för att det intresse som sekretessen ska skydda har företräde"
asks_for[i].overriding_reasons := false if some i in facts.under_secrecy

reaches_all := true
